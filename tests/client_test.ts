import assert from "node:assert/strict";
import http2 from "node:http2";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { connect } from "../src/client.ts";
import { ConnectionError, type ConnectionErrorCode } from "../src/errors.ts";
import { Control } from "../src/gen/control.ts";
import { RpcError } from "../src/rpc/status.ts";
import { startBuildkitd } from "./support/buildkitd.ts";
import { makeCertificates } from "./support/certificates.ts";
import { daemonTest } from "./support/env.ts";
import { answering, startGrpcServer } from "./support/grpc_server.ts";
import { deadAddress, listen } from "./support/listener.ts";
import { startProxy } from "./support/proxy.ts";
import { tempFolder } from "./support/temp_folder.ts";

const WORKER = {
  record: [{
    id: "w1",
    labels: new Map([["a", "b"]]),
    platforms: [{ architecture: "arm", os: "linux", variant: "v7", osVersion: "", osFeatures: [] }],
    gcPolicy: [],
    cdiDevices: [],
  }],
};

const fails = (code: ConnectionErrorCode, address: string) => (error: unknown) => {
  assert(error instanceof ConnectionError, String(error));
  assert.equal(error.code, code, error.message);
  assert.equal(error.address, address);
  assert(error.message.includes(address), error.message);
  return true;
};

