/**
 * BuildKit's own JSON lines: each message of the status stream as Go's encoder writes `client.SolveStatus`.
 *
 * Source: BuildKit client/graph.go (names, order, what is left out), solver/pb/ops.pb.go, Go's encoding/json.
 */
import type {
  StatusResponse,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from "../gen/control.ts";
import type { Definition, OpMetadata, Range, Source, SourceInfo } from "../gen/ops.ts";
import type { Display, Output } from "./display.ts";
import { builtin } from "../runtime/builtin.ts";

/** A display that writes one JSON object a line for each message, at once. */
export function rawJsonDisplay(out: Output): Display {
  return {
    update: (status) => out.write(toRawJson(status) + "\n"),
    end(): void {},
  };
}

/** The message as one line of JSON, without the line's end. */
export function toRawJson(status: StatusResponse): string {
  const json = JSON.stringify({
    vertexes: list(status.vertexes, vertexJson),
    statuses: list(status.statuses, statusJson),
    logs: list(status.logs, logJson),
    warnings: list(status.warnings, warningJson),
  });
  return json.replace(HTML_REGEXP, escapeUnicode);
}

const SECOND = 1_000_000_000n;

/** Characters that Go's encoder writes as escapes and ours doesn't. */
const HTML_REGEXP = /[<>&\u2028\u2029]/g;

function escapeUnicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function vertexJson(vertex: Vertex): unknown {
  const { digest, inputs, name, started, completed, cached, error, progressGroup } = vertex;
  return {
    digest: some(digest),
    inputs: list(inputs, (input) => input),
    name: some(name),
    started: time(started),
    completed: time(completed),
    cached: some(cached),
    error: some(error),
    progressGroup: progressGroup && groupJson(progressGroup),
  };
}

function groupJson({ id, name, weak }: NonNullable<Vertex["progressGroup"]>): unknown {
  return { id: some(id), name: some(name), weak: some(weak) };
}

function statusJson(status: VertexStatus): unknown {
  const { id, vertex, name, total, current, timestamp = 0n, started, completed } = status;
  return {
    id,
    vertex: some(vertex),
    name: some(name),
    total: some(Number(total)),
    current: Number(current),
    timestamp: time(timestamp),
    started: time(started),
    completed: time(completed),
  };
}

function logJson({ vertex, stream, msg, timestamp = 0n }: VertexLog): unknown {
  return {
    vertex: some(vertex),
    stream: some(Number(stream)),
    // Go can't tell an empty message from none.
    data: msg.length === 0 ? null : base64(msg),
    timestamp: time(timestamp),
  };
}

/** One warning, as Go writes it. */
export function warningJson(
  { vertex, level, short, detail, url, info, ranges }: VertexWarning,
): unknown {
  return {
    vertex: some(vertex),
    level: some(Number(level)),
    short: some(base64(short)),
    detail: list(detail, base64),
    url: some(url),
    sourceInfo: info && sourceInfoJson(info),
    range: list(ranges, rangeJson),
  };
}

function sourceInfoJson({ filename, data, definition, language }: SourceInfo): unknown {
  return {
    filename: some(filename),
    data: some(base64(data)),
    definition: definition && definitionJson(definition),
    language: some(language),
  };
}

function rangeJson({ start, end }: Range): unknown {
  return { start: start && positionJson(start), end: end && positionJson(end) };
}

function positionJson({ line, character }: NonNullable<Range["start"]>): unknown {
  return { line: some(line), character: some(character) };
}

function definitionJson({ def, metadata, source }: Definition): unknown {
  return {
    def: list(def, base64),
    metadata: map(metadata, metadataJson),
    Source: source && sourceJson(source),
  };
}

function metadataJson(metadata: OpMetadata): unknown {
  const { ignoreCache, description, exportCache, caps, progressGroup } = metadata;
  return {
    ignore_cache: some(ignoreCache),
    description: map(description, (text) => text),
    export_cache: exportCache && { Value: some(exportCache.value) },
    caps: map(caps, (cap) => cap),
    progress_group: progressGroup && groupJson(progressGroup),
  };
}

function sourceJson({ locations, infos }: Source): unknown {
  return {
    locations: map(locations, ({ locations }) => ({
      locations: list(locations, ({ sourceIndex, ranges }) => ({
        sourceIndex: some(sourceIndex),
        ranges: list(ranges, rangeJson),
      })),
    })),
    infos: list(infos, sourceInfoJson),
  };
}

/** Undefined, which JSON leaves out, for a default value. */
function some<T extends string | number | boolean>(value: T): T | undefined {
  return value ? value : undefined;
}

function list<T>(items: readonly T[], convert: (item: T) => unknown): unknown[] | undefined {
  return items.length === 0 ? undefined : items.map((item) => convert(item));
}

/** Go writes a map's keys in order of their bytes. */
function map<T>(items: ReadonlyMap<string, T>, convert: (item: T) => unknown): unknown {
  if (items.size === 0) return undefined;
  const entries = [...items].sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, item]) => [key, convert(item)]));
}

/** RFC 3339 in UTC with as many digits of the nanoseconds as are needed. */
function time(nanoseconds: bigint | undefined): string | undefined {
  if (nanoseconds === undefined) return undefined;
  const fraction = ((nanoseconds % SECOND) + SECOND) % SECOND;
  const seconds = (nanoseconds - fraction) / SECOND;
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, -".000Z".length);
  const digits = fraction.toString().padStart(9, "0").replace(/0+$/, "");
  return digits === "" ? `${date}Z` : `${date}.${digits}Z`;
}

function base64(bytes: Uint8Array): string {
  return builtin("buffer").Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    "base64",
  );
}
