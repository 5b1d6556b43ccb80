/** Notices a daemon that says nothing any more, on a connection that still looks sound. */

import { unrefTimeout } from "../runtime/timers.ts";

/** How many looks make one timeout. */
const LOOKS = 4;

/** Timers can't be set for longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls `onSilence` once if `received` does not change for `timeoutMs`, `Infinity` for never. Counts looks, not time: a process that was stopped
 * itself, or was busy for long, has missed its looks and takes what waits on the socket before the next one.
 *
 * @returns a function that ends it
 */
export function watchSilence(
  received: () => number,
  timeoutMs: number,
  onSilence: () => void,
): () => void {
  if (timeoutMs > LONGEST_TIMER_MS) return () => {};
  let last = received();
  let silent = 0;
  let stop: () => void;
  const look = () => {
    const now = received();
    silent = now === last ? silent + 1 : 0;
    last = now;
    if (silent < LOOKS) stop = unrefTimeout(look, timeoutMs / LOOKS);
    else onSilence();
  };
  stop = unrefTimeout(look, timeoutMs / LOOKS);
  return () => stop();
}
