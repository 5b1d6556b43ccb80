import assert from "node:assert/strict";
import { concat } from "../../../src/rpc/concat.ts";
import type { Handler, Handlers, ServerCall } from "../../../src/rpc/call.ts";
import { envelope } from "../../../src/rpc/envelope.ts";
import {
  ErrorCode,
  Flag,
  frameOf,
  FrameType,
  Setting,
  settingsPayload,
  uint32,
  uint32Bytes,
} from "../../../src/rpc/http2/frames.ts";
import { serve, type Server } from "../../../src/rpc/server.ts";
import { PREFACE, RawPeer, requestBlock, turn } from "../../support/raw_peer.ts";

const MIB = 1 << 20;
const WINDOW = 16 * MIB;

interface Seen {
  path: string;
  metadata: ReadonlyArray<readonly [string, string]>;
  messages: string[];
  ended: boolean;
  error?: Error;
}

interface Fixture extends AsyncDisposable {
  peer: RawPeer;
  server: Server;
  seen: Seen[];
  lost: Error[];
}

/** A server whose `/collect` notes what it gets, whose `/echo` sends it back, whose `/hold` reads nothing. */
function fixture(more: Handlers = {}): Fixture {
  const peer = new RawPeer();
  const seen: Seen[] = [];
  const lost: Error[] = [];
  const handlers = { "/collect": collect(seen), "/echo": echo, "/hold": hold, ...more };
  const server = serve(peer, handlers, { onLost: (error) => lost.push(error) });
  return { peer, server, seen, lost, [Symbol.asyncDispose]: () => server.close() };
}

function collect(seen: Seen[]): Handler {
  return async (call) => {
    const metadata = call.metadata.entries();
    const entry: Seen = { path: call.path, metadata, messages: [], ended: false };
    seen.push(entry);
    try {
      for await (const batch of call.batches) {
        entry.messages.push(...batch.map((message) => new TextDecoder().decode(message)));
      }
      entry.ended = true;
    } catch (error) {
      entry.error = error as Error;
    }
  };
}

async function echo(call: ServerCall): Promise<void> {
  for await (const batch of call.batches) {
    for (const message of batch) await call.write(envelope(message));
  }
}

/** Ends with the call, not before. */
function hold(call: ServerCall): Promise<void> {
  return new Promise((resolve) => call.signal.addEventListener("abort", () => resolve()));
}

/** A handler that writes `count` pieces as fast as it may, and counts them. */
function bulk(count: number, size: number, progress = { written: 0 }): Handler {
  return async (call) => {
    for (; progress.written < count; progress.written++) await call.write(new Uint8Array(size));
  };
}

const text = (value: string) => new TextEncoder().encode(value);
const message = (value: string) => envelope(text(value));

Deno.test("Connection announces itself first", async () => {
  await using f = fixture();
  await turn();
  assert.deepEqual(f.peer.frames.map(({ type }) => type), [
    FrameType.SETTINGS,
    FrameType.WINDOW_UPDATE,
  ]);
  assert.equal(f.peer.raised(0), WINDOW - 65_535);
});

Deno.test("Connection acknowledges settings and pings", async () => {
  await using f = fixture();
  f.peer.hello();
  f.peer.raw(frameOf(FrameType.PING, 0, 0, text("12345678")));
  f.peer.raw(frameOf(FrameType.PING, Flag.ACK, 0, text("87654321")));
  await turn();
  assert.equal(f.peer.of(FrameType.SETTINGS).at(-1)?.flags, Flag.ACK);
  const pings = f.peer.of(FrameType.PING);
  assert.deepEqual(pings.map(({ flags, payload }) => [flags, ...payload]), [
    [Flag.ACK, ...text("12345678")],
  ]);
});

