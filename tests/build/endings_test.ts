/** Endings that come from the other side of what the caller gave: servers that are silent, streams that fail, logins. */
import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { daemonTest } from "../support/env.ts";
import { REGISTRY_LOGIN, startRegistry } from "../support/registry.ts";
import { COPY_ALL } from "./support.ts";

const REASON = new Error("my reason");

Deno.test("build() aborted while nothing answers rejects with the reason", async () => {
  const sockets: Socket[] = [];
  const controller = new AbortController();
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    // In the middle of whatever is said first.
    socket.once("data", () => controller.abort(REASON));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const building = build({ address, dockerfile: "FROM scratch\n", signal: controller.signal });
  await assert.rejects(building, (error) => error === REASON);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const CONTEXT = { a: "x".repeat(1 << 20) };

daemonTest("build() fails with the error of the stream that it writes to", async ({ address }) => {
  const failure = new Error("disk full");
  const dest = new WritableStream<Uint8Array>({ write: () => Promise.reject(failure) });
  const building = build({
    address,
    context: CONTEXT,
    dockerfile: COPY_ALL,
    output: { type: "tar", dest },
  });
  await assert.rejects(building, /disk full/);
});

daemonTest("build() waits for a slow stream", async ({ address }) => {
  let bytes = 0;
  const dest = new WritableStream<Uint8Array>({
    async write(chunk) {
      await new Promise((resolve) => setImmediate(resolve));
      bytes += chunk.length;
    },
  });
  const output = { type: "tar", dest } as const;
  const result = await build({ address, context: CONTEXT, dockerfile: COPY_ALL, output });
  assert.equal(result.outputs[0]?.bytes, bytes);
  assert(bytes > 1 << 20);
});

daemonTest("build() aborted while it writes aborts the stream", async ({ address }) => {
  const controller = new AbortController();
  let aborted: unknown;
  const dest = new WritableStream<Uint8Array>({
    write: () => controller.abort(REASON),
    abort: (reason) => void (aborted = reason),
  });
  const building = build({
    address,
    context: CONTEXT,
    dockerfile: COPY_ALL,
    output: { type: "tar", dest },
    signal: controller.signal,
  });
  await assert.rejects(building, (error) => error === REASON);
  assert.equal(aborted, REASON);
});

for (const [name, auth] of [["no", undefined], ["a wrong", "wrong"]] as const) {
  daemonTest(`build() with ${name} login names the registry`, async ({ address, tools }) => {
    await using registry = await startRegistry({ tools, auth: true });
    const login = { username: REGISTRY_LOGIN.username, password: "wrong" };
    const building = build({
      address,
      dockerfile: "FROM scratch\nCOPY <<END /x\nEND\n",
      tags: [`${registry.host}/app:1`],
      output: { type: "image", push: true, insecure: true },
      auth: auth === undefined ? {} : { [registry.host]: login },
    });
    await assert.rejects(building, (error: unknown) => {
      assert(error instanceof BuildError, String(error));
      assert(error.message.includes(registry.host), error.message);
      assert.match(error.message, /401 Unauthorized|no basic auth credentials/);
      return true;
    });
  });
}
