/** Where a build's time went, as the daemon recorded it. */
import { UnsupportedError } from "../errors.ts";
import type { BuildHistoryRecord } from "../gen/control.ts";
import { findRecord, readBlob } from "../history.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { findBuild } from "./find_build.ts";
import { finalizeBuild } from "./update_build.ts";

/** One span of a trace, as OpenTelemetry's Go library writes it. */
export interface TraceSpan {
  /** What was done. */
  readonly Name: string;
  /** The span's id, and that of its trace. */
  readonly SpanContext: { readonly TraceID: string; readonly SpanID: string };
  /** The span it is part of; a SpanID of zeros for none. */
  readonly Parent: { readonly TraceID: string; readonly SpanID: string };
  /** OpenTelemetry's kind of span. */
  readonly SpanKind: number;
  /** RFC 3339 with nanoseconds. */
  readonly StartTime: string;
  /** RFC 3339 with nanoseconds. */
  readonly EndTime: string;
  /** Facts about it. */
  readonly Attributes: readonly TraceAttribute[] | null;
  /** What happened meanwhile. */
  readonly Events: readonly TraceEvent[] | null;
  /** How it ended. */
  readonly Status: { readonly Code: number | string; readonly Description: string };
  /** What else the builder wrote. */
  readonly [field: string]: unknown;
}

/** A fact about a span. */
export interface TraceAttribute {
  /** What the fact is called. */
  readonly Key: string;
  /** The value, with its type's name. */
  readonly Value: { readonly Type: string; readonly Value: unknown };
}

/** Something that happened during a span. */
export interface TraceEvent {
  /** What happened. */
  readonly Name: string;
  /** RFC 3339 with nanoseconds. */
  readonly Time: string;
  /** Facts about it. */
  readonly Attributes: readonly TraceAttribute[] | null;
}

/** The spans of a build that is over. Throws as {@linkcode findBuild}, and an `UnsupportedError` if there is no trace. */
export async function readTrace(
  caller: Caller,
  ref: string,
  options: CallOptions = {},
): Promise<TraceSpan[]> {
  const found = await findBuild(caller, ref, { ...options, completedOnly: true });
  const { trace } = await withTrace(caller, found, options);
  if (trace === undefined) {
    throw new UnsupportedError(
      "trace",
      `The builder at ${caller.address} has no trace of the build ${found.ref}. Builders before BuildKit v0.15 have one ` +
        "some seconds after the build's end: ask again",
    );
  }
  return parseSpans(new TextDecoder().decode(await readBlob(caller, trace.digest, options)));
}

/** The record with its trace, which the daemon adds a few seconds after the build's end unless it is asked to. */
export async function withTrace(
  caller: Caller,
  record: BuildHistoryRecord,
  options: CallOptions,
): Promise<BuildHistoryRecord> {
  if (record.trace !== undefined) return record;
  await finalizeBuild(caller, record.ref, options);
  return await findRecord(caller, record.ref, options) ?? record;
}

/** Objects of JSON, one after the other, each on one line or indented. */
export function parseSpans(text: string): TraceSpan[] {
  const spans: TraceSpan[] = [];
  let lines: string[] = [];
  for (const line of text.split("\n")) {
    lines.push(line);
    // Inside an object all lines are indented.
    if (line !== "}" && !(line.startsWith("{") && line.endsWith("}"))) continue;
    spans.push(JSON.parse(lines.join("\n")) as TraceSpan);
    lines = [];
  }
  return spans;
}
