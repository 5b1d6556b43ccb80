/** Frames that are wrong, too many, or none at all. */
import type { Socket } from "node:net";
import { Control } from "../../../src/gen/control.ts";
import { FileSync } from "../../../src/gen/filesync.ts";
import { concat } from "../../../src/rpc/concat.ts";
import {
  Flag,
  frameOf,
  FrameType,
  Setting,
  settingsPayload,
  uint32Bytes,
} from "../../../src/rpc/http2/frames.ts";
import { encodeHeaders } from "../../../src/rpc/http2/hpack.ts";
import type { BuildOptions } from "../../../src/types.ts";
import type { HostileSession } from "../../support/hostile_session.ts";
import { requestBlock } from "../../support/raw_peer.ts";
import { aborted } from "../../support/hostile_daemon.ts";
import type { Attack } from "../attack.ts";

const NOTHING = new Uint8Array();
const SOON: BuildOptions = { output: "cacheonly", stallTimeoutMs: 1_000 };

/** A script on the frames of the session. */
function frames(
  what: string,
  send: (session: HostileSession) => Promise<unknown> | unknown,
  outcome: Attack["outcome"] = "PROTOCOL_VIOLATION",
): Attack {
  return {
    group: "Frames",
    what,
    options: () => SOON,
    script: () => ({
      async session(session, { gone }) {
        await send(session);
        await aborted(gone);
      },
    }),
    outcome,
  };
}

/** A script on the connection itself. */
function bytes(
  what: string,
  socket: (socket: Socket) => void,
  outcome: Attack["outcome"],
): Attack {
  return {
    ...{ group: "Frames", what, outcome },
    options: () => SOON,
    script: () => ({ socket }),
  };
}

/** The same frames many times, as long as they are taken; nothing that the client says is read. */
async function flood(session: HostileSession, frame: Uint8Array, times: number): Promise<void> {
  const some = concat(Array(1_000).fill(frame));
  for (let sent = 0; sent < times; sent += 1_000) {
    if (!await session.flood(some)) return;
  }
}

const request = (stream: number, flags: number) =>
  frameOf(
    FrameType.HEADERS,
    Flag.END_HEADERS | flags,
    stream,
    requestBlock(FileSync.diffCopy.path, [["dir-name", "context"]]),
  );

/** Streams 2n + 1 from the hundredth on, so that they are none of the connection's own. */
const streams = (count: number, flags = 0) =>
  Array.from({ length: count }, (_, i) => request(2 * i + 101, flags));

/** What waits for something that never comes. */
function stall(what: string, script: Attack["script"], outcome = "CONNECTION_STALLED"): Attack {
  return { ...{ group: "Silence", what, outcome, script }, options: () => SOON };
}

const silent = (path: string) => () => ({
  handlers: { [path]: (call: { signal: AbortSignal }) => aborted(call.signal) },
});

