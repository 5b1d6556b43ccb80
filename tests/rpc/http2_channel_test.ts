import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import net from "node:net";
import grpc from "@grpc/grpc-js";
import { BytesMessage } from "../../src/gen/control.ts";
import { Status } from "../../src/gen/status.ts";
import type { Channel } from "../../src/rpc/channel.ts";
import { openChannel } from "../../src/rpc/http2_channel.ts";
import { socketPipe } from "../../src/rpc/socket_pipe.ts";
import type { Method } from "../../src/rpc/method.ts";
import { RpcError, StatusCode } from "../../src/rpc/status.ts";
import { type GrpcServer, type Implementation, startGrpcServer } from "../support/grpc_server.ts";

const MIB = 1 << 20;
const METHOD: Method<BytesMessage, BytesMessage> = {
  path: "/test.Test/Call",
  request: BytesMessage,
  response: BytesMessage,
};

interface Fixture extends AsyncDisposable {
  channel: Channel;
  server: GrpcServer;
}

async function fixture(implementation: Implementation): Promise<Fixture> {
  const server = await startGrpcServer({ [METHOD.path]: implementation });
  const socket = net.connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  const channel = openChannel(socketPipe(socket), "localhost");
  return {
    channel,
    server,
    async [Symbol.asyncDispose]() {
      await channel.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

const text = (value: string) => new TextEncoder().encode(value);
const message = (data: Uint8Array) => BytesMessage.encode({ data });
const echo: Implementation = { unary: (call, done) => done(null, call.request) };

Deno.test("Channel.unary() sends and receives messages of up to 16 MiB", async () => {
  await using f = await fixture(echo);
  for (const size of [0, 1, 65_536, 15 * MIB]) {
    const data = new Uint8Array(size).fill(3);
    const answer = await f.channel.unary(METHOD, { data });
    assert.equal(answer.data.length, size);
  }
});

Deno.test("Channel.unary() sends metadata", async () => {
  await using f = await fixture({
    unary: (call, done) =>
      done(null, BytesMessage.encode({ data: text(JSON.stringify(call.metadata.get("x-test"))) })),
  });
  const answer = await f.channel.unary(METHOD, {}, { metadata: { "x-test": "a b" } });
  assert.deepEqual(JSON.parse(new TextDecoder().decode(answer.data)), ["a b"]);
});

Deno.test("Channel.unary() makes 100 calls at once", async () => {
  await using f = await fixture(echo);
  const sizes = Array.from({ length: 100 }, (_, i) => 1_000 * i);
  const answers = await Promise.all(
    sizes.map((size) => f.channel.unary(METHOD, { data: new Uint8Array(size) })),
  );
  assert.deepEqual(answers.map(({ data }) => data.length), sizes);
});

Deno.test("Channel.unary() throws the status with message and details", async () => {
  const details = [{ typeUrl: "test/Detail", value: text("{}") }];
  const metadata = new grpc.Metadata();
  const status = { code: 5, message: "größe: 100%\n", details };
  const trailer = Status.encode(status);
  metadata.set("grpc-status-details-bin", Buffer.from(trailer));
  await using f = await fixture({
    unary: (_, done) => done({ code: 5, details: status.message, metadata }),
  });
  await assert.rejects(f.channel.unary(METHOD, {}), (error) => {
    assert(error instanceof RpcError);
    assert.equal(error.status, StatusCode.NOT_FOUND);
    assert.equal(error.message, status.message);
    assert.deepEqual(error.details.map(({ typeUrl, value }) => [typeUrl, ...value]), [
      ["test/Detail", ...text("{}")],
    ]);
    return true;
  });
});

Deno.test("Channel.unary() shows a status whose details can't be read", async () => {
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from([0xff, 0xff]));
  await using f = await fixture({ unary: (_, done) => done({ code: 5, details: "no", metadata }) });
  await assert.rejects(f.channel.unary(METHOD, {}), { status: 5, message: "no", details: [] });
});

Deno.test("Channel.unary() says that only its own call broke off over large trailers", async () => {
  let calls = 0;
  await using f = await fixture({
    unary: (call, done) => {
      const metadata = new grpc.Metadata();
      if (calls++ > 0) return done(null, call.request);
      for (let i = 0; i < 100; i++) metadata.set(`x-${i}`, "y".repeat(1_000));
      done({ code: 2, details: "large", metadata });
    },
  });
  await assert.rejects(f.channel.unary(METHOD, {}), RpcError);
  assert.equal((await f.channel.unary(METHOD, { data: text("on") })).data.length, 2);
});

Deno.test("Channel.unary() throws UNIMPLEMENTED for a method that is not served", async () => {
  await using f = await fixture(echo);
  const other = { ...METHOD, path: "/test.Test/Other" };
  await assert.rejects(f.channel.unary(other, {}), { status: StatusCode.UNIMPLEMENTED });
});

Deno.test("Channel.unary() gives up after timeoutMs, and the server learns of it", async () => {
  const cancelled = deferred<void>();
  await using f = await fixture({
    unary: (call) => call.on("cancelled", () => cancelled.resolve()),
  });
  await assert.rejects(f.channel.unary(METHOD, {}, { timeoutMs: 30 }), {
    status: StatusCode.DEADLINE_EXCEEDED,
    message: "no answer within 30 ms",
  });
  await cancelled.promise;
});

for (const reason of [new Error("stop"), "stop", undefined]) {
  Deno.test(`Channel.unary() rejects with the signal's reason: ${reason}`, async () => {
    const started = deferred<void>();
    const cancelled = deferred<void>();
    await using f = await fixture({
      unary: (call) => {
        started.resolve();
        call.on("cancelled", () => cancelled.resolve());
      },
    });
    const controller = new AbortController();
    const { signal } = controller;
    const calling = f.channel.unary(METHOD, {}, { signal });
    const rejected = assert.rejects(calling, (error) => error === signal.reason);
    await started.promise;
    controller.abort(reason);
    await rejected;
    await cancelled.promise;
    await assert.rejects(f.channel.unary(METHOD, {}, { signal }), (e) => e === signal.reason);
  });
}

type Writable = grpc.ServerWritableStream<Uint8Array, Uint8Array>;

/** Writes until `count` messages are sent or the call is over; `sent` counts. */
async function pump(call: Writable, count: number, next: () => Uint8Array, sent = { count: 0 }) {
  let wake = () => {};
  call.on("drain", () => wake());
  call.on("cancelled", () => wake());
  for (; sent.count < count && !call.cancelled; sent.count++) {
    if (!call.write(next())) await new Promise<void>((resolve) => wake = resolve);
  }
  if (!call.cancelled) call.end();
}

/** Sends `count` messages of `size` bytes, waiting for room. */
function streaming(count: number, size: number, onCancel = () => {}): Implementation {
  return {
    serverStream: async (call) => {
      call.on("cancelled", onCancel);
      let i = 0;
      await pump(call, count, () => message(new Uint8Array(size).fill(i++)));
    },
  };
}

Deno.test("Channel.serverStream() yields every message in order", async () => {
  await using f = await fixture(streaming(500, 10_000));
  let next = 0;
  for await (const { data } of f.channel.serverStream(METHOD, {})) {
    assert.equal(data.length, 10_000);
    assert.equal(data[0], next++ & 0xff);
  }
  assert.equal(next, 500);
});

Deno.test("Channel.serverStream() cancels the call when the loop is left", async () => {
  const cancelled = deferred<void>();
  await using f = await fixture(streaming(Infinity, 1_000, () => cancelled.resolve()));
  for await (const _ of f.channel.serverStream(METHOD, {})) break;
  await cancelled.promise;
});

Deno.test("Channel.serverStream() stops the server while nobody reads", async () => {
  const sent = { count: 0 };
  await using f = await fixture({
    serverStream: (call) => pump(call, 1_000, () => message(new Uint8Array(MIB)), sent),
  });
  for await (const _ of f.channel.serverStream(METHOD, {})) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    break;
  }
  assert(sent.count < 100, `${sent.count} MiB were taken`);
});

Deno.test("Channel.serverStream() yields what came before an error", async () => {
  await using f = await fixture({
    serverStream: (call) => {
      call.write(message(text("first")));
      call.emit("error", { code: 10, details: "aborted" });
    },
  });
  const seen: string[] = [];
  await assert.rejects(async () => {
    for await (const { data } of f.channel.serverStream(METHOD, {})) {
      seen.push(new TextDecoder().decode(data));
    }
  }, { status: StatusCode.ABORTED });
  assert.deepEqual(seen, ["first"]);
});

Deno.test("Channel reports calls on a connection that breaks as UNAVAILABLE", async () => {
  const started = deferred<void>();
  const f = await fixture({ unary: () => started.resolve() });
  const rejected = assert.rejects(f.channel.unary(METHOD, {}), { status: StatusCode.UNAVAILABLE });
  await started.promise;
  await f.server[Symbol.asyncDispose]();
  await rejected;
  assert(f.channel.closed.aborted);
  await assert.rejects(f.channel.unary(METHOD, {}), { status: StatusCode.UNAVAILABLE });
  await f.channel.close();
});

Deno.test("Channel.close() fails calls under way and closes once", async () => {
  const started = deferred<void>();
  await using f = await fixture({ unary: () => started.resolve() });
  const rejected = assert.rejects(f.channel.unary(METHOD, {}), RpcError);
  await started.promise;
  await Promise.all([f.channel.close(), f.channel.close()]);
  await rejected;
  await assert.rejects(f.channel.unary(METHOD, {}), { status: StatusCode.UNAVAILABLE });
});

Deno.test("Channel lets calls end that were under way at a GOAWAY", async () => {
  const started = deferred<() => void>();
  await using f = await fixture({
    unary: (call, done) => started.resolve(() => done(null, call.request)),
  });
  const calling = f.channel.unary(METHOD, { data: text("late") });
  const answer = await started.promise;
  const drained = f.server.drain();
  await new Promise((resolve) => f.channel.closed.addEventListener("abort", resolve));
  answer();
  assert.equal(new TextDecoder().decode((await calling).data), "late");
  await drained;
});

const NOT_GRPC: Array<[string, string, number]> = [
  ["HTTP/2 404", "404", StatusCode.UNIMPLEMENTED],
  ["HTTP/2 503", "503", StatusCode.UNAVAILABLE],
  ["HTTP/2 401", "401", StatusCode.UNAUTHENTICATED],
  ["HTTP/2 200 with a web page", "200", StatusCode.UNKNOWN],
];

for (const [what, httpStatus, status] of NOT_GRPC) {
  Deno.test(`Channel reads ${what}`, async () => {
    const { createServer } = await import("node:http2");
    const server = createServer((_, response) => {
      response.writeHead(Number(httpStatus), { "content-type": "text/html" });
      response.end("<html>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const socket = net.connect((server.address() as net.AddressInfo).port, "127.0.0.1");
    await once(socket, "connect");
    const channel = openChannel(socketPipe(socket), "localhost");
    await assert.rejects(channel.unary(METHOD, {}), { status });
    await channel.close();
    await new Promise((resolve) => server.close(resolve));
  });
}

interface Echoed {
  bytes: number;
  closed: Error | undefined;
}

Deno.test("Channel.openPipe() carries 32 MiB both ways, split and joined as it comes", async () => {
  await using f = await fixture({
    duplex: (call) => {
      call.on("data", (bytes: Uint8Array) => {
        if (!call.write(bytes)) {
          call.pause();
          call.once("drain", () => call.resume());
        }
      });
      call.on("end", () => call.end());
    },
  });
  const seen: Echoed = { bytes: 0, closed: undefined };
  const all = deferred<void>();
  let room = deferred<void>();
  const total = 32 * MIB;
  const pipe = f.channel.openPipe(METHOD.path, { "x-test": ["a, b", "c"] });
  pipe.start({
    data: (bytes) => {
      seen.bytes += bytes.length;
      if (seen.bytes >= total) all.resolve();
    },
    drained: () => room.resolve(),
    closed: (error) => seen.closed = error,
  });
  const piece = new Uint8Array(3 * MIB);
  for (let sent = 0; sent < total; sent += piece.length) {
    room = deferred<void>();
    if (!pipe.write(piece.subarray(0, total - sent))) await room.promise;
  }
  await all.promise;
  assert.equal(seen.bytes, total);
  await Promise.all([pipe.close(), pipe.close()]);
  assert.equal(pipe.write(piece), false);
  assert.equal(seen.closed, undefined, "told although we closed");
});

const ENDINGS: Array<[string, Implementation["duplex"] & object, RegExp]> = [
  ["ends the call", (call) => call.end(), /ended the session/],
  ["fails the call", (call) => {
    call.emit("error", { code: 9, details: "größe %zz" });
  }, /^größe %zz$/],
  ["sends what is no BytesMessage", (call) => call.write(Uint8Array.of(0x0a, 9)), /decode/],
];

for (const [what, duplex, problem] of ENDINGS) {
  Deno.test(`Channel.openPipe() tells once that the daemon ${what}`, async () => {
    await using f = await fixture({ duplex });
    const errors: Error[] = [];
    const closed = deferred<void>();
    const pipe = f.channel.openPipe(METHOD.path, {});
    pipe.start({
      data: () => {},
      drained: () => {},
      closed: (error) => {
        errors.push(error);
        closed.resolve();
      },
    });
    await closed.promise;
    await pipe.close();
    assert.equal(errors.length, 1);
    assert.match(errors[0]!.message, problem);
    assert.equal(pipe.write(new Uint8Array(1)), false);
  });
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => resolve = done);
  return { promise, resolve };
}
