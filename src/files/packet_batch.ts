import { PacketType } from "../gen/fsutil.ts";
import { FRAME_HEADER, writeFrameHeader } from "../rpc/envelope.ts";
import type { FileStat } from "./tree.ts";
import { uninitialized } from "../runtime/memory.ts";

/** Bytes collected before a batch is sent. Measured: smaller costs time for 50,000 files, bigger gains nothing. */
const BATCH_BYTES = 256 << 10;

/** Room behind those, so that one more small file or a long list entry seldom makes a batch grow. */
const SPARE = 72 << 10;

/** What a batch begins with: most of those who sync send a few entries and no more. */
const FIRST_BYTES = 8 << 10;

/** Most that a DATA packet has around its content: frame, type, id, length. */
const DATA_OVERHEAD = FRAME_HEADER + 2 + 6 + 6;

/** Tags of the fields in use: number and wire type. */
const PACKET = { type: 0x08, stat: 0x12, id: 0x18, data: 0x22 } as const;
const STAT = {
  path: 0x0a,
  mode: 0x10,
  size: 0x28,
  modTime: 0x30,
  linkname: 0x3a,
  devmajor: 0x40,
  devminor: 0x48,
  xattrs: 0x52,
} as const;

const encoder = new TextEncoder();

/** For taking a 64-bit integer apart. */
const halves = new Uint32Array(2);
const whole = new BigInt64Array(halves.buffer);

/**
 * Outgoing fsutil packets, one behind the other as gRPC frames in one buffer, encoded by hand: what a packet costs, a
 * transfer pays for each of its files. The bytes are those of the generated codec.
 */
export class PacketBatch {
  #bytes = new Uint8Array(0);
  #grown = false;
  #length = 0;

  /** Bytes collected. */
  get length(): number {
    return this.#length;
  }

  /** Whether it is time to send. Another packet is still taken. */
  get full(): boolean {
    return this.#length >= BATCH_BYTES;
  }

  /** Bytes until the batch is full. */
  get room(): number {
    return Math.max(0, BATCH_BYTES - this.#length);
  }

  /** An entry of the list. User and group are always root's, as in Go's client. */
  stat(entry: FileStat): void {
    this.#ensure(200 + 3 * (entry.path.length + entry.linkname.length) + attributeBytes(entry));
    const start = this.#length;
    // Content before lengths: guess how long the length will be, and move the rest if that was wrong.
    const guess = entry.path.length + entry.linkname.length < 104 ? 1 : 2;
    const content = start + FRAME_HEADER + 1 + guess;
    this.#length = content;
    this.#statFields(entry);
    const size = this.#length - content;
    const needed = varintSize(size);
    if (needed !== guess) this.#bytes.copyWithin(content + needed - guess, content, this.#length);
    writeFrameHeader(this.#bytes, start, 1 + needed + size);
    this.#length = start + FRAME_HEADER;
    this.#byte(PACKET.stat);
    this.#uint32(size);
    this.#length += size;
  }

  /** The end of the list: a STAT without an entry, which is an empty message. */
  endOfList(): void {
    this.#header(0);
  }

  /**
   * The head of a DATA packet with `length` bytes of content. Returns the place for them and for one byte more, by which
   * a file that grew betrays itself; the caller fills exactly `length` bytes, then says `commit(length)`.
   */
  data(id: number, length: number): Uint8Array {
    this.#ensure(DATA_OVERHEAD + length + 1);
    this.#header(2 + idSize(id) + 1 + varintSize(length) + length);
    this.#type(PacketType.PACKET_DATA);
    this.#id(id);
    this.#byte(PACKET.data);
    this.#uint32(length);
    return this.#bytes.subarray(this.#length, this.#length + length + 1);
  }

  /** The content of the packet begun by `data` is in place. */
  commit(length: number): void {
    this.#length += length;
  }

  /** The end of a file: DATA without content. */
  endOfFile(id: number): void {
    this.#ensure(DATA_OVERHEAD);
    this.#header(2 + idSize(id));
    this.#type(PacketType.PACKET_DATA);
    this.#id(id);
  }

  /** Both sides are done. */
  fin(): void {
    this.#header(2);
    this.#type(PacketType.PACKET_FIN);
  }

  /** This side failed. */
  error(message: string): void {
    const text = encoder.encode(message);
    this.#header(2 + 1 + varintSize(text.length) + text.length);
    this.#type(PacketType.PACKET_ERR);
    this.#blob(PACKET.data, text);
  }

  /** The frames so far, never to be changed again; the batch is empty afterwards. */
  take(): Uint8Array {
    const length = this.#length;
    this.#length = 0;
    // A small batch is cheaper to copy than a new buffer is to make.
    if (length < this.#bytes.length / 4) return this.#bytes.slice(0, length);
    const frames = this.#bytes.subarray(0, length);
    this.#bytes = new Uint8Array(0);
    return frames;
  }

  #statFields(entry: FileStat): void {
    if (entry.path !== "") this.#string(STAT.path, entry.path);
    this.#number(STAT.mode, entry.mode);
    this.#number(STAT.size, entry.size);
    if (entry.modTime !== 0n) {
      this.#byte(STAT.modTime);
      whole[0] = entry.modTime;
      this.#varint(halves[0]!, halves[1]!);
    }
    if (entry.linkname !== "") this.#string(STAT.linkname, entry.linkname);
    this.#number(STAT.devmajor, entry.devmajor);
    this.#number(STAT.devminor, entry.devminor);
    if (entry.xattrs !== undefined) {
      for (const [name, value] of entry.xattrs) this.#attribute(encoder.encode(name), value);
    }
  }

  #attribute(name: Uint8Array, value: Uint8Array): void {
    const size = 2 + varintSize(name.length) + name.length + varintSize(value.length) +
      value.length;
    this.#byte(STAT.xattrs);
    this.#uint32(size);
    this.#blob(0x0a, name);
    this.#blob(0x12, value);
  }

  #header(size: number): void {
    this.#ensure(FRAME_HEADER + size);
    writeFrameHeader(this.#bytes, this.#length, size);
    this.#length += FRAME_HEADER;
  }

  #type(type: number): void {
    this.#byte(PACKET.type);
    this.#byte(type);
  }

