/** `moat-build history trace`: where a build's time went. */
import { microseconds, toJaeger, tookMicroseconds } from "../../control/jaeger_trace.ts";
import type { TraceSpan } from "../../control/trace.ts";
import { formatDuration } from "../../progress/format.ts";
import { safeInline } from "../../progress/safe_text.ts";
import { CONNECTION_FLAGS, connectionChoice } from "../connection_flags.ts";
import { HELP_FLAG, parseFlags } from "../flags.ts";
import { renderHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { jsonLines } from "../list_format.ts";
import { UsageError } from "../usage_error.ts";
import { atMostOneBuild, withHistory } from "./verb.ts";

const FORMATS = ["tree", "jaeger", "json"];

const OWN_FLAGS = {
  format: { value: "FORMAT", help: "tree (on a terminal), jaeger (elsewhere), json" },
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build history trace [flags] [BUILD]",
  summary: "Show where a build's time went: a tree; a file for Jaeger's interface; or\n" +
    "OpenTelemetry's spans, one a line.",
  groups: { "Flags": OWN_FLAGS, "Builder": CONNECTION_FLAGS },
});

/** Runs the verb. */
export async function historyTrace(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...OWN_FLAGS, ...CONNECTION_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  const ref = atMostOneBuild("trace", positionals);
  const format = flags.format ?? (io.stdout.isTerminal ? "tree" : "jaeger");
  if (!FORMATS.includes(format)) {
    throw new UsageError(
      `--format "${format}" is not a format`,
      `Formats are ${FORMATS.join(", ")}`,
    );
  }
  const spans = await withHistory(connectionChoice(flags), io, (client, signal) => {
    return client.trace(ref, { signal });
  });
  if (format === "json") return io.stdout.write(jsonLines(spans));
  io.stdout.write(
    format === "tree" ? tree(spans) : JSON.stringify(toJaeger(spans), null, 2) + "\n",
  );
}

/** A line for each span: when it began, how long it took, what it was. */
function tree(spans: readonly TraceSpan[]): string {
  const ids = new Set(spans.map(({ SpanContext }) => SpanContext.SpanID));
  const children = new Map<string, TraceSpan[]>();
  for (const span of spans) {
    // What began in a client is not in the daemon's trace.
    const parent = ids.has(span.Parent.SpanID) ? span.Parent.SpanID : "";
    children.set(parent, [...children.get(parent) ?? [], span]);
  }
  const begin = Math.min(...spans.map(({ StartTime }) => microseconds(StartTime)));
  const lines = ["     BEGAN      TOOK  WHAT"];
  const add = (parent: string, depth: number) => {
    for (const span of (children.get(parent) ?? []).sort(byStart)) {
      const [at, took] = [microseconds(span.StartTime) - begin, tookMicroseconds(span)]
        .map((time) => formatMicroseconds(time).padStart(9));
      lines.push(` ${at} ${took}  ${"  ".repeat(depth)}${safeInline(span.Name)}`);
      add(span.SpanContext.SpanID, depth + 1);
    }
  };
  add("", 0);
  return lines.map((line) => `${line}\n`).join("");
}

function byStart(a: TraceSpan, b: TraceSpan): number {
  return microseconds(a.StartTime) - microseconds(b.StartTime);
}

function formatMicroseconds(time: number): string {
  return time < 1_000_000 ? `${(time / 1000).toFixed(1)}ms` : formatDuration(time / 1_000_000);
}
