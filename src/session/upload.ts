/** The session's Upload service: the daemon pulls a stream of bytes (session/upload, source/http/transport.go). */
import { Upload } from "../gen/upload.ts";
import { bytesMessageHeader } from "../rpc/bytes_message.ts";
import type { Handlers, ServerCall } from "../rpc/call.ts";
import { concat } from "../rpc/concat.ts";
import { quoted, Refusal } from "../rpc/refusal.ts";
import { StatusCode } from "../rpc/status.ts";

/** What the daemon's downloads are asked for, followed by an id, to have them from the session. */
export const UPLOAD_URL = "http://buildkit-session/";

/** Opens the bytes of an upload; the loop over them is left when the daemon breaks off. */
export type OpenUpload = (signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** Bytes in one message: the daemon takes 4 MiB at most, and others want their turn. */
const CHUNK = 1 << 20;

/** Serves uploads by their ids. */
export function uploadHandlers(uploads: ReadonlyMap<string, OpenUpload>): Handlers {
  return {
    // The daemon never ends its side of the call, so nothing waits for that.
    [Upload.pull.path]: async (call: ServerCall) => {
      const id = call.metadata.get("urlpath")?.split("/").at(-1) ?? "";
      const open = uploads.get(id);
      if (open === undefined) {
        throw new Refusal(StatusCode.NOT_FOUND, `the upload ${quoted(id)}`, `no upload "${id}"`);
      }
      for await (const chunk of open(call.signal)) {
        for (let start = 0; start < chunk.length; start += CHUNK) {
          const data = chunk.subarray(start, start + CHUNK);
          await call.write(concat([bytesMessageHeader(data.length), data]));
        }
      }
    },
  };
}
