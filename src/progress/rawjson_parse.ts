/** Reads BuildKit's JSON lines back, as written by this package, by `buildctl` or by `docker buildx`. */
import { Buffer } from "node:buffer";
import type {
  StatusResponse,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from "../gen/control.ts";
import type {
  Definition,
  OpMetadata,
  ProgressGroup,
  Range,
  Source,
  SourceInfo,
} from "../gen/ops.ts";
import { ProtocolError } from "../errors.ts";

/**
 * The message in one line. Throws a `ProtocolError` where the line isn't what BuildKit writes; fields that are not
 * known are left out.
 */
export function parseRawJson(line: string): StatusResponse {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new ProtocolError(`Cannot read progress: not JSON: ${excerpt(line)}`, { cause: error });
  }
  const status = bag(value, "line");
  return {
    vertexes: list(status, "vertexes", vertex),
    statuses: list(status, "statuses", vertexStatus),
    logs: list(status, "logs", vertexLog),
    warnings: list(status, "warnings", warning),
  };
}

type Bag = Readonly<Record<string, unknown>>;

function vertex(item: unknown): Vertex {
  const from = bag(item, "vertexes");
  return {
    digest: text(from, "digest"),
    inputs: list(from, "inputs", asText),
    name: text(from, "name"),
    cached: flag(from, "cached"),
    ...times(from, "started", "completed"),
    error: text(from, "error"),
    ...part(from, "progressGroup", "progressGroup", progressGroup),
  };
}

function progressGroup(from: Bag): ProgressGroup {
  return { id: text(from, "id"), name: text(from, "name"), weak: flag(from, "weak") };
}

function vertexStatus(item: unknown): VertexStatus {
  const from = bag(item, "statuses");
  return {
    id: text(from, "id"),
    vertex: text(from, "vertex"),
    name: text(from, "name"),
    current: BigInt(number(from, "current")),
    total: BigInt(number(from, "total")),
    ...times(from, "timestamp", "started", "completed"),
  };
}

function vertexLog(item: unknown): VertexLog {
  const from = bag(item, "logs");
  return {
    vertex: text(from, "vertex"),
    stream: BigInt(number(from, "stream")),
    msg: asBytes(from["data"] ?? ""),
    ...times(from, "timestamp"),
  };
}

function warning(item: unknown): VertexWarning {
  const from = bag(item, "warnings");
  return {
    vertex: text(from, "vertex"),
    level: BigInt(number(from, "level")),
    short: asBytes(from["short"] ?? ""),
    detail: list(from, "detail", asBytes),
    url: text(from, "url"),
    ...part(from, "sourceInfo", "info", sourceInfo),
    ranges: list(from, "range", range),
  };
}

function sourceInfo(from: Bag): SourceInfo {
  return {
    filename: text(from, "filename"),
    data: asBytes(from["data"] ?? ""),
    ...part(from, "definition", "definition", definition),
    language: text(from, "language"),
  };
}

function range(item: unknown): Range {
  const from = bag(item, "range");
  return { ...part(from, "start", "start", position), ...part(from, "end", "end", position) };
}

function position(from: Bag): NonNullable<Range["start"]> {
  return { line: number(from, "line"), character: number(from, "character") };
}

function definition(from: Bag): Definition {
  return {
    def: list(from, "def", asBytes),
    metadata: map(from, "metadata", metadata),
    ...part(from, "Source", "source", source),
  };
}

function metadata(item: unknown): OpMetadata {
  const from = bag(item, "metadata");
  return {
    ignoreCache: flag(from, "ignore_cache"),
    description: map(from, "description", asText),
    ...part(from, "export_cache", "exportCache", (cache) => ({ value: flag(cache, "Value") })),
    caps: map(from, "caps", (cap) => cap === true),
    ...part(from, "progress_group", "progressGroup", progressGroup),
  };
}

function source(from: Bag): Source {
  const location = (item: unknown) => {
    const place = bag(item, "locations");
    return { sourceIndex: number(place, "sourceIndex"), ranges: list(place, "ranges", range) };
  };
  return {
    locations: map(from, "locations", (item) => ({
      locations: list(bag(item, "locations"), "locations", location),
    })),
    infos: list(from, "infos", (item) => sourceInfo(bag(item, "infos"))),
  };
}

function bag(value: unknown, where: string): Bag {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Bag;
  throw bad(where, value);
}

function list<T>(from: Bag, key: string, convert: (item: unknown) => T): T[] {
  const value = from[key] ?? [];
  if (!Array.isArray(value)) throw bad(key, value);
  return value.map((item) => convert(item));
}

function map<T>(from: Bag, key: string, convert: (item: unknown) => T): Map<string, T> {
  return new Map(
    Object.entries(bag(from[key] ?? {}, key)).map(([name, item]) => [name, convert(item)]),
  );
}

function part<K extends string, T>(
  from: Bag,
  key: string,
  to: K,
  convert: (from: Bag) => T,
): { [P in K]?: T } {
  const value = from[key];
  return (value === undefined ? {} : { [to]: convert(bag(value, key)) }) as { [P in K]?: T };
}

function text(from: Bag, key: string): string {
  return asText(from[key] ?? "");
}

function flag(from: Bag, key: string): boolean {
  return from[key] === true;
}

function number(from: Bag, key: string): number {
  const value = from[key] ?? 0;
  if (!Number.isSafeInteger(value)) throw bad(key, value);
  return value as number;
}

function asText(value: unknown): string {
  if (typeof value !== "string") throw bad("text", value);
  return value;
}

function asBytes(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(asText(value), "base64"));
}

function times<K extends string>(from: Bag, ...keys: K[]): { [P in K]?: bigint } {
  const result: { [P in K]?: bigint } = {};
  for (const key of keys) {
    if (from[key] !== undefined) result[key] = parseTime(asText(from[key]));
  }
  return result;
}

const TIME_REGEXP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** RFC 3339 to nanoseconds since the epoch. */
function parseTime(time: string): bigint {
  const [, date, fraction = "", zone] = TIME_REGEXP.exec(time) ?? [];
  const milliseconds = Date.parse(`${date}${zone}`);
  if (Number.isNaN(milliseconds)) throw bad("time", time);
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

function bad(where: string, value: unknown): ProtocolError {
  const shown = excerpt(JSON.stringify(value) ?? "nothing");
  return new ProtocolError(`Cannot read progress: unexpected ${where}: ${shown}`);
}

function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