/** What is tried. */
export const TRANSPORT: readonly Attack[] = [
  frames(
    "sends a frame of 16 MiB",
    (s) => s.raw(new Uint8Array([255, 255, 255, 0, 0, 0, 0, 0, 1])),
  ),
  frames("sends bytes that are no frames", (s) => s.raw(new Uint8Array(100).fill(0xff))),
  frames("sends data on a stream that is not open", (s) => {
    s.raw(frameOf(FrameType.DATA, 0, 9_999, new Uint8Array(10)));
  }),
  frames("overruns the window", async (session) => {
    const call = session.open(FileSync.diffCopy.path, { "dir-name": "context" });
    const piece = frameOf(FrameType.DATA, 0, call.id, new Uint8Array(16_384).fill(1));
    // One message that never ends, and a stream that nobody reads from.
    await flood(session, piece, 2_000);
  }),
  frames("raises a window beyond all bounds", (session) => {
    const raise = frameOf(FrameType.WINDOW_UPDATE, 0, 0, uint32Bytes(0x7fffffff));
    session.raw(raise, raise);
  }),
  frames("raises a window by nothing", (s) => {
    s.raw(frameOf(FrameType.WINDOW_UPDATE, 0, 0, uint32Bytes(0)));
  }),
  frames("sets a window that is too large", (s) => {
    const payload = settingsPayload([[Setting.INITIAL_WINDOW_SIZE, 0xffffffff]]);
    s.raw(frameOf(FrameType.SETTINGS, 0, 0, payload));
  }),
  frames("pushes a stream", (s) => {
    s.raw(frameOf(FrameType.PUSH_PROMISE, Flag.END_HEADERS, 1, uint32Bytes(2)));
  }),
  frames("opens a stream of an even number", (s) => s.raw(request(100, 0))),
  frames("breaks a header block off by another frame", (s) => {
    s.raw(
      frameOf(FrameType.HEADERS, 0, 101, requestBlock("/x")),
      frameOf(FrameType.PING, 0, 0, NOTHING),
    );
  }),
  frames("sends headers that can't be decoded", (s) => {
    s.raw(frameOf(FrameType.HEADERS, Flag.END_HEADERS, 101, new Uint8Array([0xff, 0xff, 0xff])));
  }),
  frames("sends a header block without end", async (session) => {
    session.raw(frameOf(FrameType.HEADERS, 0, 101, requestBlock("/x")));
    const more = encodeHeaders([["x", "y".repeat(10_000)]]);
    await flood(session, frameOf(FrameType.CONTINUATION, 0, 101, more), 10_000);
  }),
  frames("has a small header block grow to gigabytes", async (session) => {
    // One entry of 4,000 bytes in the table, and then a byte for each time that it is named.
    const entry = new Uint8Array([0x40, 1, 0x78, 0x7f, 0xa1, 0x1e, ...Array(4_000).fill(0x79)]);
    const named = new Uint8Array(1_000_000).fill(0x80 | 62);
    session.raw(frameOf(FrameType.HEADERS, 0, 101, entry));
    await session.flood(frameOf(FrameType.CONTINUATION, Flag.END_HEADERS, 101, named));
  }),
  frames("has the headers of 1,000 streams grow to gigabytes", async (session) => {
    const entry = new Uint8Array([0x40, 1, 0x78, 0x7f, 0xa1, 0x1e, ...Array(4_000).fill(0x79)]);
    const block = concat([requestBlock(FileSync.diffCopy.path, [["dir-name", "context"]]), entry]);
    session.raw(frameOf(FrameType.HEADERS, Flag.END_HEADERS, 101, block));
    const named = concat([
      requestBlock(FileSync.diffCopy.path, [["dir-name", "context"]]),
      new Uint8Array(10_000).fill(0x80 | 62),
    ]);
    for (let stream = 103; stream < 1_000; stream += 2) {
      if (!await session.flood(frameOf(FrameType.HEADERS, Flag.END_HEADERS, stream, named))) return;
    }
  }),
  frames("sends a million pings", async (session) => {
    await flood(session, frameOf(FrameType.PING, 0, 0, new Uint8Array(8)), 1_000_000);
  }, ["PROTOCOL_VIOLATION", "CONNECTION_STALLED"]),
  frames("sends 200,000 settings", async (session) => {
    await flood(session, frameOf(FrameType.SETTINGS, 0, 0, NOTHING), 200_000);
  }, ["PROTOCOL_VIOLATION", "CONNECTION_STALLED"]),
  frames("opens 5,000 streams at once", async (session) => {
    for (const one of streams(5_000)) if (!await session.flood(one)) return;
  }, "CONNECTION_STALLED"),
  frames("opens and resets 5,000 streams", async (session) => {
    for (const [i, one] of streams(5_000).entries()) {
      const reset = frameOf(FrameType.RST_STREAM, 0, 2 * i + 101, uint32Bytes(8));
      if (!await session.flood(one, reset)) return;
    }
  }, "CONNECTION_STALLED"),
  frames("sends a compressed message", async (session) => {
    const call = session.open(FileSync.diffCopy.path, { "dir-name": "context" });
    call.sendRaw(new Uint8Array([1, 0, 0, 0, 4, 0x1f, 0x8b, 8, 0]));
    await call.over();
  }, "CONNECTION_STALLED"),
  frames("announces a message of 4 GiB", async (session) => {
    const call = session.open(FileSync.diffCopy.path, { "dir-name": "context" });
    call.sendRaw(new Uint8Array([0, 255, 255, 255, 255, 1]));
    await call.over();
  }, "CONNECTION_STALLED"),
  frames("says goodbye, and stays", (session) => {
    session.raw(frameOf(FrameType.GOAWAY, 0, 0, new Uint8Array(8)));
  }, "CONNECTION_STALLED"),
  bytes("answers with bytes that are no HTTP/2", (socket) => {
    socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
  }, "NOT_BUILDKIT"),
  bytes("answers with random bytes", (socket) => {
    socket.write(new Uint8Array(1_000).fill(0xee));
  }, "NOT_BUILDKIT"),
  bytes("reads nothing and pings without end", (socket) => {
    socket.pause();
    socket.write(frameOf(FrameType.SETTINGS, 0, 0, NOTHING));
    const pings = concat(Array(2_000).fill(frameOf(FrameType.PING, 0, 0, new Uint8Array(8))));
    const more = () => {
      while (!socket.destroyed && socket.write(pings));
    };
    socket.on("drain", more);
    more();
  }, ["CONNECTION_LOST", "PROTOCOL_VIOLATION"]),
  stall("takes no session", () => ({
    session: (_, { gone }) => aborted(gone),
    ...silent(Control.session.path)(),
  })),
  stall("never answers Solve", silent(Control.solve.path)),
  stall("never answers Solve, and dribbles a status message now and then for ever", () => ({
    async session(_, stage) {
      while (await stage.status({})) await new Promise((resolve) => setTimeout(resolve, 100));
    },
  })),
  stall("has no status", () => ({
    session: (_, { gone }) => aborted(gone),
    ...silent(Control.status.path)(),
  })),
  stall("says that all went well, and never ends the status stream", () => ({
    session: () => Promise.resolve(),
    afterwards: ({ gone }) => aborted(gone),
  }), "built"),
  stall("says that all went well, and dribbles a status message now and then for ever", () => ({
    session: () => Promise.resolve(),
    async afterwards(stage) {
      while (await stage.status({})) await new Promise((resolve) => setTimeout(resolve, 100));
    },
  }), "built"),
  stall("reads half of the context", () => ({
    async session(session, { gone }) {
      await session.diffCopy({ "dir-name": "context" }).next();
      await aborted(gone);
    },
  })),
];
