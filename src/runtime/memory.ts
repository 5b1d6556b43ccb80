import { builtin } from "./builtin.ts";
import { deno } from "./deno.ts";

/** Memory as it comes: for buffers of which only what was written is ever used, so that Node may save itself the zeros. */
export function uninitialized(length: number): Uint8Array<ArrayBuffer> {
  if (deno !== undefined) return new Uint8Array(length);
  const { buffer } = builtin("buffer").Buffer.allocUnsafeSlow(length);
  return new Uint8Array(buffer as ArrayBuffer, 0, length);
}
