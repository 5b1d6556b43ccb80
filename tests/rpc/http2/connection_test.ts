import assert from "node:assert/strict";
import { concat } from "../../../src/rpc/concat.ts";
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
import { PREFACE, requestBlock, turn } from "../../support/raw_peer.ts";
import { message, served, text } from "../../support/served_peer.ts";

const MIB = 1 << 20;
const WINDOW = 16 * MIB;

Deno.test("Connection announces itself first", async () => {
  await using f = served();
  await turn();
  assert.deepEqual(f.peer.frames.map(({ type }) => type), [
    FrameType.SETTINGS,
    FrameType.WINDOW_UPDATE,
  ]);
  assert.equal(f.peer.raised(0), WINDOW - 65_535);
});

Deno.test("Connection acknowledges settings and pings", async () => {
  await using f = served();
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
    await using f = served();
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
  await using f = served();
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
  await using f = served();
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

Deno.test("Connection refuses more streams than it announced", async () => {
  await using f = served();
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
    await using f = served();
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
  await using f = served();
  f.peer.raw(text("GET / HTTP/1.1\r\n\r\n"));
  await turn();
  assert.match(String(f.lost[0]), /preface/);
});

Deno.test("Connection bounds a header block that never ends", async () => {
  await using f = served();
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
      await using f = served();
      f.peer.raw(changed);
      assert(f.lost.every(({ name }) => name === "ProtocolError"), String(f.lost));
    }
  }
});

Deno.test("Connection survives random frames", async () => {
  let state = 9;
  const random = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) >>> 16;
  for (let round = 0; round < 300; round++) {
    await using f = served();
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

Deno.test("Connection serves nothing after it was closed, not even the rest of a chunk", async () => {
  let closing: Promise<void> | undefined;
  await using f = served({
    "/close": () => {
      closing = f.server.close();
      return Promise.resolve();
    },
  });
  f.peer.hello();
  f.peer.raw(
    concat(
      [1, 3].map((stream) =>
        headers(stream, Flag.END_HEADERS, requestBlock(stream === 1 ? "/close" : "/collect"))
      ),
    ),
  );
  await closing;
  assert.deepEqual(f.seen, []);
});
