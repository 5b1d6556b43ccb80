/** Whether a tar archive is whole, told from its bytes as they pass (POSIX pax, as Go's archive/tar writes it). */
import { ProtocolError } from "../errors.ts";

const BLOCK = 512;
const SIZE = { at: 124, length: 12 };
const CHECKSUM = { at: 148, length: 8 };
const TYPE = 156;
/** The type of a header that changes fields of the next one. */
const PAX = 0x78;
/** Longest such header that is read; longer ones have no size that matters. */
const MAX_PAX = 1 << 20;

/** Follows an archive from header to header. */
export class TarEnd {
  readonly #block = new Uint8Array(BLOCK);
  #filled = 0;
  /** Bytes of content, with what fills its last block, until the next header. */
  #skip = 0;
  #pax: { bytes: Uint8Array; filled: number } | undefined;
  /** The size that a header of that kind gave to the next file. */
  #nextSize: number | undefined;
  #zeros = 0;

  /** Takes the next bytes. Throws a `ProtocolError` if no header is where one must be. */
  push(chunk: Uint8Array): void {
    for (let rest = chunk; rest.length > 0 && this.#zeros < 2;) {
      const count = Math.min(rest.length, this.#skip > 0 ? this.#skip : BLOCK - this.#filled);
      const part = rest.subarray(0, count);
      rest = rest.subarray(count);
      if (this.#skip > 0) this.#pass(part);
      else {
        this.#block.set(part, this.#filled);
        this.#filled += count;
        if (this.#filled === BLOCK) this.#header();
      }
    }
  }

  /** Throws a `ProtocolError` unless the archive has come to its end, which is two blocks of zeros. */
  end(): void {
    if (this.#zeros < 2) throw new ProtocolError("The archive that the builder sent is cut off");
  }

  #pass(part: Uint8Array): void {
    this.#skip -= part.length;
    const pax = this.#pax;
    if (pax === undefined) return;
    const used = part.subarray(0, pax.bytes.length - pax.filled);
    pax.bytes.set(used, pax.filled);
    pax.filled += used.length;
    if (this.#skip > 0) return;
    const size = /(?:^|\n)\d+ size=(\d+)\n/.exec(new TextDecoder().decode(pax.bytes))?.[1];
    this.#nextSize = size === undefined ? undefined : Number(size);
    this.#pax = undefined;
  }

  #header(): void {
    const block = this.#block;
    this.#filled = 0;
    if (block.every((byte) => byte === 0)) {
      this.#zeros++;
      return;
    }
    this.#zeros = 0;
    if (octal(block, CHECKSUM) !== checksum(block)) {
      throw new ProtocolError(
        "The archive that the builder sent is damaged: no header is where one must be",
      );
    }
    const isPax = block[TYPE] === PAX;
    const size = isPax ? number(block) : this.#nextSize ?? number(block);
    if (!isPax) this.#nextSize = undefined;
    // Links and folders have no content, whatever their size says.
    const empty = block[TYPE]! >= 0x31 && block[TYPE]! <= 0x36;
    this.#skip = empty ? 0 : Math.ceil(size / BLOCK) * BLOCK;
    if (isPax && size > 0 && size <= MAX_PAX) {
      this.#pax = { bytes: new Uint8Array(size), filled: 0 };
    }
  }
}

/** A size: octal digits, or bytes where they don't suffice. */
function number(block: Uint8Array): number {
  if ((block[SIZE.at]! & 0x80) === 0) return octal(block, SIZE);
  const bytes = block.subarray(SIZE.at + 1, SIZE.at + SIZE.length);
  return bytes.reduce((sum, byte) => sum * 256 + byte, block[SIZE.at]! & 0x7f);
}

function octal(block: Uint8Array, { at, length }: { at: number; length: number }): number {
  const text = new TextDecoder().decode(block.subarray(at, at + length));
  return parseInt(text.replaceAll("\0", " ").trim() || "0", 8);
}

/** The sum of all bytes, those of the checksum itself counted as blanks. */
function checksum(block: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) {
    sum += i >= CHECKSUM.at && i < CHECKSUM.at + CHECKSUM.length ? 0x20 : block[i]!;
  }
  return sum;
}
