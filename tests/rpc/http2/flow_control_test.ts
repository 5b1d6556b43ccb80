import assert from "node:assert/strict";
import { envelope } from "../../../src/rpc/envelope.ts";
import {
  ErrorCode,
  Flag,
  frameOf,
  FrameType,
  Setting,
  uint32,
} from "../../../src/rpc/http2/frames.ts";
import { requestBlock, turn } from "../../support/raw_peer.ts";
import { bulk, message, served } from "../../support/served_peer.ts";

const MIB = 1 << 20;
const WINDOW = 16 * MIB;

Deno.test("Connection sends exactly what the windows allow", async () => {
  await using f = served();
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
    const [allowed, largest] of [
      [undefined, 16_384],
      [20_000, 20_000],
      [1 << 24, 640 << 10],
    ] as const
  ) {
    await using f = served({ "/bulk": bulk(1, 3 * MIB) });
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
  await using f = served({ "/bulk": bulk(100, 64 << 10) });
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
  await using f = served({ "/bulk": bulk(1_000, 64 << 10, progress) });
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
  await using f = served({ "/bulk": bulk(1_000, 64 << 10) });
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
  await using f = served(handlers);
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
  await using f = served({
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
  await using f = served();
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
  await using f = served();
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
  await using f = served({
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
  await using f = served({ "/fail": () => Promise.reject(new Error("no")) });
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
