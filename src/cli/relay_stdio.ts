import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { Io } from "./io.ts";

/**
 * Passes bytes between the standard streams and `stream`, no faster than they are taken, until the stream's end. The end of
 * standard input ends that direction only. Leaves nothing open.
 */
export async function relayStdio(
  stream: Duplex,
  io: Pick<Io, "openStdin" | "stdout">,
  signal: AbortSignal,
): Promise<void> {
  const stdin = io.openStdin().getReader();
  const stop = () => void stream.destroy(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const sending = send(stdin, stream);
  try {
    const stdout = io.stdout.open().getWriter();
    for await (const chunk of stream) await stdout.write(chunk as Uint8Array);
    await stdout.close();
  } finally {
    signal.removeEventListener("abort", stop);
    stream.destroy();
    await stdin.cancel();
    await sending;
  }
}

async function send(
  stdin: ReadableStreamDefaultReader<Uint8Array>,
  stream: Duplex,
): Promise<void> {
  const closed = new AbortController();
  stream.once("close", () => closed.abort());
  try {
    for (;;) {
      const { done, value } = await stdin.read();
      if (done || stream.destroyed) break;
      if (!stream.write(value)) await once(stream, "drain", { signal: closed.signal });
    }
    stream.end();
  } catch (error) {
    // Whoever reads the stream sees its failure, or what was wrong with the input.
    if (!stream.destroyed) stream.destroy(error as Error);
  }
}
