/** Terminals and signals by Deno's own calls: a command that only builds then loads nothing of Node's process. */
import type { Output } from "../progress/display.ts";
import type { DenoApi, DenoOutput } from "../runtime/deno.ts";

const encoder = new TextEncoder();

/** Where a terminal's size can't be known. */
const USUAL_SIZE = { columns: 80, rows: 24 };

/** Standard output or error for text. */
export function denoOutput(deno: DenoApi, stream: DenoOutput): Output {
  let gone = false;
  return {
    write(text) {
      // Whoever read it is gone. What was to be shown has no reader any more, and the build is worth more than its display.
      if (!gone) gone = !writeWhole(stream, encoder.encode(text));
    },
    isTerminal: stream.isTerminal(),
    get columns() {
      return sizeOf(deno).columns;
    },
    get rows() {
      return sizeOf(deno).rows;
    },
  };
}

/** Calls `listener` for each of the signals until the returned function is called. */
export function denoInterrupts(
  deno: DenoApi,
  signals: readonly string[],
  listener: () => void,
): () => void {
  for (const signal of signals) deno.addSignalListener(signal, listener);
  return () => signals.forEach((signal) => deno.removeSignalListener(signal, listener));
}

/** Whether all of it was written. */
function writeWhole(stream: DenoOutput, bytes: Uint8Array): boolean {
  for (let sent = 0; sent < bytes.length;) {
    try {
      sent += stream.writeSync(bytes.subarray(sent));
    } catch (error) {
      // Somebody else has made it one that does not wait: what is read from it makes room.
      if ((error as Error).name === "WouldBlock") continue;
      return false;
    }
  }
  return true;
}

function sizeOf(deno: DenoApi): { columns: number; rows: number } {
  try {
    return deno.consoleSize();
  } catch {
    // No terminal.
    return USUAL_SIZE;
  }
}
