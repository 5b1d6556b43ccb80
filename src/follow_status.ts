/** The status stream of one solve, read beside it (client/solve.go). */
import type { BuildKitClient } from "./client.ts";
import type { StatusResponse } from "./gen/control.ts";
import { unrefTimeout } from "./runtime/timers.ts";

/** How long the status stream may stay silent after the solve has ended, in milliseconds (client/solve.go). */
export const STATUS_GRACE_MS = 5_000;

/** How long the daemon may take to end a build that was canceled, in milliseconds: if it can, it does in less. */
export const CANCEL_GRACE_MS = 90;

/** How long it may go on after that, whatever comes, in milliseconds: it is what was left to be said, and no more. */
const STATUS_END_MS = 15_000;

/** Options of {@linkcode followStatus}. */
export interface FollowOptions {
  /** Gets every message. While the solve runs, the stream waits for the promise it may return. */
  onStatus: (status: StatusResponse) => Promise<void> | undefined;
  /** Milliseconds of silence after which the daemon counts as gone. */
  stallTimeoutMs: number;
}

/** A status stream that is being read. */
export interface StatusReader {
  /** Whether a message has come. */
  readonly begun: boolean;
  /** Waits for no more. */
  stop(): void;
  /** To be called when the solve is over: reads to the end, but not for ever. `signal` cancels builds, `gone` is the daemon's end. */
  finish(signal: AbortSignal, gone: AbortSignal): Promise<void>;
}

/** Reads the status stream beside the solve. It may start first: the daemon waits for the build to appear. */
export function followStatus(
  client: BuildKitClient,
  ref: string,
  { onStatus, stallTimeoutMs }: FollowOptions,
): StatusReader {
  const stop = new AbortController();
  let stopGrace = () => {};
  let graceMs = Math.min(STATUS_GRACE_MS, stallTimeoutMs);
  let ending = false;
  let begun = false;
  let release = (): void => {};
  const solved = new Promise<void>((resolve) => release = resolve);
  const waitForNext = () => {
    stopGrace();
    if (ending) stopGrace = unrefTimeout(() => stop.abort(), graceMs);
  };
  const reading = (async () => {
    for await (const message of client.status(ref, { signal: stop.signal })) {
      begun = true;
      const room = onStatus(message);
      // What is left when the build is over is taken in at once: its end never waits for a reader.
      if (room !== undefined && !ending) await Promise.race([room, solved]);
      waitForNext();
    }
  })();
  // Only the solve decides how a build ends; what its progress lacks must not change that.
  const settled = reading.catch(() => {}).finally(() => stopGrace());
  return {
    get begun() {
      return begun;
    },
    stop: () => stop.abort(),
    async finish(signal, gone) {
      ending = true;
      if (signal.aborted) graceMs = CANCEL_GRACE_MS;
      release();
      // A build that was canceled before it began may never appear, and the daemon would go on waiting for it.
      if (gone.aborted || signal.aborted && !begun) stop.abort();
      else waitForNext();
      const limitMs = Math.min(STATUS_END_MS, stallTimeoutMs);
      const stopLast = unrefTimeout(() => stop.abort(), limitMs);
      await settled;
      stopGrace();
      stopLast();
    },
  };
}
