/** SSH's data types: numbers, and strings with their length before them (RFC 4251, section 5). */
import { concat } from "../rpc/concat.ts";

/** Bytes that end before what they announce does. */
export class TruncatedError extends Error {}

/** Reads values one after the other. Throws a `TruncatedError` past the end. */
export class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** What is not read yet. */
  get rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  take(length: number): Uint8Array {
    if (length > this.rest.length) throw new TruncatedError("It ends too early");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  uint32(): number {
    return readUint32(this.take(4), 0);
  }

  string(): Uint8Array {
    return this.take(this.uint32());
  }

  text(): string {
    return new TextDecoder().decode(this.string());
  }
}

/** The big-endian number at an offset. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

/** A number as four bytes. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** A string of bytes or text. */
export function string(value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return concat([uint32(bytes.length), bytes]);
}

/** A number of any size, given as its unsigned bytes. */
export function mpint(unsigned: Uint8Array): Uint8Array {
  const bytes = withoutZeros(unsigned);
  // The first bit would be a sign.
  return string((bytes[0] ?? 0) >= 0x80 ? concat([Uint8Array.of(0), bytes]) : bytes);
}

/** Without the zeros at the front. */
export function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? new Uint8Array() : bytes.subarray(first);
}

/** With zeros at the front, up to a length. */
export function padded(bytes: Uint8Array, length: number): Uint8Array {
  const short = withoutZeros(bytes);
  return concat([new Uint8Array(Math.max(0, length - short.length)), short]);
}
