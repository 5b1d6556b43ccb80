import { builtin } from "./builtin.ts";
import { deno } from "./deno.ts";

/**
 * The SHA-256 of `bytes`. Under Node by its own module: a first hash by WebCrypto takes some milliseconds there, since it is
 * handed to another thread.
 */
export const sha256: (bytes: Uint8Array) => Promise<Uint8Array> = deno === undefined
  ? (bytes) => Promise.resolve(builtin("crypto").createHash("sha256").update(bytes).digest())
  : async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", unshared(bytes)));

/** What WebCrypto takes: no memory that other threads may change meanwhile. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const isOwn = bytes.buffer instanceof ArrayBuffer;
  return isOwn ? bytes as Uint8Array<ArrayBuffer> : new Uint8Array(bytes);
}
