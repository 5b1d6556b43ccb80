import { BytesMessage } from "../gen/filesync.ts";
import type { ServerCall } from "../rpc/call.ts";
import { unlessAborted } from "../unless_aborted.ts";
import type { ArchiveSink } from "./archive_sink.ts";
import { Turns } from "./turns.ts";

/** Bytes per write: the daemon's own messages can be as small as 4 KiB. */
const CHUNK = 256 << 10;

/** Options of {@linkcode receiveArchive}. */
export interface ReceiveArchiveOptions {
  /** Called now and then while the archive arrives. */
  onProgress?: (progress: Readonly<{ bytes: number }>) => void;
}

/**
 * Writes the archive that the daemon sends on `call` to `sink`, until the daemon ends the stream (session/filesync
 * diffcopy.go). The sink is neither committed nor discarded: see {@linkcode ArchiveSink}. Throws what the sink throws, and when
 * the call breaks off.
 */
export async function receiveArchive(
  call: ServerCall,
  sink: Pick<ArchiveSink, "write">,
  { onProgress = () => {} }: ReceiveArchiveOptions = {},
): Promise<{ bytes: number }> {
  const turns = new Turns();
  const progress = { bytes: 0 };
  let chunk = new Uint8Array(CHUNK);
  let used = 0;
  for await (const batch of call.batches) {
    for (const message of batch) {
      let { data } = BytesMessage.decode(message);
      progress.bytes += data.length;
      while (data.length > 0) {
        const part = data.subarray(0, CHUNK - used);
        chunk.set(part, used);
        used += part.length;
        data = data.subarray(part.length);
        if (used < CHUNK) continue;
        used = 0;
        const work = sink.write(chunk);
        if (work === undefined) continue;
        // A reader that stopped reading must not hold a canceled build.
        await unlessAborted(work, call.signal);
        chunk = new Uint8Array(CHUNK);
      }
      if (turns.due()) await turns.take();
    }
    onProgress(progress);
  }
  if (used > 0) {
    await unlessAborted(Promise.resolve(sink.write(chunk.subarray(0, used))), call.signal);
  }
  return progress;
}
