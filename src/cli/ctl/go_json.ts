/** Messages as Go's encoding/json writes the structs that are generated from them. */
import { Buffer } from "node:buffer";
import type { Field, MessageType } from "../../rpc/codec.ts";

/** A value that `JSON.stringify` takes; big numbers are kept exact by {@linkcode goJson}. */
export type Json = unknown;

/** Makes the JSON of one message, where its Go type has a way of its own. */
export type Shape = (message: Record<string, unknown>, plain: Record<string, Json>) => Json;

/** Where an object keeps what a template finds in it besides its JSON: fields that are empty, enums by name. */
export const FIELDS: unique symbol = Symbol("fields");

/** Ways of their own, by the full names of messages. */
export type Shapes = Readonly<Record<string, Shape>>;

/**
 * A message as Go's JSON has it: fields by their names in the `.proto` file and in its order, without what is empty, bytes in
 * base64, maps sorted.
 */
export function messageJson<T>(type: MessageType<T>, message: T, shapes: Shapes = {}): Json {
  const bag = message as Record<string, unknown>;
  const empty: Record<string, Json> = {};
  const plain: Record<string, Json> & { [FIELDS]?: Json } = { [FIELDS]: empty };
  for (const field of type.fields) {
    const name = field.proto ?? field.name;
    const value = fieldJson(field, bag[field.name], shapes);
    if (value !== undefined) plain[name] = value;
    else if (typeof bag[field.name] !== "object") empty[name] = bag[field.name];
  }
  const shape = Object.hasOwn(shapes, type.typeName) ? shapes[type.typeName] : undefined;
  return shape === undefined ? plain : shape(bag, plain);
}

function fieldJson(field: Field, value: unknown, shapes: Shapes): Json {
  if (value instanceof Map) {
    if (value.size === 0) return undefined;
    const entries = [...value].map(([key, item]) => [String(key), valueJson(field, item, shapes)]);
    return Object.fromEntries(entries.sort(([a], [b]) => (a as string) < (b as string) ? -1 : 1));
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map((item) => valueJson(field, item, shapes));
  }
  return isEmpty(value) ? undefined : valueJson(field, value, shapes);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || value === 0 || value === 0n || value === false ||
    (value instanceof Uint8Array && value.length === 0);
}

function valueJson({ type }: Field, value: unknown, shapes: Shapes): Json {
  if (typeof type === "function") return messageJson(type(), value, shapes);
  if (type === "timestamp") return timestampJson(value as bigint);
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}

function timestampJson(nanoseconds: bigint): Json {
  const nanos = Number(nanoseconds % 1_000_000_000n);
  return { seconds: nanoseconds / 1_000_000_000n, ...(nanos !== 0 && { nanos }) };
}

/** How {@linkcode goJson} writes. */
export interface GoJsonOptions {
  /** Write `<`, `>` and `&` as Go does unless it is told not to. @default false */
  escapeHtml?: boolean;
}

/** JSON text on one line; bigints as numbers, line separators escaped, as Go does. */
export function goJson(value: Json, { escapeHtml = false }: GoJsonOptions = {}): string {
  const text = write(value);
  return text.replace(escapeHtml ? /[<>&\u2028\u2029]/g : /[\u2028\u2029]/g, (char) => {
    return "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0");
  });
}

function write(value: Json): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${JSON.stringify(key)}:${write(item)}`);
  return `{${fields.join(",")}}`;
}
