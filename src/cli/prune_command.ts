/** `moat-build prune`: removes what nothing uses from the builder's cache. */
import type { CacheRecord } from "../control/cache_records.ts";
import { formatBytes } from "../progress/format.ts";
import { parseCacheFilters } from "./cache_filter_flag.ts";
import { cacheDetails, cacheHeadings, cacheRow } from "./cache_table.ts";
import { confirm } from "./confirm.ts";
import { CONNECTION_FLAGS, connectionChoice } from "./connection_flags.ts";
import { parseDuration } from "./duration.ts";
import { HELP_FLAG, noArguments, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { FORMAT_FLAGS, jsonLines, listFormat } from "./list_format.ts";
import { UsageError } from "./usage_error.ts";
import { withClient } from "./with_client.ts";

const LIMIT_FLAGS = {
  filter: { value: "KEY=VALUE", many: true, help: "Only these records (see du --help)" },
  "keep-duration": { value: "DURATION", help: "Keep what was used since then, for example 24h" },
  "reserved-space": { value: "SIZE", help: "The cache may always take this much" },
  "keep-storage": { value: "SIZE", help: "Older name of --reserved-space" },
  "max-used-space": { value: "SIZE", help: "The cache takes this much at most" },
  "min-free-space": { value: "SIZE", help: "This much of the disk is to be free" },
} as const;
const OWN_FLAGS = {
  all: { short: "a", help: "Internal and frontend records, too" },
  force: { short: "f", help: "Do not ask" },
  yes: { short: "y", help: "Same as --force" },
  verbose: { help: "Everything about each record" },
  ...FORMAT_FLAGS,
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build prune [flags]",
  summary: "Remove what nothing uses from the builder's cache, least recently used first.",
  groups: { "Flags": OWN_FLAGS, "What stays": LIMIT_FLAGS, "Builder": CONNECTION_FLAGS },
  notes: ["A SIZE is bytes, or has a unit: 512m, 20g."],
});

/** Runs the command. */
export async function pruneCommand(argv: readonly string[], io: Io): Promise<void> {
  const table = { ...OWN_FLAGS, ...LIMIT_FLAGS, ...CONNECTION_FLAGS };
  const { flags, positionals } = parseFlags(table, argv);
  if (flags.help) return io.stdout.write(HELP);
  noArguments("prune", positionals);
  const format = listFormat(flags);
  const options = { all: flags.all, ...pruneLimits(flags) };
  if (!flags.force && !flags.yes) {
    const what = flags.all ? "all build cache" : "all build cache but for internal records";
    if (!await confirm(io, `Remove ${what} that nothing uses?`, "prune")) return;
  }
  let bytes = 0;
  await withClient(connectionChoice(flags), io, async (client, signal) => {
    const show = shower(io, flags.verbose ? "pretty" : format);
    for await (const record of client.prune({ ...options, signal })) {
      bytes += Math.max(0, record.size);
      show(record);
    }
  });
  if (format !== "json") io.stdout.write(`Total:  ${formatBytes(bytes)}\n`);
}

/** Prints records as they go; the table's headings before the first. */
function shower(io: Io, format: "table" | "pretty" | "json"): (record: CacheRecord) => void {
  let first = true;
  return (record) => {
    if (format === "json") return io.stdout.write(jsonLines([record]));
    if (format === "pretty") return io.stdout.write(cacheDetails(record, Date.now()));
    if (first) io.stdout.write(cacheHeadings());
    first = false;
    io.stdout.write(cacheRow(record, Date.now()));
  };
}

type LimitFlags = { readonly [K in keyof typeof LIMIT_FLAGS]: string | string[] | undefined };

/** What is removed and what stays, as {@linkcode BuildKitClient.prune} takes it. Throws a `UsageError`. */
export function pruneLimits(flags: LimitFlags): {
  filters: string[];
  keepDurationMs: number;
  reservedSpace: string;
  maxUsedSpace: string;
  minFreeSpace: string;
} {
  const { filters, unusedForMs } = parseCacheFilters(flags.filter as string[]);
  const keep = flags["keep-duration"] as string | undefined;
  if (keep !== undefined && unusedForMs !== undefined) {
    throw new UsageError("--keep-duration cannot be combined with --filter until");
  }
  const size = (flag: keyof LimitFlags) => (flags[flag] as string | undefined) ?? "0";
  return {
    filters,
    keepDurationMs: keep === undefined ? unusedForMs ?? 0 : parseDuration("--keep-duration", keep),
    reservedSpace: size(flags["reserved-space"] === undefined ? "keep-storage" : "reserved-space"),
    maxUsedSpace: size("max-used-space"),
    minFreeSpace: size("min-free-space"),
  };
}
