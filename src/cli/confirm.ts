/** A question before something that can't be undone. */
import { interruptible } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Asks on the terminal; only `y` and `yes` are yes. Throws a `UsageError` where there is no terminal, and a `CanceledError` if
 * it is interrupted.
 */
export async function confirm(io: Io, question: string, command: string): Promise<boolean> {
  if (!io.stdinIsTerminal) {
    throw new UsageError(
      `${command} asks before it removes anything, but standard input is not a terminal`,
      "Add --force",
    );
  }
  const answer = await interruptible(io, (signal) => {
    io.stderr.write(`${question} [y/N] `);
    return readLine(io, signal);
  });
  return /^y(es)?$/i.test(answer.trim());
}

async function readLine(io: Io, signal: AbortSignal): Promise<string> {
  const reader = io.openStdin().getReader();
  const decoder = new TextDecoder();
  // A terminal's driver reads lines: what is canceled here is its next one.
  const stop = () => void reader.cancel(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  let text = "";
  try {
    while (!text.includes("\n")) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    signal.removeEventListener("abort", stop);
    await reader.cancel();
  }
  return text.split("\n")[0]!;
}