/** Two calls with all that makes frames odd, as one recording. */
function recording(): Uint8Array {
  const padded = Flag.PADDED | Flag.PRIORITY | Flag.END_HEADERS;
  const pad = (bytes: Uint8Array, count: number) =>
    concat([Uint8Array.of(count), bytes, new Uint8Array(count)]);
  const priority = new Uint8Array(5);
  const block = requestBlock("/collect", [["x", "1, 2"], ["x", "3"]]);
  const frames = message("hello, world");
  return concat([
    PREFACE,
    frameOf(FrameType.SETTINGS, 0, 0, settingsPayload([[Setting.INITIAL_WINDOW_SIZE, 100]])),
    frameOf(FrameType.HEADERS, padded, 1, pad(concat([priority, block]), 7)),
    frameOf(FrameType.PRIORITY, 0, 1, priority),
    frameOf(FrameType.DATA, Flag.PADDED, 1, pad(frames.subarray(0, 7), 3)),
    frameOf(FrameType.HEADERS, 0, 3, block.subarray(0, 4)),
    frameOf(FrameType.CONTINUATION, 0, 3, block.subarray(4, 4)),
    frameOf(FrameType.CONTINUATION, Flag.END_HEADERS, 3, block.subarray(4)),
    frameOf(0x42, 0xff, 99, text("unknown types are ignored")),
    frameOf(FrameType.DATA, 0, 1, frames.subarray(7)),
    frameOf(FrameType.WINDOW_UPDATE, 0, 0, uint32Bytes(1_000)),
    frameOf(FrameType.WINDOW_UPDATE, 0, 1, uint32Bytes(1_000)),
    frameOf(FrameType.DATA, Flag.END_STREAM, 3, concat([message("a"), message("b")])),
    frameOf(FrameType.DATA, Flag.PADDED | Flag.END_STREAM, 1, pad(new Uint8Array(), 2)),
    frameOf(FrameType.PING, 0, 0, new Uint8Array(8)),
    frameOf(FrameType.RST_STREAM, 0, 77, uint32Bytes(8)),
    frameOf(FrameType.GOAWAY, 0, 0, new Uint8Array(8)),
  ]);
}

for (const size of [1, 2, 3, 8, 9, 10, 100, 10_000]) {
  Deno.test(`Connection reads frames out of chunks of ${size} bytes`, async () => {
    await using f = fixture();
    const bytes = recording();
    for (let at = 0; at < bytes.length; at += size) f.peer.raw(bytes.slice(at, at + size));
    await turn();
    assert.deepEqual(f.lost, []);
    assert.deepEqual(f.seen.map(({ messages, ended }) => [messages, ended]), [
      [["hello, world"], true],
      [["a", "b"], true],
    ]);
    for (const { metadata } of f.seen) {
      assert.deepEqual(metadata.filter(([key]) => key === "x"), [["x", "1, 2"], ["x", "3"]]);
    }
    assert.equal(f.peer.trailers(1)?.["grpc-status"], "0");
    assert.equal(f.peer.trailers(3)?.["grpc-status"], "0");
    assert.deepEqual(f.peer.of(FrameType.RST_STREAM), []);
  });
}

Deno.test("Connection joins a header block split at every byte", async () => {
  await using f = fixture();
  f.peer.hello();
  const block = requestBlock("/collect", [["pattern", "**/node_modules"]]);
  for (let at = 0; at <= block.length; at++) {
    const stream = 2 * at + 1;
    f.peer.raw(
      frameOf(FrameType.HEADERS, Flag.END_STREAM, stream, block.slice(0, at)),
      frameOf(FrameType.CONTINUATION, Flag.END_HEADERS, stream, block.slice(at)),
    );
  }
  await turn();
  assert.deepEqual(f.lost, []);
  assert.equal(f.seen.length, block.length + 1);
  assert(f.seen.every(({ ended, metadata }) => ended && metadata.at(-1)![1] === "**/node_modules"));
});

Deno.test("Connection takes 20,000 headers, as a long ignore file gives", async () => {
  await using f = fixture();
  f.peer.hello();
  const fields = Array.from(
    { length: 20_000 },
    (_, i) => ["exclude-patterns", `dir${i}/**`] as const,
  );
  const block = requestBlock("/collect", fields);
  f.peer.raw(frameOf(FrameType.HEADERS, Flag.END_STREAM, 1, block.slice(0, 16_384)));
  for (let at = 16_384; at < block.length; at += 16_384) {
    const last = at + 16_384 >= block.length ? Flag.END_HEADERS : 0;
    f.peer.raw(frameOf(FrameType.CONTINUATION, last, 1, block.slice(at, at + 16_384)));
  }
  await turn();
  assert.deepEqual(f.seen[0]?.metadata.slice(-20_000), fields);
});

Deno.test("Connection sends exactly what the windows allow", async () => {
  await using f = fixture();
  f.peer.hello([[Setting.INITIAL_WINDOW_SIZE, 10]]);
  f.peer.request(1, "/echo");
  f.peer.data(1, message("x".repeat(195)), Flag.END_STREAM);
  await turn();
  const sizes = async (change: () => void) => {
    change();
    await turn();
    return f.peer.size(1);
  };
  assert.equal(f.peer.size(1), 10);
  assert.equal(await sizes(() => f.peer.window(1, 1)), 11);
  assert.equal(await sizes(() => f.peer.initialWindow(30)), 31, "grown by the difference");
  assert.equal(await sizes(() => f.peer.initialWindow(0)), 31, "now 30 below nothing");
  assert.equal(await sizes(() => f.peer.window(1, 29)), 31);
  assert.equal(await sizes(() => f.peer.window(1, 2)), 32);
  assert.equal(f.peer.trailers(1), undefined, "trailers wait for the data");
  assert.equal(await sizes(() => f.peer.window(1, 1_000)), 200);
  assert.equal(f.peer.trailers(1)?.["grpc-status"], "0");
});

