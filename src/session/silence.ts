/** Notices a daemon that says nothing any more, on a connection that still looks sound. */
import { LONGEST_TIMER_MS, unrefTimeout } from "../runtime/timers.ts";

/** How many looks make one timeout. */
const LOOKS = 4;

/** A watch over a daemon. */
export interface SilenceWatch {
  /** The longest time that this program itself missed its looks, in milliseconds: it was busy, or stopped. */
  missed(): number;
  /** Ends it. */
  stop(): void;
}

/**
 * Calls `onSilence` once if `received` does not change for `timeoutMs`, `Infinity` for never. Counts looks, not time: a process that was stopped
 * itself, or was busy for long, has missed its looks and takes what waits on the socket before the next one.
 */
export function watchSilence(
  received: () => number,
  timeoutMs: number,
  onSilence: () => void,
): SilenceWatch {
  if (timeoutMs > LONGEST_TIMER_MS) return { missed: () => 0, stop: () => {} };
  const every = timeoutMs / LOOKS;
  let last = received();
  let silent = 0;
  let looked = performance.now();
  let longest = 0;
  const missed = () => longest = Math.max(longest, performance.now() - looked - every);
  const look = () => {
    missed();
    looked = performance.now();
    const now = received();
    silent = now === last ? silent + 1 : 0;
    last = now;
    if (silent < LOOKS) stop = unrefTimeout(look, every);
    else onSilence();
  };
  let stop = unrefTimeout(look, every);
  return { missed, stop: () => stop() };
}
