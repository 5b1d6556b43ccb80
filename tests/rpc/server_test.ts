import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import http2 from "node:http2";
import { Health } from "../../src/gen/health.ts";
import type { Handlers, ServerCall } from "../../src/rpc/call.ts";
import { concat } from "../../src/rpc/concat.ts";
import { envelope, FrameDecoder } from "../../src/rpc/envelope.ts";
import { serve, type Server } from "../../src/rpc/server.ts";
import { Flag, FrameType } from "../../src/rpc/http2/frames.ts";
import { RpcError, StatusCode } from "../../src/rpc/status.ts";
import { healthHandlers } from "../../src/session/health.ts";
import { type MemoryPipe, pipePair } from "../support/pipe_pair.ts";
import { RawPeer, turn } from "../support/raw_peer.ts";

const MIB = 1 << 20;

interface Fixture extends AsyncDisposable {
  client: http2.ClientHttp2Session;
  server: Server;
  pipe: MemoryPipe;
  failures: Array<[string, unknown]>;
  lost: Error[];
}

/** The server under test, and the runtime's own HTTP/2 client joined to it in memory. */
function fixture(handlers: Handlers, settings: http2.Settings = {}): Fixture {
  const { pipe, peer } = pipePair();
  const failures: Array<[string, unknown]> = [];
  const lost: Error[] = [];
  const server = serve(pipe, { ...healthHandlers(), ...handlers }, {
    onFailure: (path, error) => failures.push([path, error]),
    onLost: (error) => lost.push(error),
  });
  const client = http2.connect("http://localhost", { createConnection: () => peer, settings });
  client.on("error", () => {});
  const dispose = async () => {
    await server.close();
    await pipe.close();
    if (!client.destroyed) {
      const gone = once(client, "close");
      client.destroy();
      await gone;
    }
  };
  return { client, server, pipe, failures, lost, [Symbol.asyncDispose]: dispose };
}

interface Answer {
  messages: Uint8Array[];
  trailers: http2.IncomingHttpHeaders;
  code: number | undefined;
}

function open(client: http2.ClientHttp2Session, path: string): http2.ClientHttp2Stream {
  const stream = client.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.on("error", () => {});
  return stream;
}

async function answerOf(stream: http2.ClientHttp2Stream): Promise<Answer> {
  const decoder = new FrameDecoder();
  const answer: Answer = { messages: [], trailers: {}, code: undefined };
  stream.on("data", (chunk: Uint8Array) => answer.messages.push(...decoder.push(chunk)));
  stream.on("trailers", (headers) => answer.trailers = headers);
  if (!stream.closed) await once(stream, "close").catch(() => {});
  answer.code = stream.rstCode;
  return answer;
}

function call(
  client: http2.ClientHttp2Session,
  path: string,
  message: Uint8Array,
): Promise<Answer> {
  const stream = open(client, path);
  stream.end(envelope(message));
  return answerOf(stream);
}

