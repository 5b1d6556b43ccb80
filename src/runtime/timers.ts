/** Timers for which no process waits: limits for what something else is expected to end. */
import { deno } from "./deno.ts";

/** Timers can't be set for longer, in milliseconds. */
export const LONGEST_TIMER_MS: number = 2 ** 31 - 1;

/**
 * Calls `run` once in `ms` milliseconds, unless the function that is returned is called before. Under Deno `setTimeout` is
 * Node's, and its first use takes 5 ms, which is a fifth of what a small build may take.
 */
export const unrefTimeout: (run: () => void, ms: number) => () => void = deno === undefined
  ? nodeTimeout
  : signalTimeout;

function nodeTimeout(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms) as unknown as { unref(): void };
  timer.unref();
  return () => clearTimeout(timer as unknown as ReturnType<typeof setTimeout>);
}

function signalTimeout(run: () => void, ms: number): () => void {
  const signal = AbortSignal.timeout(ms);
  signal.addEventListener("abort", run, { once: true });
  return () => signal.removeEventListener("abort", run);
}
