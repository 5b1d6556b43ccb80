/** A trace as Jaeger's interface loads it (jaeger model/json). */
import type { TraceAttribute, TraceSpan } from "./trace.ts";

/** A tag of a span. */
interface Tag {
  readonly key: string;
  readonly type: string;
  readonly value: unknown;
}

/** OpenTelemetry's kinds by number. */
const KINDS = ["", "internal", "server", "client", "producer", "consumer"];
const NO_SPAN = /^0*$/;

/** The file's content, to be written as JSON. */
export function toJaeger(spans: readonly TraceSpan[]): { readonly data: readonly unknown[] } {
  const byTrace = new Map<string, TraceSpan[]>();
  for (const span of spans) {
    const { TraceID } = span.SpanContext;
    byTrace.set(TraceID, [...byTrace.get(TraceID) ?? [], span]);
  }
  return { data: [...byTrace].map(([traceID, spans]) => toTrace(traceID, spans)) };
}

function toTrace(traceID: string, spans: readonly TraceSpan[]): unknown {
  const ids = new Map<string, string>();
  const processes: Record<string, unknown> = {};
  const processOf = (span: TraceSpan): string => {
    const resource = (span["Resource"] ?? []) as readonly TraceAttribute[];
    const key = JSON.stringify(resource);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = `p${ids.size + 1}`;
    ids.set(key, id);
    const name = resource.find(({ Key }) => Key === "service.name")?.Value.Value ?? "unknown";
    const rest = resource.filter(({ Key }) => Key !== "service.name");
    processes[id] = { serviceName: name, tags: rest.map(toTag) };
    return id;
  };
  const jaegerSpans = spans.map((span) => ({ ...toSpan(span), processID: processOf(span) }));
  return { traceID, spans: jaegerSpans, processes, warnings: null };
}

function toSpan(span: TraceSpan): Record<string, unknown> {
  const { TraceID, SpanID } = span.SpanContext;
  const { Parent, Name, StartTime, SpanKind } = span;
  const kind = KINDS[SpanKind] ?? "";
  const isRoot = NO_SPAN.test(Parent.SpanID);
  return {
    ...{ traceID: TraceID, spanID: SpanID, operationName: Name },
    references: isRoot
      ? []
      : [{ refType: "CHILD_OF", traceID: Parent.TraceID, spanID: Parent.SpanID }],
    ...{ startTime: microseconds(StartTime), duration: tookMicroseconds(span) },
    tags: [
      ...(span.Attributes ?? []).map(toTag),
      ...(kind === "" ? [] : [{ key: "span.kind", type: "string", value: kind }]),
      ...errorTags(span),
    ],
    logs: (span.Events ?? []).map(({ Name, Time, Attributes }) => ({
      timestamp: microseconds(Time),
      fields: [{ key: "event", type: "string", value: Name }, ...(Attributes ?? []).map(toTag)],
    })),
    warnings: null,
  };
}

function errorTags({ Status: { Code, Description } }: TraceSpan): Tag[] {
  // The Go library writes names or numbers, by its age.
  if (Code !== 1 && Code !== "Error") return [];
  return [
    { key: "error", type: "bool", value: true },
    { key: "otel.status_description", type: "string", value: Description },
  ];
}

function toTag({ Key, Value: { Type, Value } }: TraceAttribute): Tag {
  switch (Type) {
    case "BOOL":
    case "INT64":
    case "FLOAT64":
      return { key: Key, type: Type.toLowerCase(), value: Value };
    case "STRING":
      return { key: Key, type: "string", value: Value };
    default:
      return { key: Key, type: "string", value: JSON.stringify(Value) };
  }
}

/** Microseconds since the epoch; a Date has milliseconds only. */
export function microseconds(time: string): number {
  return Number(nanoseconds(time) / 1000n);
}

/** Microseconds that a span took. */
export function tookMicroseconds({ StartTime, EndTime }: TraceSpan): number {
  return Math.max(0, Number((nanoseconds(EndTime) - nanoseconds(StartTime)) / 1000n));
}

function nanoseconds(time: string): bigint {
  const [, fraction = ""] = /\.(\d+)/.exec(time) ?? [];
  const milliseconds = Date.parse(time.replace(/\.\d+/, ""));
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}