daemonTest("ping() of a real daemon, by socket and by TCP", async ({ address, tcpAddress }) => {
  for (const where of [address, tcpAddress]) {
    await using client = connect(where);
    assert.equal(client.address, where);
    const info = await client.ping();
    assert.match(info.version, /^v\d+\.\d+\.\d+/);
    assert.equal(info.package, "github.com/moby/buildkit");
    assert.match(info.workers[0]!.platforms[0]!, /^linux\//);
    assert.equal(
      typeof info.workers[0]!.labels["org.mobyproject.buildkit.worker.executor"],
      "string",
    );
  }
});

Deno.test("ping() of a daemon that has no Info", async () => {
  await using server = await startGrpcServer(answering(Control.listWorkers, () => WORKER));
  await using client = connect(server.address);
  assert.deepEqual(await client.ping(), {
    version: "",
    package: "",
    revision: "",
    workers: [{ id: "w1", labels: { a: "b" }, platforms: ["linux/arm/v7"] }],
  });
});

Deno.test("ping() of a gRPC server that is not BuildKit", async () => {
  await using server = await startGrpcServer({});
  await using client = connect(server.address);
  await assert.rejects(client.ping(), fails("NOT_BUILDKIT", server.address));
});

for (const status of [200, 404]) {
  Deno.test(`ping() of a web server that answers ${status} by HTTP/2`, async () => {
    const server = http2.createServer((_, response) => {
      response.writeHead(status, { "content-type": "text/html" });
      response.end("<html>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = connect(address);
    await assert.rejects(client.ping(), fails("NOT_BUILDKIT", address));
    await assert.rejects(client.waitForReady(), fails("NOT_BUILDKIT", address));
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  });
}

Deno.test("ping() where nothing listens leaves nothing behind", async () => {
  const address = await deadAddress();
  await using client = connect(address);
  for (let i = 0; i < 3; i++) {
    await assert.rejects(client.ping(), fails("CONNECTION_REFUSED", address));
  }
});

Deno.test("ping() of a peer that says nothing keeps to timeoutMs", async () => {
  await using listener = await listen();
  await using client = connect(listener.address);
  await assert.rejects(client.ping({ timeoutMs: 50 }), { code: "CONNECT_TIMEOUT" });
  await using secured = connect(listener.address, { tls: {} });
  const problem = fails("CONNECT_TIMEOUT", listener.address);
  await assert.rejects(secured.ping({ timeoutMs: 50 }), problem);
});

Deno.test("ping() explains a peer that hangs up", async () => {
  await using listener = await listen((socket) => socket.end());
  await using client = connect(listener.address);
  await assert.rejects(client.ping(), fails("CONNECTION_LOST", listener.address));
});

Deno.test("call() passes on an UNAVAILABLE that the daemon itself gives with details", async () => {
  const { Status } = await import("../src/gen/status.ts");
  const grpc = (await import("@grpc/grpc-js")).default;
  const { Buffer } = await import("node:buffer");
  const metadata = new grpc.Metadata();
  const details = [{ typeUrl: "a", value: new Uint8Array() }];
  metadata.set("grpc-status-details-bin", Buffer.from(Status.encode({ code: 14, details })));
  await using server = await startGrpcServer({
    [Control.solve.path]: {
      unary: (_, done) => done({ code: 14, details: "registry is down", metadata }),
    },
  });
  await using client = connect(server.address);
  await assert.rejects(client.solve({}), (error) => {
    return error instanceof RpcError && error.message === "registry is down";
  });
});

Deno.test("call() of one caller is not ended by another one's signal", async () => {
  await using server = await startGrpcServer(answering(Control.listWorkers, () => WORKER));
  await using client = connect(server.address);
  const reason = new Error("not I");
  const controller = new AbortController();
  const first = client.call(Control.listWorkers, {}, { signal: controller.signal });
  const second = client.call(Control.listWorkers, {});
  controller.abort(reason);
  await assert.rejects(first, (error) => error === reason);
  assert.equal((await second).record.length, 1);
});

Deno.test("call() connects again after the connection was lost", async () => {
  await using server = await startGrpcServer(answering(Control.listWorkers, () => WORKER));
  await using proxy = await startProxy(server.address);
  await using client = connect(proxy.address);
  await client.ping();
  proxy.cut();
  // The cut is noticed by the first call, or before it.
  await client.ping().catch((error) => fails("CONNECTION_LOST", proxy.address)(error));
  assert.equal((await client.ping()).workers.length, 1);
});

Deno.test("close() fails calls under way and later ones, and can be repeated", async () => {
  let started = () => {};
  const start = new Promise<void>((resolve) => started = resolve);
  await using server = await startGrpcServer({ [Control.solve.path]: { unary: () => started() } });
  const client = connect(server.address);
  const problem = fails("CONNECTION_LOST", server.address);
  const solving = assert.rejects(client.solve({}), problem);
  await start;
  await Promise.all([client.close(), client.close()]);
  await solving;
  await client.close();
  await assert.rejects(client.ping(), problem);
  await assert.rejects(client.ping(), /it was closed/);
  const options = { handlers: {}, sharedKey: "" };
  await assert.rejects(client.openSession(options), problem);
});

Deno.test("close() ends dialing", async () => {
  await using listener = await listen();
  const client = connect(listener.address, { tls: {} });
  const pinging = assert.rejects(client.ping(), fails("CONNECTION_LOST", listener.address));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await client.close();
  await pinging;
});

Deno.test("close() of a client that was never used", async () => {
  await connect("tcp://192.0.2.1:1").close();
});

Deno.test("waitForReady() waits for a daemon that starts later", async () => {
  const address = await deadAddress();
  const port = Number(new URL(address.replace("tcp:", "http:")).port);
  await using client = connect(address);
  const waiting = client.waitForReady();
  await new Promise((resolve) => setTimeout(resolve, 100));
  // At first a proxy without a backend, as a sidecar's published port is.
  let closing = 0;
  const early = createServer((socket) => {
    closing++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => early.listen(port, "127.0.0.1", resolve));
  while (closing === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => early.close(resolve));
  await using server = await startGrpcServer(answering(Control.listWorkers, () => WORKER), port);
  assert.equal(server.port, port);
  assert.equal((await waiting).workers[0]!.id, "w1");
});

Deno.test("waitForReady() gives up at its deadline with the last error", async () => {
  const address = await deadAddress();
  await using client = connect(address);
  const started = Date.now();
  const waiting = client.waitForReady({ timeoutMs: 300 });
  await assert.rejects(waiting, fails("CONNECTION_REFUSED", address));
  assert(Date.now() - started < 2_000);
});

Deno.test("waitForReady() gives up at its deadline on a peer that says nothing", async () => {
  await using listener = await listen();
  await using client = connect(listener.address);
  const waiting = client.waitForReady({ timeoutMs: 100 });
  await assert.rejects(waiting, fails("CONNECT_TIMEOUT", listener.address));
});

Deno.test("waitForReady() gives up at its deadline on a daemon that is stuck", async () => {
  await using server = await startGrpcServer({ [Control.info.path]: { unary: () => {} } });
  await using client = connect(server.address);
  const waiting = client.waitForReady({ timeoutMs: 200 });
  await assert.rejects(waiting, fails("CONNECT_TIMEOUT", server.address));
});

Deno.test("waitForReady() rejects with the signal's reason", async () => {
  const client = connect(await deadAddress());
  const reason = new Error("enough");
  const aborted = { signal: AbortSignal.abort(reason) };
  await assert.rejects(client.waitForReady(aborted), (error) => error === reason);
  const controller = new AbortController();
  const waiting = client.waitForReady({ signal: controller.signal });
  setTimeout(() => controller.abort(reason), 80);
  await assert.rejects(waiting, (error) => error === reason);
  await client.close();
});

Deno.test("waitForReady() does not wait where waiting can't help", async () => {
  await using web = await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await using client = connect(web.address);
  await assert.rejects(client.waitForReady(), fails("NOT_BUILDKIT", web.address));
  assert.equal(web.count, 1);
});

daemonTest("connect() with mutual TLS to a real daemon", async ({ tools, tcpAddress }, test) => {
  await using folder = tempFolder();
  const { ca, server, client } = await makeCertificates(tools, folder.path);
  await using stranger = tempFolder();
  const other = await makeCertificates(tools, stranger.path);
  await using daemon = await startBuildkitd({ tools, tls: { ...server, ca } });
  const { address } = daemon;

  await test.step("with all that it asks for", async () => {
    await using good = connect(address, { tls: { ca, ...client } });
    assert.match((await good.ping()).version, /^v/);
    assert.match((await good.waitForReady()).version, /^v/);
    const session = await good.openSession({ handlers: {}, sharedKey: "" });
    await session.close();
  });

  const cases: Array<[string, Parameters<typeof connect>[1] & object, ConnectionErrorCode]> = [
    ["without TLS", {}, "TLS_REQUIRED"],
    ["with another CA", { tls: { ca: other.ca, ...client } }, "TLS_FAILED"],
    ["with the system's CAs", { tls: { ...client } }, "TLS_FAILED"],
    ["without a client's certificate", { tls: { ca } }, "TLS_FAILED"],
    ["with a stranger's certificate", { tls: { ca, ...other.client } }, "TLS_FAILED"],
    ["with another name", { tls: { ca, ...client, serverName: "x.test" } }, "TLS_FAILED"],
  ];
  for (const [what, options, code] of cases) {
    await test.step(what, async () => {
      await using bad = connect(address, options);
      await assert.rejects(bad.ping(), fails(code, address));
      await assert.rejects(bad.waitForReady(), fails(code, address));
    });
  }

  await test.step("to a daemon that has none", async () => {
    await using bad = connect(tcpAddress, { tls: { ca, ...client } });
    await assert.rejects(bad.ping(), fails("TLS_FAILED", tcpAddress));
  });
});

daemonTest("waitForReady() waits for a real daemon's socket", async ({ tools }) => {
  await using folder = tempFolder();
  const socket = `unix://${join(folder.path, "late.sock")}`;
  await using client = connect(socket);
  const waiting = client.waitForReady();
  await using _daemon = await startBuildkitd({ tools, extraArgs: ["--addr", socket] });
  assert.match((await waiting).version, /^v/);
});