Deno.test("Connection cuts data into frames of the size that the peer allows", async () => {
  for (
    const [allowed, largest] of [[undefined, 16_384], [20_000, 20_000], [1 << 24, MIB]] as const
  ) {
    await using f = fixture({ "/bulk": bulk(1, 3 * MIB) });
    f.peer.hello([
      [Setting.INITIAL_WINDOW_SIZE, 0x7fffffff],
      ...(allowed === undefined ? [] : [[Setting.MAX_FRAME_SIZE, allowed] as [number, number]]),
    ]);
    f.peer.window(0, 0x7fffffff - 65_535);
    f.peer.request(1, "/bulk");
    await turn();
    assert.equal(f.peer.size(1), 3 * MIB);
    const frames = f.peer.of(FrameType.DATA, 1).map(({ payload }) => payload.length);
    assert.equal(Math.max(...frames), largest);
  }
});

Deno.test("Connection shares its window fairly between streams", async () => {
  await using f = fixture({ "/bulk": bulk(100, 64 << 10) });
  f.peer.hello([[Setting.INITIAL_WINDOW_SIZE, 0x7fffffff]]);
  for (const stream of [1, 3, 5]) f.peer.request(stream, "/bulk");
  await turn();
  const before = [1, 3, 5].map((stream) => f.peer.size(stream));
  assert.equal(before.reduce((a, b) => a + b), 65_535);
  for (let i = 0; i < 30; i++) {
    f.peer.window(0, 10_000);
    await turn();
  }
  for (const [i, stream] of [1, 3, 5].entries()) {
    assert.equal(f.peer.size(stream) - before[i]!, 100_000, `stream ${stream}`);
  }
});

Deno.test("Connection answers on one stream while another is stalled", async () => {
  const progress = { written: 0 };
  await using f = fixture({ "/bulk": bulk(1_000, 64 << 10, progress) });
  f.peer.hello([[Setting.INITIAL_WINDOW_SIZE, 1_000]]);
  f.peer.request(1, "/bulk");
  await turn();
  assert.equal(f.peer.size(1), 1_000);
  f.peer.request(3, "/echo");
  f.peer.data(3, message("alive?"), Flag.END_STREAM);
  await turn();
  assert.equal(f.peer.size(3), 11);
  assert.equal(f.peer.trailers(3)?.["grpc-status"], "0");
  // The stalled one was stopped, not buffered.
  assert(progress.written <= 17, `${progress.written} pieces are waiting`);
});

Deno.test("Connection answers a small call within a few updates of an exhausted window", async () => {
  await using f = fixture({ "/bulk": bulk(1_000, 64 << 10) });
  f.peer.hello([[Setting.INITIAL_WINDOW_SIZE, 0x7fffffff]]);
  for (const stream of [1, 3, 5]) f.peer.request(stream, "/bulk");
  await turn();
  f.peer.request(7, "/echo");
  f.peer.data(7, message("alive?"), Flag.END_STREAM);
  for (let i = 0; i < 4; i++) {
    f.peer.window(0, 16_384);
    await turn();
  }
  assert.equal(f.peer.trailers(7)?.["grpc-status"], "0");
});

Deno.test("Connection stops writers while the transport has no room, and wakes all of them", async () => {
  const progress = [{ written: 0 }, { written: 0 }, { written: 0 }];
  const handlers = Object.fromEntries(progress.map((p, i) => [`/${i}`, bulk(50, 1_000, p)]));
  await using f = fixture(handlers);
  f.peer.hello([[Setting.INITIAL_WINDOW_SIZE, 0x7fffffff]]);
  f.peer.window(0, 0x7fffffff - 65_535);
  f.peer.room = false;
  progress.forEach((_, i) => f.peer.request(2 * i + 1, `/${i}`));
  for (let round = 1; round < 100; round++) {
    await turn();
    const before = progress.map(({ written }) => written);
    assert(before.every((written) => written <= 2 * round), String(before));
    f.peer.room = false;
    f.peer.drain();
    f.peer.room = false;
  }
  await turn();
  assert.deepEqual(progress.map(({ written }) => written), [50, 50, 50]);
});

