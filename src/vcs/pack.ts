/** Packs: files of many objects, each packed by itself or as a delta of another (gitformat-pack). */
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import { withFile } from "./files.ts";
import { GitError } from "./git_error.ts";

/** An object's content, and its type's number. */
export interface PackedObject {
  readonly type: number;
  readonly content: Buffer;
}

/** How to find other objects, and what this one is called in messages. */
interface Chain {
  readonly id: string;
  readonly baseOf: (id: string) => PackedObject;
}

const MAGIC = 0xff744f63;
/** The signature and the version, then 256 counts. */
const FANOUT = 8;
const NAMES = FANOUT + 256 * 4;
/** Offsets with this bit are places in a table of longer ones. */
const LONG = 0x80000000;

const OFFSET_DELTA = 6;
const ID_DELTA = 7;
/** A commit is far smaller. */
const MAX_SIZE = 16 << 20;
const MAX_CHAIN = 500;

/** Where an object is in the pack that belongs to an index file of version 2; undefined if it is not in it. */
export function findInPack(indexFile: string, id: string): number | undefined {
  return withFile(indexFile, (readBytes) => {
    const read = (position: number, length: number) => view(readBytes(position, length));
    const head = read(0, 8);
    if (head.length < 8 || head.readUInt32BE(0) !== MAGIC || head.readUInt32BE(4) !== 2) {
      return undefined;
    }
    const wanted = Buffer.from(id, "hex");
    const first = wanted[0]!;
    const countAt = (byte: number) => read(FANOUT + byte * 4, 4).readUInt32BE(0);
    const total = countAt(255);
    let low = first === 0 ? 0 : countAt(first - 1);
    let high = countAt(first);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = Buffer.compare(read(NAMES + middle * wanted.length, wanted.length), wanted);
      if (order === 0) {
        // Checksums of 4 bytes stand between the names and the offsets.
        const offsets = NAMES + total * (wanted.length + 4);
        const offset = read(offsets + middle * 4, 4).readUInt32BE(0);
        if (offset < LONG) return offset;
        return Number(read(offsets + total * 4 + (offset - LONG) * 8, 8).readBigUInt64BE(0));
      }
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  });
}

/**
 * Reads an object from a pack.
 *
 * @throws {GitError} if it is damaged
 */
export function readPacked(packFile: string, offset: number, chain: Chain): PackedObject {
  return withFile(
    packFile,
    (read) => readAt((at, length) => view(read(at, length)), offset, chain),
  );
}

type Read = (position: number, length: number) => Buffer;

function readAt(read: Read, offset: number, chain: Chain, depth = 0): PackedObject {
  if (depth > MAX_CHAIN) throw damaged(chain, "it is a delta of too many others");
  const idLength = chain.id.length / 2;
  // Enough for the header, the offset of a base, or its id.
  const head = read(offset, 64);
  const { type, size, end } = readHeader(head, chain);
  if (size > MAX_SIZE) throw damaged(chain, `it has ${size} bytes`);
  const unpack = (start: number) => {
    // What does not get smaller grows by less than this.
    const packed = read(offset + start, size + (size >> 8) + 1024);
    try {
      return inflateSync(packed, { maxOutputLength: size + 1 });
    } catch (error) {
      throw damaged(chain, (error as Error).message);
    }
  };
  if (type === OFFSET_DELTA) {
    const back = readBack(head, end);
    const base = readAt(read, offset - back.value, chain, depth + 1);
    return { type: base.type, content: applyDelta(base.content, unpack(back.end), chain) };
  }
  if (type === ID_DELTA) {
    const base = chain.baseOf(head.toString("hex", end, end + idLength));
    return { type: base.type, content: applyDelta(base.content, unpack(end + idLength), chain) };
  }
  return { type, content: unpack(end) };
}

function readHeader(head: Buffer, chain: Chain): { type: number; size: number; end: number } {
  let byte = head[0];
  if (byte === undefined) throw damaged(chain, "its pack is cut short");
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  let end = 1;
  for (let unit = 16; (byte & 0x80) !== 0; unit *= 128) {
    byte = head[end++] ?? 0;
    size += (byte & 0x7f) * unit;
  }
  return { type, size, end };
}

/** How far before an object its base is. */
function readBack(head: Buffer, start: number): { value: number; end: number } {
  let end = start;
  let byte = head[end++] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = head[end++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end };
}

/** Makes an object from its base: pieces of that, and new bytes. */
function applyDelta(base: Buffer, delta: Buffer, chain: Chain): Buffer {
  let at = 0;
  const next = () => {
    const byte = delta[at++];
    if (byte === undefined) throw damaged(chain, "its delta is cut short");
    return byte;
  };
  const number = () => {
    let value = 0;
    let byte = 0x80;
    for (let unit = 1; (byte & 0x80) !== 0; unit *= 128) {
      byte = next();
      value += (byte & 0x7f) * unit;
    }
    return value;
  };
  /** A number of which `bits` says what bytes are written. */
  const sparse = (bits: number, bytes: number) => {
    let value = 0;
    for (let i = 0; i < bytes; i++) if ((bits >> i) & 1) value += next() * 256 ** i;
    return value;
  };
  const baseSize = number();
  const size = number();
  if (baseSize !== base.length || size > MAX_SIZE) throw damaged(chain, "its delta does not fit");
  const parts: Buffer[] = [];
  let left = size;
  const add = (part: Buffer) => {
    left -= part.length;
    if (left < 0) throw damaged(chain, "its delta does not fit");
    parts.push(part);
  };
  while (at < delta.length) {
    const op = next();
    if ((op & 0x80) !== 0) {
      const start = sparse(op & 15, 4);
      add(base.subarray(start, start + (sparse(op >> 4 & 7, 3) || 0x10000)));
    } else {
      add(delta.subarray(at, at += op));
    }
  }
  if (left > 0) throw damaged(chain, "its delta does not fit");
  return Buffer.concat(parts);
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged({ id }: Chain, problem: string): GitError {
  return new GitError(`the object ${id} is damaged: ${problem}`);
}
