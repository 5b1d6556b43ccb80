/**
 * Protobuf messages from field tables. The tables in `src/gen/` are generated from `proto/`; this file turns a table into
 * an encoder and a decoder.
 *
 * 64-bit fields are bigint, timestamps are bigint nanoseconds since the epoch, sub-messages are optional.
 */
import { ProtocolError } from "../errors.ts";
import { WIRE, WireReader, WireWriter } from "./wire.ts";

/** Scalar wire types in use. */
export type Scalar = "string" | "bytes" | "bool" | "int32" | "uint32" | "int64" | "enum";

/** One field of a message: number, property name, type and how often it occurs. */
export interface Field {
  /** The field's number. */
  readonly no: number;
  /** The property of our objects. */
  readonly name: string;
  /** The type of its value, or of its values. */
  readonly type: Scalar | "timestamp" | (() => MessageType<unknown>);
  /** Its name in the `.proto` file, where that is another. */
  readonly proto?: string;
  /** Whether there may be several, as a list. */
  readonly repeated?: boolean;
  /** For `map<key, V>` fields: the key's type; `type` is then the value's. */
  readonly mapKey?: "string" | "int64";
}

/** Encoder and decoder of one message. */
export interface MessageType<T> {
  /** Full protobuf name, for example `moby.buildkit.v1.Vertex`. */
  readonly typeName: string;
  /** Its fields, by number. */
  readonly fields: readonly Field[];
  /** The message's bytes; absent and default-valued fields are left out. */
  encode(message: Partial<T>): Uint8Array;
  /** The message in `bytes`, absent fields at their defaults. Throws a `ProtocolError` on malformed input. */
  decode(bytes: Uint8Array): T;
}

interface InternalType<T> extends MessageType<T> {
  write(message: Partial<T>, writer: WireWriter): void;
  read(reader: WireReader, end: number): T;
}

type Value = unknown;
type Bag = Record<string, Value>;

/** Makes the codec of a message from its field table. `fields` is a function so that tables may refer to each other. */
export function message<T>(typeName: string, fields: () => Field[]): MessageType<T> {
  let table: Field[] | undefined;
  let byNumber: Map<number, Field> | undefined;
  let empty: (() => Bag) | undefined;
  const list = () => table ??= fields();
  const lookup = () => byNumber ??= new Map(list().map((field) => [field.no, field]));
  const type: InternalType<T> = {
    typeName,
    get fields() {
      return list();
    },
    encode: (value) => {
      const writer = new WireWriter();
      type.write(value, writer);
      return writer.written;
    },
    decode: (bytes) => {
      const reader = new WireReader(bytes);
      try {
        return type.read(reader, reader.length);
      } catch (error) {
        throw new ProtocolError(`Cannot decode ${typeName}: ${(error as Error).message}`, {
          cause: error,
        });
      }
    },
    write(value, writer) {
      for (const field of list()) writeField(writer, field, (value as Bag)[field.name]);
    },
    read(reader, end) {
      const result = (empty ??= emptyMessage(list()))();
      while (reader.position < end) {
        const tag = reader.uint32();
        const field = lookup().get(tag >>> 3);
        if (field === undefined || !accepts(field, tag & 7)) reader.skip(tag & 7);
        else readField(reader, field, tag & 7, result);
      }
      checkEnd(reader, end, typeName);
      return result as T;
    },
  };
  return type;
}

/** Makes messages with all fields at their defaults, as copies of one: that is quicker than setting field after field. */
function emptyMessage(fields: Field[]): () => Bag {
  const lists: Field[] = [];
  const first: Bag = {};
  for (const field of fields) {
    const { name, type, mapKey, repeated } = field;
    if (mapKey !== undefined || repeated) {
      first[name] = undefined;
      lists.push(field);
    } else if (typeof type === "string" && type !== "timestamp") first[name] = zero(type);
  }
  return () => {
    const result = { ...first };
    for (const { name, mapKey } of lists) result[name] = mapKey === undefined ? [] : new Map();
    return result;
  };
}

function zero(type: Scalar): Value {
  switch (type) {
    case "string":
      return "";
    case "bytes":
      return new Uint8Array(0);
    case "bool":
      return false;
    case "int64":
      return 0n;
    default:
      return 0;
  }
}

function writeField(writer: WireWriter, field: Field, value: Value): void {
  if (value === undefined || value === null) return;
  if (field.mapKey !== undefined) {
    const entries = value instanceof Map ? value : Object.entries(value as Bag);
    for (const [key, item] of entries) {
      writer.uint32(field.no << 3 | WIRE.delimited);
      writer.delimited(() => {
        writeValue(writer, 1, field.mapKey!, key);
        writeValue(writer, 2, field.type, item);
      });
    }
  } else if (field.repeated) {
    for (const item of value as Value[]) writeValue(writer, field.no, field.type, item);
  } else if (field.type === "timestamp" || !isDefault(value)) {
    writeValue(writer, field.no, field.type, value);
  }
}

