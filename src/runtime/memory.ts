/**
 * Memory for what is sent. A fresh buffer costs zeros and page faults, and after some tens of MiB of them V8 looks through all of
 * its heap: a GiB of files was 3 GiB of buffers. So those that have done their work are used again.
 */
import { builtin } from "./builtin.ts";
import { deno } from "./deno.ts";

/** Less than this, in bytes, is not worth keeping. */
const LEAST = 64 << 10;

/** What a kept buffer has: two batches of files with all that is around them. One size for all, so that each serves the next. */
export const KEPT_SIZE: number = 704 << 10;

/** What is kept at most, 5.5 MiB; the rest is left to the collector. */
const MOST_KEPT = 8;

const free: ArrayBuffer[] = [];

/** Those that are out, and may come back. */
const lent = new WeakSet<ArrayBufferLike>();

/** Memory as it comes: for buffers of which only what was written is ever used. Whoever is the last to use it may {@linkcode reuse} it. */
export function uninitialized(length: number): Uint8Array<ArrayBuffer> {
  if (length < LEAST || length > KEPT_SIZE) return new Uint8Array(fresh(length), 0, length);
  const buffer = free.pop() ?? fresh(KEPT_SIZE);
  lent.add(buffer);
  return new Uint8Array(buffer, 0, length);
}

/**
 * Takes back memory that nobody will look at any more, of {@linkcode uninitialized} or any other; `bytes` is a view of it from
 * its beginning. What is elsewhere in it is not looked at any more either.
 */
export function reuse({ buffer, byteOffset }: Uint8Array): void {
  if (byteOffset !== 0 || !lent.delete(buffer) || free.length === MOST_KEPT) return;
  free.push(buffer as ArrayBuffer);
}

function fresh(length: number): ArrayBuffer {
  if (deno !== undefined) return new ArrayBuffer(length);
  // Without zeros.
  return builtin("buffer").Buffer.allocUnsafeSlow(length).buffer as ArrayBuffer;
}
