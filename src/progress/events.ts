/**
 * What a program sees of a build while it runs: plain objects that survive `structuredClone()`.
 *
 * Times are milliseconds since the epoch on the daemon's clock, with a fraction; only compare them with each other.
 * The union has a version, {@linkcode EVENTS_VERSION}, which the `start` event carries. It grows when something that is
 * documented goes away or changes its meaning. Event types, states and fields may be added without that: ignore what you
 * don't know.
 */
import { MoatError } from "../errors.ts";
import type {
  StatusResponse,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from "../gen/control.ts";
import type { AccessEvent, BuildResult } from "../types.ts";
import { isCanceled } from "./canceled.ts";
import { toMilliseconds } from "./format.ts";
import { decodeText, warningKey } from "./warning.ts";

/** Version of the events' meaning. */
export const EVENTS_VERSION = 1;

/** Something happened in the build; tell the kinds apart by `type`. */
export type BuildEvent =
  | StartEvent
  | VertexEvent
  | StatusEvent
  | LogEvent
  | WarningEvent
  | AccessEvent
  | EndEvent;

/** The first event. */
export interface StartEvent {
  /** Tells the event's kind. */
  readonly type: "start";
  /** See {@linkcode EVENTS_VERSION}. */
  readonly version: number;
  /** The build's id on the daemon. */
  readonly ref: string;
}

/** The last event. */
export interface EndEvent {
  /** Tells the event's kind. */
  readonly type: "end";
  /** How the build ended. */
  readonly state: "completed" | "error" | "canceled";
  /** What was made; only with `completed`. */
  readonly result?: BuildResult;
  /** What went wrong; not with `completed`. */
  readonly error?: EventError;
}

/** An error as data: `code` and `message`, and for errors with a `toJSON()` what that gives. */
export interface EventError {
  /** A stable identifier, `UNKNOWN` for errors that are not this package's. */
  readonly code: string;
  /** What went wrong, and what to do. */
  readonly message: string;
  /** What the error's `toJSON()` gives besides. */
  readonly [field: string]: unknown;
}

/**
 * How far a vertex is: known but not begun, running, done by running, taken from the cache, failed, or stopped because
 * another one failed or the build was canceled.
 */
export type VertexState = "waiting" | "started" | "completed" | "cached" | "error" | "canceled";

/** A vertex (a step of the build) is new or has changed. A vertex may run again after it has completed. */
export interface VertexEvent {
  /** Tells the event's kind. */
  readonly type: "vertex";
  /** The vertex's id: other events refer to it. */
  readonly digest: string;
  /** For people, for example `[build 2/5] RUN make`. */
  readonly name: string;
  /** What the step is at. */
  readonly state: VertexState;
  /** Digests of the vertices it depends on. */
  readonly inputs: readonly string[];
  /** Absent while `waiting`. */
  readonly startedAt?: number;
  /** Present once it has ended, however it ended. */
  readonly completedAt?: number;
  /** What went wrong; only with `error` and `canceled`. */
  readonly error?: string;
  /** Vertices of one group are meant to be shown as one. */
  readonly group?: { readonly id: string; readonly name: string };
}

/** A part of a vertex's work goes on: a transfer, a layer being unpacked. */
export interface StatusEvent {
  /** Tells the event's kind. */
  readonly type: "status";
  /** Digest of the vertex. */
  readonly vertex: string;
  /** Which part: unique within the vertex and fit to be shown, for example `transferring context:`. */
  readonly id: string;
  /** What is done, for example `downloading`; may be empty. */
  readonly action: string;
  /** How much is done, mostly bytes. */
  readonly current: number;
  /** How much there is to do, where that is known. */
  readonly total?: number;
  /** When it began: milliseconds since the epoch. */
  readonly startedAt?: number;
  /** Present once this part is done. */
  readonly completedAt?: number;
}

/** Output of a `RUN` command or of the daemon's work. */
export interface LogEvent {
  /** Tells the event's kind. */
  readonly type: "log";
  /** Digest of the vertex. */
  readonly vertex: string;
  /** 1 is standard output, 2 standard error. */
  readonly stream: 1 | 2;
  /** Bytes just as they came: lines and characters may be cut anywhere. */
  readonly data: Uint8Array;
  /** When it was written: milliseconds since the epoch. */
  readonly time: number;
}

/** The daemon warns, for example about a line of the Dockerfile. */
export interface WarningEvent {
  /** Tells the event's kind. */
  readonly type: "warning";
  /** Digest of the vertex. */
  readonly vertex: string;
  /** 1 for the Dockerfile's checks. */
  readonly level: number;
  /** One line. */
  readonly message: string;
  /** Further lines. */
  readonly detail: readonly string[];
  /** Where the rule is explained. */
  readonly url?: string;
  /** The lines meant, counted from 1, both ends included. */
  readonly source?: {
    readonly file: string;
    readonly ranges: ReadonlyArray<{ readonly startLine: number; readonly endLine: number }>;
  };
}

/** The events of one message of the status stream; vertices that repeat within it once. */
export function toEvents(status: StatusResponse): BuildEvent[] {
  return eventMapper()(status);
}

/**
 * A function from one build's status messages, in order, to events. It remembers what it has told, so that what the
 * daemon repeats (vertices unchanged, warnings of split messages) comes out once.
 */
export function eventMapper(): (status: StatusResponse) => BuildEvent[] {
  const vertices = new Map<string, string>();
  const warnings = new Set<string>();
  const isNews = (vertex: Vertex): boolean => {
    const key = vertexKey(vertex);
    if (vertices.get(vertex.digest) === key) return false;
    vertices.set(vertex.digest, key);
    return true;
  };
  return (status) => [
    ...status.vertexes.filter(isNews).map(vertexEvent),
    ...status.statuses.map(statusEvent),
    ...status.logs.map(logEvent),
    ...status.warnings.filter((warning) => addNew(warnings, warningKey(warning))).map(warningEvent),
  ];
}

/** The event that a build which ended with `error` ends with. */
export function failureEvent(error: unknown, canceled: boolean): EndEvent {
  return { type: "end", state: canceled ? "canceled" : "error", error: eventError(error) };
}

function eventError(error: unknown): EventError {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof MoatError ? error.code : "UNKNOWN";
  const more = error instanceof MoatError && "toJSON" in error && typeof error.toJSON === "function"
    ? error.toJSON() as Record<string, unknown>
    : {};
  return { code, message, ...more };
}

function addNew(set: Set<string>, key: string): boolean {
  return set.size !== set.add(key).size;
}

function vertexKey(vertex: Vertex): string {
  const { name, cached, started, completed, error } = vertex;
  return [started ?? "", completed ?? "", cached, name, error].join("\0");
}

function vertexEvent(vertex: Vertex): VertexEvent {
  const { digest, name, inputs, error, started, completed, progressGroup: group } = vertex;
  return {
    type: "vertex",
    digest,
    name,
    state: vertexState(vertex),
    inputs,
    ...(started !== undefined && { startedAt: toMilliseconds(started) }),
    ...(completed !== undefined && { completedAt: toMilliseconds(completed) }),
    ...(error !== "" && { error }),
    ...(group !== undefined && { group: { id: group.id, name: group.name } }),
  };
}

function vertexState({ started, completed, cached, error }: Vertex): VertexState {
  if (error !== "") return isCanceled(error) ? "canceled" : "error";
  if (cached) return "cached";
  if (completed !== undefined) return "completed";
  return started === undefined ? "waiting" : "started";
}

function statusEvent(status: VertexStatus): StatusEvent {
  const { vertex, id, name, current, total, started, completed } = status;
  return {
    type: "status",
    vertex,
    id,
    action: name,
    current: Number(current),
    ...(total !== 0n && { total: Number(total) }),
    ...(started !== undefined && { startedAt: toMilliseconds(started) }),
    ...(completed !== undefined && { completedAt: toMilliseconds(completed) }),
  };
}

function logEvent({ vertex, stream, msg, timestamp }: VertexLog): LogEvent {
  const time = toMilliseconds(timestamp ?? 0n);
  return { type: "log", vertex, stream: stream === 2n ? 2 : 1, data: msg, time };
}

function warningEvent(
  { vertex, level, short, detail, url, info, ranges }: VertexWarning,
): WarningEvent {
  const lines = ranges.map(({ start, end }) => {
    const startLine = start?.line ?? 0;
    return { startLine, endLine: end?.line || startLine };
  });
  return {
    type: "warning",
    vertex,
    level: Number(level),
    message: decodeText(short),
    detail: detail.map(decodeText),
    ...(url !== "" && { url }),
    ...(info !== undefined && { source: { file: info.filename, ranges: lines } }),
  };
}
