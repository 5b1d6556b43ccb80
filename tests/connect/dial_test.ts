import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { parseAddress } from "../../src/connect/address.ts";
import { closeSocket, dial, type DialOptions } from "../../src/connect/dial.ts";
import { ConnectionError, type ConnectionErrorCode } from "../../src/errors.ts";
import { deadAddress, listen } from "../support/listener.ts";
import { tempFolder } from "../support/temp_folder.ts";

async function refuses(
  text: string,
  code: ConnectionErrorCode,
  hint: RegExp,
  options: DialOptions = {},
  tls = false,
): Promise<void> {
  const endpoint = { address: parseAddress(text), ...(tls && { tls: {} }) };
  await assert.rejects(dial(endpoint, options), (error) => {
    assert(error instanceof ConnectionError, String(error));
    assert.equal(error.code, code);
    assert.equal(error.address, text);
    assert(error.message.startsWith(`Cannot connect to ${text}: `), error.message);
    assert.match(error.message, hint);
    return true;
  });
}

Deno.test("dial() connects to TCP and unix sockets", async () => {
  await using listener = await listen((socket) => socket.write("hello"));
  const socket = await dial({ address: parseAddress(listener.address) });
  const hello = await new Promise((resolve) => socket.once("data", resolve));
  assert.equal(String(hello), "hello");
  await closeSocket(socket);

  await using folder = tempFolder();
  const path = join(folder.path, "daemon.sock");
  const server = net.createServer((socket) => socket.end("unix"));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const local = await dial({ address: parseAddress(`unix://${path}`) });
  const greeting = await new Promise((resolve) => local.once("data", resolve));
  assert.equal(String(greeting), "unix");
  await closeSocket(local);
  await new Promise((resolve) => server.close(resolve));
});

Deno.test("dial() explains a port where nothing listens", async () => {
  const address = await deadAddress();
  await refuses(address, "CONNECTION_REFUSED", /nothing listens there.*BUILDKIT_HOST/);
  await refuses(address, "CONNECTION_REFUSED", /nothing listens there/, {}, true);
  const name = address.replace("127.0.0.1", "localhost");
  await refuses(name, "CONNECTION_REFUSED", /nothing listens there.*[^(]\)?$/);
});

Deno.test("dial() explains a host that is not known", async () => {
  await refuses("tcp://no-such-host.invalid:1", "HOST_NOT_FOUND", /host name is not known/);
});

Deno.test("dial() explains sockets that are missing, dead, or no sockets", async () => {
  await using folder = tempFolder();
  const path = join(folder.path, "daemon.sock");
  await refuses(`unix://${path}`, "SOCKET_NOT_FOUND", /no such socket.*buildkitd/);
  writeFileSync(path, "");
  chmodSync(path, 0o600);
  await refuses(`unix://${path}`, "CONNECTION_REFUSED", /nothing listens/);
});

Deno.test("dial() gives up in time on a peer that never finishes the TLS handshake", async () => {
  await using listener = await listen();
  await refuses(listener.address, "CONNECT_TIMEOUT", /no answer in time/, { timeoutMs: 50 }, true);
});

Deno.test("dial() gives up in time where no packet comes back", async () => {
  // A documentation address (RFC 5737): it is dropped, or said to be unreachable at once.
  const started = Date.now();
  const endpoint = { address: parseAddress("tcp://192.0.2.1:1234") };
  await assert.rejects(dial(endpoint, { timeoutMs: 50 }), (error) => {
    assert(error instanceof ConnectionError);
    return ["CONNECT_TIMEOUT", "UNREACHABLE", "CONNECTION_REFUSED"].includes(error.code);
  });
  assert(Date.now() - started < 3_000);
});

for (const reason of [new Error("stop"), "a reason that is no error", undefined]) {
  Deno.test(`dial() rejects with the signal's reason: ${reason}`, async () => {
    const over = AbortSignal.abort(reason);
    const expected = (error: unknown) => error === over.reason;
    await using listener = await listen();
    const endpoint = { address: parseAddress(listener.address), tls: {} };
    await assert.rejects(dial(endpoint, { signal: over }), expected);
    assert.equal(listener.count, 0);

    const controller = new AbortController();
    const dialing = dial(endpoint, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    await assert.rejects(dialing, (error) => error === controller.signal.reason);
  });
}

Deno.test("dial() leaves no listener on the signal", async () => {
  await using listener = await listen();
  const signal = new AbortController().signal;
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners--;
    removeEventListener.apply(signal, args);
  };
  await closeSocket(await dial({ address: parseAddress(listener.address) }, { signal }));
  assert.equal(listeners, 0);
});
