import { unrefTimeout } from "../runtime/timers.ts";

/** How long dialing may take, in milliseconds. */
export const DIAL_TIMEOUT_MS = 5_000;

/** A time limit and a signal over several steps, with nothing left behind. */
export interface Deadline {
  /** Whether the time is over. */
  readonly passed: boolean;
  /** The promise's outcome, or a rejection as soon as the time is over or the signal fires. */
  before<T>(promise: Promise<T>): Promise<T>;
  /** To be called at the end. */
  release(): void;
}

/** Starts to count; without `timeoutMs` only the signal counts. */
export function deadline(timeoutMs: number | undefined, signal?: AbortSignal): Deadline {
  let passed = false;
  let end = (_reason: unknown) => {};
  const over = new Promise<never>((_, reject) => end = reject);
  // It may be over while nobody waits.
  over.catch(() => {});
  const onAbort = () => end(signal!.reason);
  const stop = timeoutMs === undefined ? undefined : unrefTimeout(() => {
    passed = true;
    end(new Error(`nothing came within ${timeoutMs} ms`));
  }, timeoutMs);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    get passed() {
      return passed;
    },
    before: (promise) => Promise.race([promise, over]),
    release() {
      stop?.();
      signal?.removeEventListener("abort", onAbort);
    },
  };
}
