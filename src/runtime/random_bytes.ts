import { builtin } from "./builtin.ts";
import { deno } from "./deno.ts";

/** `count` bytes that nobody can guess. Under Node by its own module, since WebCrypto takes it a millisecond to load. */
export const randomBytes: (count: number) => Uint8Array = deno === undefined
  ? (count) => builtin("crypto").randomBytes(count)
  : (count) => crypto.getRandomValues(new Uint8Array(count));