async function echo(call: ServerCall): Promise<void> {
  for await (const batch of call.batches) {
    for (const message of batch) await call.write(envelope(message));
  }
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

Deno.test("serve() answers health checks", async () => {
  await using f = fixture({});
  const { messages, trailers } = await call(f.client, Health.check.path, new Uint8Array());
  assert.deepEqual(messages.map((message) => Health.check.response.decode(message)), [{
    status: 1,
  }]);
  assert.equal(trailers["grpc-status"], "0");
});

Deno.test("serve() carries 100 calls at once, each by its own pace", async () => {
  await using f = fixture({ "/echo": echo }, { initialWindowSize: 1_000 });
  const sizes = Array.from({ length: 100 }, (_, i) => i * 997);
  const answers = await Promise.all(
    sizes.map((size) => call(f.client, "/echo", new Uint8Array(size).fill(size & 0xff))),
  );
  answers.forEach(({ messages, trailers }, i) => {
    assert.equal(messages.length, 1);
    assert.equal(Buffer.compare(messages[0]!, Buffer.alloc(sizes[i]!, sizes[i]! & 0xff)), 0);
    assert.equal(trailers["grpc-status"], "0");
  });
});

Deno.test("serve() answers after the peer's half-close", async () => {
  await using f = fixture({
    "/count": async (call) => {
      let count = 0;
      for await (const batch of call.batches) count += batch.length;
      await call.write(envelope(new TextEncoder().encode(`${count} messages`)));
    },
  });
  const stream = open(f.client, "/count");
  for (let i = 0; i < 5; i++) stream.write(envelope(Uint8Array.of(i)));
  stream.end();
  const { messages } = await answerOf(stream);
  assert.deepEqual(messages.map(text), ["5 messages"]);
});

const FAILURES: Array<[string, unknown, string, string]> = [
  ["an RpcError", new RpcError(StatusCode.NOT_FOUND, "no such thing"), "5", "no such thing"],
  ["any error", new Error("größe: 100%\n"), "2", "gr%C3%B6%C3%9Fe%3A 100%25%0A"],
  ["no error at all", "text", "2", "text"],
  ["an error without a message", new Error(""), "2", ""],
];

for (const [what, thrown, status, message] of FAILURES) {
  Deno.test(`serve() reports ${what} thrown before the request was read`, async () => {
    await using f = fixture({ "/fail": () => Promise.reject(thrown) });
    const stream = open(f.client, "/fail");
    stream.write(envelope(new Uint8Array(100_000)));
    const { trailers, code } = await answerOf(stream);
    assert.equal(trailers["grpc-status"], status);
    assert.equal(trailers["grpc-message"] ?? "", message);
    assert.equal(code, 0);
    assert.deepEqual(f.failures, [["/fail", thrown]]);
  });
}

for (const path of ["/not.there/Method", "/constructor", "constructor", "__proto__"]) {
  Deno.test(`serve() answers UNIMPLEMENTED to ${path}`, async () => {
    await using f = fixture({});
    const { trailers } = await call(f.client, path, new Uint8Array());
    assert.equal(trailers["grpc-status"], "12");
  });
}

Deno.test("serve() breaks a call that the peer resets: signal, reader and writer", async () => {
  const seen: string[] = [];
  const peer = new RawPeer();
  const server = serve(peer, {
    ...healthHandlers(),
    "/bulk": async (call) => {
      call.signal.addEventListener("abort", () => seen.push("signal"));
      const reading = (async () => {
        for await (const _ of call.batches);
      })();
      await reading.catch((error) => seen.push(`reader: ${error.message}`));
      const writing = Promise.resolve(call.write(new Uint8Array(1)));
      await writing.catch((error) => seen.push(`writer: ${error.message}`));
      // Nobody waits for this one: it must not end the process.
      call.write(new Uint8Array(1));
    },
  });
  peer.hello();
  peer.request(1, "/bulk");
  peer.reset(1);
  await turn();
  const broken = "The daemon broke the call off (HTTP/2 error 8)";
  assert.deepEqual(seen, ["signal", `reader: ${broken}`, `writer: ${broken}`]);
  assert.equal(peer.trailers(1), undefined);
  // The connection is none the worse for it.
  peer.request(3, Health.check.path);
  peer.data(3, envelope(new Uint8Array()), Flag.END_STREAM);
  await turn();
  assert.equal(peer.goaway, undefined);
  assert.equal(peer.of(FrameType.HEADERS, 3).length, 2);
  await server.close();
});

Deno.test("serve() rejects a writer that waits for room when the peer resets", async () => {
  const ended = deferred<unknown>();
  await using f = fixture({
    "/bulk": async (call) => {
      for (;;) await call.write(new Uint8Array(MIB));
    },
    "/watch": async (call) => {
      for await (const _ of call.batches);
    },
  }, { initialWindowSize: 100 });
  f.failures.push = (entry) => {
    ended.resolve(entry[1]);
    return 1;
  };
  const stream = open(f.client, "/bulk");
  await once(stream, "response");
  stream.close(http2.constants.NGHTTP2_CANCEL);
  assert.match(String(await ended.promise), /broke the call off/);
});

for (const how of ["the pipe breaks", "the server closes", "the client goes away"] as const) {
  Deno.test(`serve() breaks all calls when ${how}`, async () => {
    const ended = deferred<unknown>();
    const started = deferred<void>();
    const broken = new Error("the pipe broke");
    await using f = fixture({
      "/wait": async (call) => {
        started.resolve();
        try {
          for await (const _ of call.batches);
        } finally {
          ended.resolve(call.signal.reason);
        }
      },
    });
    open(f.client, "/wait");
    await started.promise;
    if (how === "the pipe breaks") f.pipe.fail(broken);
    else if (how === "the server closes") await f.server.close();
    else f.client.destroy();
    const reason = await ended.promise;
    assert(reason instanceof Error);
    if (how === "the pipe breaks") assert.deepEqual([reason, ...f.lost], [broken, broken]);
    if (how === "the server closes") assert.deepEqual(f.lost, []);
  });
}

Deno.test("Server.close() waits for handlers", async () => {
  let done = false;
  await using f = fixture({
    "/slow": async (call) => {
      await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
      await new Promise((resolve) => setImmediate(resolve));
      done = true;
    },
  });
  const stream = open(f.client, "/slow");
  await once(stream, "response");
  await f.server.close();
  assert(done);
});

Deno.test("serve() breaks a call with a compressed message, and only that", async () => {
  await using f = fixture({ "/echo": echo });
  const stream = open(f.client, "/echo");
  stream.write(Uint8Array.of(1, 0, 0, 0, 1, 7));
  const { code } = await answerOf(stream);
  assert.equal(code, http2.constants.NGHTTP2_PROTOCOL_ERROR);
  assert.match(String(f.failures[0]?.[1]), /compressed/);
  assert.equal((await call(f.client, "/echo", Uint8Array.of(1))).trailers["grpc-status"], "0");
});

Deno.test("serve() moves 64 MiB both ways at once without piling it up", async () => {
  const total = 64 * MIB;
  const piece = new Uint8Array(256 << 10).fill(5);
  let received = 0;
  await using f = fixture({
    "/both": async (call) => {
      const writing = (async () => {
        for (let sent = 0; sent < total; sent += piece.length) {
          await call.write(envelope(piece));
        }
      })();
      for await (const batch of call.batches) {
        for (const message of batch) received += message.length;
      }
      await writing;
    },
  }, { initialWindowSize: 4 * MIB });
  const stream = open(f.client, "/both");
  let answered = 0;
  stream.on("data", (chunk: Uint8Array) => answered += chunk.length);
  for (let sent = 0; sent < total; sent += piece.length) {
    if (!stream.write(envelope(piece))) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
  assert.equal(received, total);
  assert.equal(answered, total + 5 * total / piece.length);
  assert(f.pipe.mostBuffered < 8 * MIB, `${f.pipe.mostBuffered} bytes waited`);
});

Deno.test("serve() answers health checks while bulk flows both ways", async () => {
  await using f = fixture({ "/echo": echo }, { initialWindowSize: MIB });
  const bulk = open(f.client, "/echo");
  const frames = envelope(new Uint8Array(MIB));
  let flowing = true;
  const pump = (async () => {
    while (flowing) if (!bulk.write(frames)) await once(bulk, "drain");
    bulk.end();
  })();
  const echoed = answerOf(bulk);
  for (let i = 0; i < 20; i++) {
    const { trailers } = await call(f.client, Health.check.path, new Uint8Array());
    assert.equal(trailers["grpc-status"], "0");
  }
  flowing = false;
  await pump;
  assert.equal((await echoed).trailers["grpc-status"], "0");
});

Deno.test("serve() reads metadata as it was sent, repeated keys apart", async () => {
  const values = Array.from({ length: 100 }, (_, i) => `!a, ${i}`);
  let seen: string[] = [];
  await using f = fixture({
    "/meta": (call) => {
      seen = call.metadata.getAll("exclude-patterns");
      return Promise.resolve();
    },
  });
  const stream = f.client.request({
    ":method": "POST",
    ":path": "/meta",
    "exclude-patterns": values,
  });
  stream.end();
  await answerOf(stream);
  assert.deepEqual(seen, values);
});

Deno.test("serve() reads messages that its own codec frames, joined and split", async () => {
  await using f = fixture({ "/echo": echo });
  const sent = ["", "a", "b".repeat(40_000), "", "c"].map((part) => new TextEncoder().encode(part));
  const stream = open(f.client, "/echo");
  stream.end(concat(sent.map(envelope)));
  const { messages } = await answerOf(stream);
  assert.deepEqual(messages.map(text), sent.map(text));
});

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => resolve = done);
  return { promise, resolve };
}