Deno.test("Connection wakes two writers of one stream", async () => {
  let woken = 0;
  await using f = fixture({
    "/two": async (call) => {
      const write = async () => {
        await call.write(new Uint8Array(10));
        await call.write(new Uint8Array(10));
        woken++;
      };
      await Promise.all([write(), write(), write()]);
    },
  });
  f.peer.hello();
  f.peer.room = false;
  f.peer.request(1, "/two");
  await turn();
  // Room before the word of it: who waits must still get that word.
  f.peer.room = true;
  f.peer.raw(frameOf(FrameType.PING, 0, 0, new Uint8Array(8)));
  await turn();
  f.peer.drain();
  await turn();
  assert.equal(woken, 3);
});

Deno.test("Connection lets no more than a window pile up before a handler that does not read", async () => {
  await using f = fixture();
  f.peer.hello();
  f.peer.request(1, "/hold");
  const piece = message("x".repeat(16_379));
  assert.equal(piece.length, 16_384);
  for (let sent = 0; sent < WINDOW; sent += piece.length) f.peer.data(1, piece);
  await turn();
  assert.equal(f.peer.raised(1), 0);
  assert(f.peer.raised(0) >= WINDOW - 65_535 + WINDOW - MIB, "the connection's window is returned");
  assert.deepEqual(f.lost, []);
  f.peer.data(1, piece);
  assert.match(String(f.lost[0]), /overran a stream's window/);
  assert.equal(f.peer.goaway, ErrorCode.PROTOCOL_ERROR);
});

Deno.test("Connection counts all of each large message before a handler that does not read", async () => {
  await using f = fixture();
  f.peer.hello();
  f.peer.request(1, "/hold");
  const large = envelope(new Uint8Array(3 * MIB));
  let sent = 0;
  while (f.lost.length === 0 && sent < 20 * large.length) {
    for (let at = 0; at < large.length && f.lost.length === 0; at += 16_384) {
      f.peer.data(1, large.subarray(at, at + 16_384));
    }
    sent += large.length;
  }
  assert.match(String(f.lost[0]), /overran/);
  assert(sent <= WINDOW + 3 * large.length, `${sent} bytes were taken`);
});

Deno.test("Connection takes a message that is larger than the window", async () => {
  let length = 0;
  await using f = fixture({
    "/one": async (call) => {
      for await (const [first] of call.batches) length = first!.length;
    },
  });
  f.peer.hello();
  f.peer.request(1, "/one");
  const large = envelope(new Uint8Array(WINDOW));
  for (let at = 0; at < large.length; at += 16_384) f.peer.data(1, large.subarray(at, at + 16_384));
  f.peer.end(1);
  await turn();
  assert.deepEqual(f.lost, []);
  assert.equal(length, WINDOW);
});

Deno.test("Connection returns the window for data of calls that have ended, and ignores it", async () => {
  await using f = fixture({ "/fail": () => Promise.reject(new Error("no")) });
  f.peer.hello();
  f.peer.request(1, "/fail");
  await turn();
  const before = f.peer.raised(0);
  for (let i = 0; i < 64; i++) f.peer.data(1, new Uint8Array(32_768));
  f.peer.raw(frameOf(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, 1, requestBlock("/a")));
  f.peer.window(1, 100);
  f.peer.reset(1);
  await turn();
  assert.equal(f.peer.raised(0) - before, 2 * MIB);
  assert.equal(f.peer.raised(1), 0);
  assert.deepEqual(f.lost, []);
  // Ours came first, so the peer is told that the rest is not wanted.
  assert.deepEqual(f.peer.of(FrameType.RST_STREAM, 1).map((r) => uint32(r.payload, 0)), [0]);
});

Deno.test("Connection refuses more streams than it announced", async () => {
  await using f = fixture();
  f.peer.hello();
  for (let i = 0; i < 1_001; i++) f.peer.request(2 * i + 1, "/hold");
  await turn();
  const resets = f.peer.of(FrameType.RST_STREAM).map((r) => [r.stream, uint32(r.payload, 0)]);
  assert.deepEqual(resets, [[2_001, ErrorCode.REFUSED_STREAM]]);
  f.peer.reset(1);
  await turn();
  f.peer.request(2_003, "/collect", [], Flag.END_STREAM);
  await turn();
  assert.equal(f.peer.trailers(2_003)?.["grpc-status"], "0");
});

const oversize = new Uint8Array(9);
oversize[0] = 0xff;
const headers = (stream: number, flags: number = Flag.END_HEADERS, block = requestBlock("/hold")) =>
  frameOf(FrameType.HEADERS, flags, stream, block);
const setting = (id: number, value: number) =>
  frameOf(FrameType.SETTINGS, 0, 0, settingsPayload([[id, value]]));

const VIOLATIONS: Array<[string, Uint8Array[]]> = [
  ["another frame within a header block", [headers(1, 0), frameOf(FrameType.PING, 0, 0, oversize)]],
  ["a continuation of another stream", [
    headers(1, 0),
    frameOf(FrameType.CONTINUATION, 4, 3, oversize),
  ]],
  ["a continuation of nothing", [frameOf(FrameType.CONTINUATION, 4, 1, oversize)]],
  ["a frame above the limit", [oversize]],
  ["an even stream", [headers(2)]],
  ["data for a stream that is not open", [frameOf(FrameType.DATA, 0, 5, oversize)]],
  ["trailers without an end", [headers(1), headers(1)]],
  ["settings of a wrong length", [frameOf(FrameType.SETTINGS, 0, 0, oversize)]],
  ["an initial window above 2^31-1", [setting(Setting.INITIAL_WINDOW_SIZE, 0x80000000)]],
  ["a window update of 0", [frameOf(FrameType.WINDOW_UPDATE, 0, 0, new Uint8Array(4))]],
  ["a window above 2^31-1", [frameOf(FrameType.WINDOW_UPDATE, 0, 0, uint32Bytes(0x7fffffff))]],
  ["a pushed stream", [frameOf(FrameType.PUSH_PROMISE, 0, 1, oversize)]],
  ["nothing but padding", [
    headers(1),
    frameOf(FrameType.DATA, Flag.PADDED, 1, Uint8Array.of(9, 0)),
  ]],
  ["a padded frame without its length", [
    headers(1),
    frameOf(FrameType.DATA, Flag.PADDED, 1, new Uint8Array()),
  ]],
  ["a header block that is not HPACK", [headers(1, Flag.END_HEADERS, Uint8Array.of(0x80))]],
];

for (const [what, frames] of VIOLATIONS) {
  Deno.test(`Connection ends over ${what}, once`, async () => {
    await using f = fixture();
    f.peer.hello();
    f.peer.raw(...frames, headers(9), new Uint8Array(100));
    f.peer.fail(new Error("closed later"));
    await turn();
    assert.deepEqual(f.lost.map(({ name }) => name), ["ProtocolError"]);
    assert.equal(f.peer.of(FrameType.GOAWAY).length, 1);
    assert.equal(f.peer.goaway, ErrorCode.PROTOCOL_ERROR);
  });
}

Deno.test("Connection ends over a wrong preface", async () => {
  await using f = fixture();
  f.peer.raw(text("GET / HTTP/1.1\r\n\r\n"));
  await turn();
  assert.match(String(f.lost[0]), /preface/);
});

Deno.test("Connection bounds a header block that never ends", async () => {
  await using f = fixture();
  f.peer.hello();
  f.peer.raw(headers(1, 0));
  const piece = new Uint8Array(MIB);
  for (let i = 0; i < 40 && f.lost.length === 0; i++) {
    f.peer.raw(frameOf(FrameType.CONTINUATION, 0, 1, piece));
  }
  assert.match(String(f.lost[0]), /header block is too large/);
});

Deno.test("Connection survives any changed, lost or added byte of a recording", async () => {
  const bytes = recording();
  let state = 7;
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) >>> 16;
  for (let at = 0; at < bytes.length; at++) {
    for (
      const changed of [
        bytes.with(at, random() & 0xff),
        concat([bytes.slice(0, at), bytes.slice(at + 1)]),
        concat([bytes.slice(0, at), Uint8Array.of(random() & 0xff), bytes.slice(at)]),
      ]
    ) {
      await using f = fixture();
      f.peer.raw(changed);
      assert(f.lost.every(({ name }) => name === "ProtocolError"), String(f.lost));
    }
  }
});

Deno.test("Connection survives random frames", async () => {
  let state = 9;
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) >>> 16;
  for (let round = 0; round < 300; round++) {
    await using f = fixture();
    f.peer.hello();
    f.peer.request(1, "/echo");
    for (let i = 0; i < 30; i++) {
      const payload = Uint8Array.from({ length: random() % 40 }, () => random() & 0xff);
      f.peer.raw(frameOf(random() % 12, random() & 0x2d, random() % 6, payload));
    }
    await turn();
    assert(f.lost.every(({ name }) => name === "ProtocolError"), String(f.lost));
  }
});