function isDefault(value: Value): boolean {
  return value === "" || value === 0 || value === 0n || value === false ||
    (value instanceof Uint8Array && value.length === 0);
}

function writeValue(writer: WireWriter, no: number, type: Field["type"], value: Value): void {
  if (typeof type === "function") {
    writer.uint32(no << 3 | WIRE.delimited);
    writer.delimited(() => (type() as InternalType<unknown>).write(value as Bag, writer));
    return;
  }
  if (type === "timestamp") {
    writer.uint32(no << 3 | WIRE.delimited);
    writer.delimited(() => writeTimestamp(writer, value as bigint));
    return;
  }
  writer.uint32(no << 3 | wireOf(type));
  writeScalar(writer, type, value);
}

function writeScalar(writer: WireWriter, type: Scalar, value: Value): void {
  switch (type) {
    case "string":
      writer.string(value as string);
      break;
    case "bytes":
      writer.bytes(value as Uint8Array);
      break;
    case "bool":
      writer.bool(value as boolean);
      break;
    case "uint32":
      writer.uint32(value as number);
      break;
    case "int64":
      writer.int64(value as bigint);
      break;
    default:
      writer.int32(value as number);
  }
}

function writeTimestamp(writer: WireWriter, nanoseconds: bigint): void {
  let seconds = nanoseconds / 1_000_000_000n;
  let nanos = nanoseconds % 1_000_000_000n;
  if (nanos < 0n) {
    seconds -= 1n;
    nanos += 1_000_000_000n;
  }
  if (seconds !== 0n) {
    writer.uint32(1 << 3);
    writer.int64(seconds);
  }
  if (nanos !== 0n) {
    writer.uint32(2 << 3);
    writer.int32(Number(nanos));
  }
}

/** A field that comes with another wire type than its own is an unknown one. */
function accepts({ type, repeated, mapKey }: Field, wire: number): boolean {
  const own = mapKey === undefined ? wireOf(type) : WIRE.delimited;
  return wire === own || (repeated === true && wire === WIRE.delimited);
}

function wireOf(type: Field["type"]): number {
  const delimited = typeof type === "function" || type === "string" || type === "bytes" ||
    type === "timestamp";
  return delimited ? WIRE.delimited : WIRE.varint;
}

function checkEnd(reader: WireReader, end: number, what: string): void {
  if (reader.position !== end) throw new RangeError(`${what} is truncated`);
}

function readField(reader: WireReader, field: Field, wire: number, into: Bag): void {
  if (field.mapKey !== undefined) {
    readEntry(reader, field, into[field.name] as Map<Value, Value>);
    return;
  }
  if (!field.repeated) {
    into[field.name] = readValue(reader, field.type);
    return;
  }
  const items = into[field.name] as Value[];
  const packed = wire === WIRE.delimited && wireOf(field.type) === WIRE.varint;
  if (!packed) {
    items.push(readValue(reader, field.type));
    return;
  }
  const end = reader.end(field.name);
  while (reader.position < end) items.push(readValue(reader, field.type));
  checkEnd(reader, end, field.name);
}

function readEntry(reader: WireReader, field: Field, into: Map<Value, Value>): void {
  const end = reader.end(field.name);
  let key: Value = zero(field.mapKey!);
  let value: Value;
  while (reader.position < end) {
    const tag = reader.uint32();
    if (tag === (1 << 3 | wireOf(field.mapKey!))) key = readValue(reader, field.mapKey!);
    else if (tag === (2 << 3 | wireOf(field.type))) value = readValue(reader, field.type);
    else reader.skip(tag & 7);
  }
  checkEnd(reader, end, field.name);
  into.set(key, value ?? emptyValue(field.type));
}

function emptyValue(type: Field["type"]): Value {
  if (typeof type === "function") return type().decode(new Uint8Array(0));
  return type === "timestamp" ? 0n : zero(type);
}

function readValue(reader: WireReader, type: Field["type"]): Value {
  if (typeof type === "function") {
    const inner = type() as InternalType<unknown>;
    return inner.read(reader, reader.end(inner.typeName));
  }
  switch (type) {
    case "string":
      return reader.string();
    case "bytes":
      return reader.bytes();
    case "bool":
      return reader.bool();
    case "uint32":
      return reader.uint32();
    case "int64":
      return reader.int64();
    case "timestamp":
      return readTimestamp(reader);
    default:
      return reader.int32();
  }
}

function readTimestamp(reader: WireReader): bigint {
  const end = reader.end("timestamp");
  let seconds = 0n;
  let nanos = 0;
  while (reader.position < end) {
    const tag = reader.uint32();
    if (tag === (1 << 3 | WIRE.varint)) seconds = reader.int64();
    else if (tag === (2 << 3 | WIRE.varint)) nanos = reader.int32();
    else reader.skip(tag & 7);
  }
  checkEnd(reader, end, "timestamp");
  return seconds * 1_000_000_000n + BigInt(nanos);
}