  #id(id: number): void {
    if (id === 0) return;
    this.#byte(PACKET.id);
    this.#uint32(id);
  }

  #number(tag: number, value: number): void {
    if (value === 0) return;
    this.#byte(tag);
    this.#varint(value >>> 0, Math.floor(value / 0x1_0000_0000) >>> 0);
  }

  #blob(tag: number, bytes: Uint8Array): void {
    this.#byte(tag);
    this.#uint32(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Most names are short and ASCII: those are written char by char, several times faster than by a `TextEncoder`. */
  #string(tag: number, text: string): void {
    const bytes = this.#bytes;
    const start = this.#length + 2;
    const count = text.length;
    if (count >= 0x80) return this.#blob(tag, encoder.encode(text));
    for (let i = 0; i < count; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) return this.#blob(tag, encoder.encode(text));
      bytes[start + i] = unit;
    }
    bytes[start - 2] = tag;
    bytes[start - 1] = count;
    this.#length = start + count;
  }

  #uint32(value: number): void {
    while (value >= 0x80) {
      this.#byte(value & 0x7f | 0x80);
      value >>>= 7;
    }
    this.#byte(value);
  }

  /** A 64-bit varint from its unsigned halves. */
  #varint(low: number, high: number): void {
    while (high !== 0) {
      this.#byte(low & 0x7f | 0x80);
      low = (low >>> 7 | high << 25) >>> 0;
      high >>>= 7;
    }
    this.#uint32(low);
  }

  #byte(value: number): void {
    this.#bytes[this.#length++] = value;
  }

  #ensure(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const usual = this.#grown || needed > FIRST_BYTES ? BATCH_BYTES + SPARE : FIRST_BYTES;
    this.#grown = usual > FIRST_BYTES;
    const bytes = uninitialized(Math.max(needed, usual));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}

function attributeBytes(entry: FileStat): number {
  let total = 0;
  if (entry.xattrs === undefined) return total;
  for (const [name, value] of entry.xattrs) total += 3 * name.length + value.length + 20;
  return total;
}

function idSize(id: number): number {
  return id === 0 ? 0 : 1 + varintSize(id);
}

function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}
