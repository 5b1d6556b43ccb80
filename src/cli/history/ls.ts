/** `moat-build history ls`: the builds that a builder remembers. */
import type { BuildRecord } from "../../control/build_record.ts";
import type { HistoryEvent } from "../../control/history.ts";
import { formatDuration } from "../../progress/format.ts";
import { safeInline } from "../../progress/safe_text.ts";
import { displayWidth } from "../../progress/width.ts";
import { formatAge } from "../age.ts";
import { CONNECTION_FLAGS, connectionChoice } from "../connection_flags.ts";
import { HELP_FLAG, noArguments, parseFlags } from "../flags.ts";
import { renderHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { FORMAT_FLAGS, jsonLines, listFormat } from "../list_format.ts";
import { renderTable } from "../table.ts";
import { parseBuildFilters } from "./filter_flag.ts";
import { localRepository } from "./local_repository.ts";
import { withHistory } from "./verb.ts";

const OWN_FLAGS = {
  filter: { value: "KEY=VALUE", many: true, help: "Only these builds; all must hold" },
  local: { help: "Only builds of this folder's git repository" },
  follow: { help: "Go on with what happens, whoever starts it" },
  "no-trunc": { help: "Names in full" },
  ...FORMAT_FLAGS,
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build history ls [flags]",
  summary: "List the builds that the builder remembers, those that run first.",
  groups: { "Flags": OWN_FLAGS, "Builder": CONNECTION_FLAGS },
  notes: [
    "Filters: status (running, completed, error, canceled), ref, repository (=, !=);",
    "startedAt, completedAt (<, >: a time, or a duration for so long ago); duration.",
  ],
});

/** A longer name loses its beginning, which says less. */
const NAME_WIDTH = 36;

/** Runs the verb. */
export async function historyLs(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...OWN_FLAGS, ...CONNECTION_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  noArguments("history ls", positionals);
  const format = listFormat(flags);
  const local = flags.local ? [`repository=${localRepository()}`] : [];
  const fits = parseBuildFilters([...local, ...flags.filter], Date.now());
  const choice = connectionChoice(flags);
  if (flags.follow) {
    return await withHistory(choice, io, async (client, signal) => {
      for await (const event of client.history({ follow: true, signal })) {
        if (event.type === "deleted" || fits(event.record)) {
          io.stdout.write(format === "json" ? jsonLines([eventJson(event)]) : eventLine(event));
        }
      }
    });
  }
  const records = await withHistory(choice, io, async (client, signal) => {
    const found = new Map<string, BuildRecord>();
    for await (const event of client.history({ signal })) {
      if (event.type !== "deleted") found.set(event.ref, event.record);
    }
    return [...found.values()];
  });
  const shown = records.filter(fits).sort(byTime);
  if (format === "json") return io.stdout.write(jsonLines(shown.map(recordJson)));
  io.stdout.write(table(shown, flags["no-trunc"]));
}

function byTime(a: BuildRecord, b: BuildRecord): number {
  const running = Number(b.status === "running") - Number(a.status === "running");
  return running || b.startedAt.getTime() - a.startedAt.getTime();
}

function table(records: readonly BuildRecord[], full: boolean): string {
  const now = Date.now();
  return renderTable(
    ["BUILD ID", "NAME", "STATUS", "CREATED AT", "DURATION"],
    records.map((record) => [
      record.ref,
      full ? record.name : shorten(safeInline(record.name)),
      `${statusText(record)}${record.pinned ? ", pinned" : ""}`,
      formatAge(record.startedAt, now),
      durationText(record, now),
    ]),
  );
}

function shorten(name: string): string {
  const characters = [...name];
  while (displayWidth(characters.join("")) > NAME_WIDTH - 1) characters.shift();
  return characters.length === [...name].length ? name : `…${characters.join("")}`;
}

function statusText({ status }: BuildRecord): string {
  return `${status[0]!.toUpperCase()}${status.slice(1)}`;
}

/** A plus: it goes on. */
function durationText({ durationMs, startedAt }: BuildRecord, now: number): string {
  if (durationMs !== undefined) return formatDuration(durationMs / 1000);
  return `${formatDuration(Math.max(0, now - startedAt.getTime()) / 1000)}+`;
}

/** The fields of buildx, and more. */
function recordJson(record: BuildRecord): Record<string, unknown> {
  const { ref, name, startedAt, completedAt, durationMs, steps, warnings, pinned } = record;
  return {
    ...{ ref, name, status: statusText(record), created_at: startedAt },
    ...(completedAt !== undefined && { completed_at: completedAt, duration_ms: durationMs }),
    ...{ total_steps: steps.total, completed_steps: steps.completed, cached_steps: steps.cached },
    ...{ warnings, pinned },
    ...(record.error !== undefined && { error: record.error.message }),
  };
}

function eventJson(event: HistoryEvent): Record<string, unknown> {
  const { type, ref } = event;
  return { event: type, ref, ...(event.type !== "deleted" && recordJson(event.record)) };
}

function eventLine(event: HistoryEvent): string {
  const { type, ref } = event;
  if (event.type === "deleted") return `${type.padEnd(9)}  ${safeInline(ref)}\n`;
  const { name } = event.record;
  const end = event.type === "completed"
    ? `${statusText(event.record)} after ${durationText(event.record, 0)}`
    : "";
  const parts = [type.padEnd(9), ref, end, name].filter((part) => part !== "");
  return `${safeInline(parts.join("  "))}\n`;
}
