/** Timers of which a process does not wait. */
import { deno } from "./deno.ts";

/** Calls `run` once in `ms` milliseconds if the process still runs then; what is returned makes it not be called. */
export function unrefTimeout(run: () => void, ms: number): () => void {
  const timer: unknown = setTimeout(run, ms);
  if (deno === undefined || typeof timer !== "number") (timer as { unref(): void }).unref();
  else deno.unrefTimer(timer);
  return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
}
