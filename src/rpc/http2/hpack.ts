/** Header compression (RFC 7541): a full decoder, and an encoder that sends literals only. */
import { ProtocolError } from "../../errors.ts";
import { decodeHuffman, latin1 } from "./huffman.ts";

/** Appendix A, from index 1. Names without a value are followed by an empty one. */
const STATIC_TABLE: ReadonlyArray<readonly [string, string]> = [
  [":authority", ""],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  [":status", "200"],
  [":status", "204"],
  [":status", "206"],
  [":status", "304"],
  [":status", "400"],
  [":status", "404"],
  [":status", "500"],
  ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"],
  ["accept-language", ""],
  ["accept-ranges", ""],
  ["accept", ""],
  ["access-control-allow-origin", ""],
  ["age", ""],
  ["allow", ""],
  ["authorization", ""],
  ["cache-control", ""],
  ["content-disposition", ""],
  ["content-encoding", ""],
  ["content-language", ""],
  ["content-length", ""],
  ["content-location", ""],
  ["content-range", ""],
  ["content-type", ""],
  ["cookie", ""],
  ["date", ""],
  ["etag", ""],
  ["expect", ""],
  ["expires", ""],
  ["from", ""],
  ["host", ""],
  ["if-match", ""],
  ["if-modified-since", ""],
  ["if-none-match", ""],
  ["if-range", ""],
  ["if-unmodified-since", ""],
  ["last-modified", ""],
  ["link", ""],
  ["location", ""],
  ["max-forwards", ""],
  ["proxy-authenticate", ""],
  ["proxy-authorization", ""],
  ["range", ""],
  ["referer", ""],
  ["refresh", ""],
  ["retry-after", ""],
  ["server", ""],
  ["set-cookie", ""],
  ["strict-transport-security", ""],
  ["transfer-encoding", ""],
  ["user-agent", ""],
  ["vary", ""],
  ["via", ""],
  ["www-authenticate", ""],
];

/** Bytes that the dynamic table may take (SETTINGS_HEADER_TABLE_SIZE's default, which we keep). */
const MAX_TABLE_SIZE = 4_096;
const ENTRY_OVERHEAD = 32;

/** One header field: name, value. */
export type HeaderField = readonly [string, string];

/** Decodes the header blocks of one connection, in order. */
export class HpackDecoder {
  readonly #maxListSize: number;
  #dynamic: HeaderField[] = [];
  #size = 0;
  #maxSize = MAX_TABLE_SIZE;

  /** `maxListSize` bounds one decoded block: names, values and 32 bytes for each field. */
  constructor(maxListSize: number) {
    this.#maxListSize = maxListSize;
  }

  /** The fields of one block. Throws a `ProtocolError` on anything malformed, after which the connection is lost. */
  decode(block: Uint8Array): HeaderField[] {
    const reader = new BlockReader(block);
    const fields: HeaderField[] = [];
    let size = 0;
    while (!reader.done) {
      const field = this.#next(reader);
      if (field === undefined) {
        // 4.2: the table's size changes before the first field.
        if (fields.length > 0) throw new ProtocolError("HPACK: the table's size changes too late");
        continue;
      }
      size += field[0].length + field[1].length + ENTRY_OVERHEAD;
      if (size > this.#maxListSize) throw new ProtocolError("HPACK: a header list is too large");
      fields.push(field);
    }
    return fields;
  }

  #next(reader: BlockReader): HeaderField | undefined {
    const first = reader.peek();
    if (first & 0x80) return this.#entry(reader.integer(7));
    if ((first & 0xe0) === 0x20) {
      this.#resize(reader.integer(5));
      return undefined;
    }
    const indexed = (first & 0x40) !== 0;
    const index = reader.integer(indexed ? 6 : 4);
    const name = index === 0 ? reader.string() : this.#entry(index)[0];
    const field: HeaderField = [name, reader.string()];
    if (indexed) this.#add(field);
    return field;
  }

  #entry(index: number): HeaderField {
    const field = index <= STATIC_TABLE.length
      ? STATIC_TABLE[index - 1]
      : this.#dynamic[index - STATIC_TABLE.length - 1];
    if (field === undefined) throw new ProtocolError(`HPACK: there is no entry ${index}`);
    return field;
  }

  #add(field: HeaderField): void {
    this.#dynamic.unshift(field);
    this.#size += sizeOf(field);
    this.#evict();
  }

  #resize(size: number): void {
    if (size > MAX_TABLE_SIZE) throw new ProtocolError(`HPACK: the table can't grow to ${size}`);
    this.#maxSize = size;
    this.#evict();
  }

  #evict(): void {
    while (this.#size > this.#maxSize) this.#size -= sizeOf(this.#dynamic.pop()!);
  }
}

function sizeOf([name, value]: HeaderField): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}

class BlockReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  peek(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new ProtocolError("HPACK: a block ends within a field");
    return byte;
  }

  /** 5.1: an integer whose first `prefix` bits stand in the current byte. */
  integer(prefix: number): number {
    const mask = (1 << prefix) - 1;
    let value = this.peek() & mask;
    this.#at++;
    if (value < mask) return value;
    for (let shift = 0;; shift += 7) {
      const byte = this.peek();
      this.#at++;
      if (shift > 21) throw new ProtocolError("HPACK: an integer is too large");
      value += (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value;
    }
  }

  /** 5.2: a string, Huffman-coded or not. */
  string(): string {
    const huffman = (this.peek() & 0x80) !== 0;
    const length = this.integer(7);
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new ProtocolError("HPACK: a block ends within a string");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return huffman ? decodeHuffman(bytes) : latin1(bytes);
  }
}

/** A header block of literals that touch no table (6.2.2); for the few short headers a server answers with. */
export function encodeHeaders(fields: readonly HeaderField[]): Uint8Array {
  const bytes: number[] = [];
  for (const [name, value] of fields) {
    bytes.push(0);
    pushString(bytes, name);
    pushString(bytes, value);
  }
  return Uint8Array.from(bytes);
}

function pushString(bytes: number[], text: string): void {
  let length = text.length;
  if (length < 0x7f) {
    bytes.push(length);
  } else {
    bytes.push(0x7f);
    for (length -= 0x7f; length > 0x7f; length >>>= 7) bytes.push((length & 0x7f) | 0x80);
    bytes.push(length);
  }
  for (let i = 0; i < text.length; i++) bytes.push(text.charCodeAt(i) & 0xff);
}
