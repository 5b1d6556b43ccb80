import { sha256 } from "../runtime/sha256.ts";

/** Half a second: writers of tar round to seconds, and must come to the epoch. */
const EPOCH_RANGE = 500_000_000n;
const MILLISECOND = 1_000_000n;

/**
 * The time in nanoseconds to announce a file in memory with. The daemon takes a file of the same size and time for the one
 * it already has (fsutil diff_containerd.go), so other content must show in the time: `modTime` with its milliseconds kept
 * and a hash of the content below them; for the epoch, which is the default, anywhere in its first half second. Layers hold
 * whole seconds, so images do not change by it.
 */
export async function contentTime(
  modTime: bigint,
  content: Uint8Array,
): Promise<bigint> {
  const { buffer, byteOffset } = await sha256(content);
  const hash = new DataView(buffer, byteOffset).getBigUint64(0, true);
  return modTime + hash % (modTime === 0n ? EPOCH_RANGE : MILLISECOND);
}
