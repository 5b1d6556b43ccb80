/** The served side of an HTTP/2 connection, and a raw peer before it. */
import type { Handler, Handlers, ServerCall } from "../../src/rpc/call.ts";
import { envelope } from "../../src/rpc/envelope.ts";
import { serve, type Server } from "../../src/rpc/server.ts";
import { RawPeer } from "./raw_peer.ts";

/** What `/collect` got. */
export interface Seen {
  path: string;
  metadata: ReadonlyArray<readonly [string, string]>;
  messages: string[];
  ended: boolean;
  error?: Error;
}

/** A server and its peer. */
export interface Served extends AsyncDisposable {
  peer: RawPeer;
  server: Server;
  seen: Seen[];
  lost: Error[];
}

/** A server whose `/collect` notes what it gets, whose `/echo` sends it back, whose `/hold` reads nothing. */
export function served(more: Handlers = {}): Served {
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
export function bulk(count: number, size: number, progress = { written: 0 }): Handler {
  return async (call) => {
    for (; progress.written < count; progress.written++) await call.write(new Uint8Array(size));
  };
}

/** A text's bytes. */
export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A text as a framed message. */
export const message = (value: string): Uint8Array => envelope(text(value));
