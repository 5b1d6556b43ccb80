/** `moat-build du`: what takes space in the builder's cache. */
import { cacheDetails, cacheHeadings, cacheRow, cacheSummary } from "./cache_table.ts";
import { parseCacheFilters } from "./cache_filter_flag.ts";
import { CONNECTION_FLAGS, connectionChoice } from "./connection_flags.ts";
import { HELP_FLAG, noArguments, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { FORMAT_FLAGS, jsonLines, listFormat } from "./list_format.ts";
import { UsageError } from "./usage_error.ts";
import { withClient } from "./with_client.ts";

const OWN_FLAGS = {
  filter: { value: "KEY=VALUE", many: true, help: "Only these records; all must hold" },
  verbose: { help: "Everything about each record (--format pretty)" },
  ...FORMAT_FLAGS,
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build du [flags]",
  summary: "Show what takes space in the builder's cache.",
  groups: { "Flags": OWN_FLAGS, "Builder": CONNECTION_FLAGS },
  notes: [
    "Filters are id, type, description, parents (=, !=, ~=), until=DURATION, and",
    "inuse, mutable, shared, private. Types are regular, source.local,",
    "source.git.checkout, exec.cachemount, frontend and internal.",
    "A * after an id: it may still change; after a size: others take part in it.",
  ],
});

/** Runs the command. */
export async function duCommand(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...OWN_FLAGS, ...CONNECTION_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  noArguments("du", positionals);
  if (flags.verbose && (flags.json || flags.format !== undefined)) {
    throw new UsageError("--verbose cannot be combined with --format or --json");
  }
  const format = flags.verbose ? "pretty" : listFormat(flags, ["table", "pretty", "json"]);
  const { filters, unusedForMs = 0 } = parseCacheFilters(flags.filter);
  const records = await withClient(connectionChoice(flags), io, (client, signal) => {
    return client.diskUsage({ filters, ageLimitMs: unusedForMs, signal });
  });
  if (format === "json") return io.stdout.write(jsonLines(records));
  const now = Date.now();
  const lines = format === "pretty"
    ? records.map((record) => cacheDetails(record, now))
    : [cacheHeadings(), ...records.map((record) => cacheRow(record, now))];
  io.stdout.write([...lines, cacheSummary(records)].join(""));
}
