/** fsutil's packets as they come in: a decoder by hand, as a transfer is made of millions of them. */
import { ProtocolError } from "../errors.ts";
import type { Packet, Stat } from "../gen/fsutil.ts";

const EMPTY = new Uint8Array(0);

/** Names must survive the round trip: bytes that are not UTF-8 are an error, not a question mark. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The packet in `bytes`. `data` is a view of them, not a copy. A STAT without `stat` ends the list of entries.
 *
 * @throws {ProtocolError} if the bytes are no packet.
 */
export function decodePacket(bytes: Uint8Array): Packet {
  const packet: Packet = { type: 0, stat: undefined, id: 0, data: EMPTY };
  const cursor = new Cursor(bytes);
  while (!cursor.done) {
    const tag = cursor.uint32();
    if (tag === 0x08) packet.type = cursor.uint32();
    else if (tag === 0x12) packet.stat = decodeStat(cursor.bytes());
    else if (tag === 0x18) packet.id = cursor.uint32();
    else if (tag === 0x22) packet.data = cursor.bytes();
    else cursor.skip(tag);
  }
  return packet;
}

function decodeStat(bytes: Uint8Array): Stat {
  const stat: Stat = {
    path: "",
    mode: 0,
    uid: 0,
    gid: 0,
    size: 0n,
    modTime: 0n,
    linkname: "",
    devmajor: 0n,
    devminor: 0n,
    xattrs: new Map(),
  };
  const cursor = new Cursor(bytes);
  while (!cursor.done) readStatField(stat, cursor);
  return stat;
}

function readStatField(stat: Stat, cursor: Cursor): void {
  const tag = cursor.uint32();
  switch (tag) {
    case 0x0a:
      stat.path = cursor.string();
      break;
    case 0x10:
      stat.mode = cursor.uint32();
      break;
    case 0x18:
      stat.uid = cursor.uint32();
      break;
    case 0x20:
      stat.gid = cursor.uint32();
      break;
    case 0x28:
      stat.size = cursor.int64();
      break;
    case 0x30:
      stat.modTime = cursor.int64();
      break;
    case 0x3a:
      stat.linkname = cursor.string();
      break;
    case 0x40:
      stat.devmajor = cursor.int64();
      break;
    case 0x48:
      stat.devminor = cursor.int64();
      break;
    case 0x52:
      readAttribute(stat.xattrs, cursor.bytes());
      break;
    default:
      cursor.skip(tag);
  }
}

function readAttribute(into: Map<string, Uint8Array>, bytes: Uint8Array): void {
  const cursor = new Cursor(bytes);
  let name = "";
  let value: Uint8Array = EMPTY;
  while (!cursor.done) {
    const tag = cursor.uint32();
    if (tag === 0x0a) name = cursor.string();
    else if (tag === 0x12) value = cursor.bytes();
    else cursor.skip(tag);
  }
  into.set(name, value);
}

/** For reading a 64-bit integer from its halves. */
const halves = new Uint32Array(2);
const whole = new BigInt64Array(halves.buffer);

/** Reads protobuf's primitives one after the other. */
class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** A varint's low 32 bits. */
  uint32(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 70; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw malformed("a number is longer than ten bytes");
  }

  int64(): bigint {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high |= bits >>> 4;
      else if (shift > 28) high |= bits << (shift - 32);
      if (byte < 0x80) {
        halves[0] = low;
        halves[1] = high;
        return whole[0]!;
      }
    }
    throw malformed("a number is longer than ten bytes");
  }

  /** A length-delimited field, as a view. */
  bytes(): Uint8Array {
    const length = this.uint32();
    const start = this.#at;
    if (length > this.#bytes.length - start) throw malformed("a field is cut off");
    this.#at = start + length;
    return this.#bytes.subarray(start, this.#at);
  }

  string(): string {
    const bytes = this.bytes();
    try {
      return utf8.decode(bytes);
    } catch (error) {
      // The decoder's only error.
      throw malformed("a name is not UTF-8", error);
    }
  }

  /** Leaves out a field of a newer version of the protocol. */
  skip(tag: number): void {
    const wire = tag & 7;
    if (wire === 0) this.int64();
    else if (wire === 1) this.#pass(8);
    else if (wire === 2) this.bytes();
    else if (wire === 5) this.#pass(4);
    else throw malformed(`a field has wire type ${wire}`);
  }

  #pass(count: number): void {
    if (count > this.#bytes.length - this.#at) throw malformed("a field is cut off");
    this.#at += count;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw malformed("a number is cut off");
    return byte;
  }
}

function malformed(problem: string, cause?: unknown): ProtocolError {
  return new ProtocolError(`The builder sent a malformed file packet: ${problem}`, { cause });
}
