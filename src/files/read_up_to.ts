import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";

/**
 * A file's content, or if it has more than `most` bytes, the first `most + 1` of them. Reads what has no size, too, such as a pipe.
 * Rejects with the system's error, or the signal's reason.
 */
export async function readUpTo(
  path: string,
  most: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of createReadStream(path, { end: most, signal })) {
      chunks.push(chunk as Uint8Array);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  return Buffer.concat(chunks);
}
