/** Protobuf's wire format: varints and what they count (protobuf.dev, "Encoding"). */

/** What a tag's last three bits say of the value behind it. */
export const WIRE = {
  varint: 0,
  fixed64: 1,
  delimited: 2,
  group: 3,
  groupEnd: 4,
  fixed32: 5,
} as const;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Up to this many characters, going over them is quicker than a call of the decoder. */
const SHORT_TEXT = 24;
const FIRST_SIZE = 256;

/** Reads values one after the other. Every method throws a `RangeError` where the bytes end too early. */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly length: number;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.length = bytes.length;
  }

  /** A varint's lowest 32 bits; higher ones are dropped, as everywhere in protobuf. */
  uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError("a number is longer than ten bytes");
  }

  int32(): number {
    return this.uint32() | 0;
  }

  bool(): boolean {
    return this.int64() !== 0n;
  }

  int64(): bigint {
    let low = 0;
    // So many bits are exact in a number, which is quicker than a bigint.
    for (let unit = 1; unit < 2 ** 49; unit *= 0x80) {
      const byte = this.#byte();
      low += (byte & 0x7f) * unit;
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new RangeError("a number is longer than ten bytes");
  }

  /** A view of the next bytes, not a copy. */
  bytes(): Uint8Array {
    const end = this.end("a value");
    const value = this.#bytes.subarray(this.position, end);
    this.position = end;
    return value;
  }

  string(): string {
    const end = this.end("a text");
    const start = this.position;
    this.position = end;
    return (end - start <= SHORT_TEXT ? this.#ascii(start, end) : undefined) ??
      utf8.decode(this.#bytes.subarray(start, end));
  }

  /** Reads a length; where what it counts will end. */
  end(what: string): number {
    const end = this.uint32() + this.position;
    if (end > this.length) throw new RangeError(`${what} is longer than what holds it`);
    return end;
  }

  /** Passes over a value of wire type `type`; of a group too. */
  skip(type: number, depth = 0): void {
    switch (type) {
      case WIRE.varint:
        while (this.#byte() >= 0x80);
        return;
      case WIRE.fixed64:
        return this.#pass(8);
      case WIRE.delimited:
        this.position = this.end("a value");
        return;
      case WIRE.group:
        return this.#skipGroup(depth);
      case WIRE.fixed32:
        return this.#pass(4);
      default:
        throw new RangeError(`there is no wire type ${type} at ${this.position}`);
    }
  }

  #skipGroup(depth: number): void {
    if (depth > 100) throw new RangeError("groups are nested too deep");
    for (let tag = this.uint32(); (tag & 7) !== WIRE.groupEnd; tag = this.uint32()) {
      this.skip(tag & 7, depth + 1);
    }
  }

  #pass(count: number): void {
    this.position += count;
    if (this.position > this.length) throw new RangeError("the bytes end in a number");
  }

  #byte(): number {
    const byte = this.#bytes[this.position++];
    if (byte === undefined) throw new RangeError("the bytes end in a number");
    return byte;
  }

  #ascii(start: number, end: number): string | undefined {
    let text = "";
    for (let i = start; i < end; i++) {
      const byte = this.#bytes[i]!;
      if (byte >= 0x80) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }
}

/** Writes values one after the other. */
export class WireWriter {
  #bytes = new Uint8Array(FIRST_SIZE);
  #length = 0;

  /** What was written so far; a view that later writes may change. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  uint32(value: number): void {
    this.#room(5);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = rest & 0x7f | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Negative numbers take ten bytes, as 64-bit ones. */
  int32(value: number): void {
    if (value >= 0) this.uint32(value);
    else this.int64(BigInt(value));
  }

  bool(value: boolean): void {
    this.uint32(value ? 1 : 0);
  }

  int64(value: bigint): void {
    this.#room(10);
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  string(value: string): void {
    this.delimited(() => {
      this.#room(value.length * 3);
      this.#length += encoder.encodeInto(value, this.#bytes.subarray(this.#length)).written;
    });
  }

  /** What `write` writes, with its length before it. */
  delimited(write: () => void): void {
    this.#room(1);
    // Most lengths take one byte; where they don't, what was written moves.
    const start = ++this.#length;
    write();
    const size = this.#length - start;
    this.#length = start - 1;
    if (size >= 0x80) {
      const shift = lengthOf(size) - 1;
      this.#room(shift + size + 1);
      this.#bytes.copyWithin(start + shift, start, start + size);
    }
    this.uint32(size);
    this.#length += size;
  }

  #room(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Bytes that a number takes. */
function lengthOf(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}
