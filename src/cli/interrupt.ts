import { CanceledError } from "../errors.ts";
import type { Io } from "./io.ts";
import { ExitCode } from "./exit_code.ts";

/**
 * Runs `work` with a signal that the first Ctrl-C (or SIGTERM) fires, with a `CanceledError` as its reason; the second ends
 * the process at once.
 */
export async function interruptible<T>(
  io: Io,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const release = io.onInterrupt(() => {
    if (controller.signal.aborted) io.exit(ExitCode.interrupted);
    else controller.abort(new CanceledError("interrupted"));
  });
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
