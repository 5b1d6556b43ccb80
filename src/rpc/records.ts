/** Cuts a byte stream into records that begin with their length, as HTTP/2's frames and gRPC's messages do. */
import { concat } from "./concat.ts";

/**
 * Takes the pieces of the stream as they come. A record that lies within one piece is a view of it; one that began in an
 * earlier piece is copied, and nothing else is.
 */
export class RecordReader {
  readonly #headerSize: number;
  readonly #lengthOf: (header: Uint8Array) => number;
  /** The record that has begun. */
  #parts: Uint8Array[] = [];
  #size = 0;
  /** Bytes that it needs for the next step: for its header, or for all of it. */
  #wanted = 0;

  /** `lengthOf` tells from a header how many bytes follow it. What it throws, `push` throws. */
  constructor(headerSize: number, lengthOf: (header: Uint8Array) => number) {
    this.#headerSize = headerSize;
    this.#lengthOf = lengthOf;
  }

  /** Whether a record has begun and is not complete. */
  get within(): boolean {
    return this.#size > 0;
  }

  /**
   * Calls `onRecord` for each record that `piece` completes, its header included. It may return true to have what follows for
   * itself: then that is returned, else nothing is left.
   */
  push(piece: Uint8Array, onRecord: (record: Uint8Array) => boolean | void): Uint8Array {
    let bytes = piece;
    while (this.#size > 0) {
      const part = bytes.subarray(0, this.#wanted - this.#size);
      bytes = bytes.subarray(part.length);
      const begun = this.#add(part);
      if (begun === undefined) return bytes;
      this.#wanted = this.#sizeOf(begun);
      if (this.#size < this.#wanted) this.#parts = [begun];
      else {
        this.#size = 0;
        if (onRecord(begun)) return bytes;
      }
    }
    return this.#cut(bytes, onRecord);
  }

  /** What there is of the record, once it is all that was wanted. */
  #add(part: Uint8Array): Uint8Array | undefined {
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#size < this.#wanted) return undefined;
    const begun = concat(this.#parts);
    this.#parts = [];
    return begun;
  }

  #cut(piece: Uint8Array, onRecord: (record: Uint8Array) => boolean | void): Uint8Array {
    let bytes = piece;
    let wanted = this.#sizeOf(bytes);
    while (bytes.length >= wanted) {
      const record = bytes.subarray(0, wanted);
      bytes = bytes.subarray(wanted);
      if (onRecord(record)) return bytes;
      wanted = this.#sizeOf(bytes);
    }
    if (bytes.length === 0) return bytes;
    this.#parts = [bytes];
    this.#size = bytes.length;
    this.#wanted = wanted;
    return bytes.subarray(bytes.length);
  }

  /** The size of the record that begins with `bytes`, or of its header as long as that is incomplete. */
  #sizeOf(bytes: Uint8Array): number {
    if (bytes.length < this.#headerSize) return this.#headerSize;
    return this.#headerSize + this.#lengthOf(bytes);
  }
}
