import { concat } from "../../rpc/concat.ts";
import type { Io } from "../io.ts";

/** Standard input to its end. */
export async function readStdinBytes(io: Io): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.openStdin()) chunks.push(chunk);
  return concat(chunks);
}
