/** `moat-build workers`: what runs a builder's builds, for what, and how its cache is cleaned. */
import type { GcPolicy, WorkerDetails } from "../control/workers.ts";
import { formatBytes, formatDuration } from "../progress/format.ts";
import { safeInline } from "../progress/safe_text.ts";
import { CONNECTION_FLAGS, connectionChoice } from "./connection_flags.ts";
import { HELP_FLAG, noArguments, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { FORMAT_FLAGS, jsonLines, listFormat } from "./list_format.ts";
import { withClient } from "./with_client.ts";

const OWN_FLAGS = {
  filter: { short: "f", value: "FILTER", many: true, help: "For example id==ID; any may match" },
  ...FORMAT_FLAGS,
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build workers [flags]",
  summary: "Show the builder's workers: platforms, labels, garbage collection, devices.",
  groups: { "Flags": OWN_FLAGS, "Builder": CONNECTION_FLAGS },
});

/** Runs the command. */
export async function workersCommand(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...OWN_FLAGS, ...CONNECTION_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  noArguments("workers", positionals);
  const format = listFormat(flags);
  const found = await withClient(connectionChoice(flags), io, (client, signal) => {
    return client.workers(flags.filter, { signal });
  });
  if (format === "json") return io.stdout.write(jsonLines(found));
  io.stdout.write(found.flatMap(describe).map((line) => `${safeInline(line)}\n`).join(""));
}

function describe(
  { id, labels, platforms, version, gcPolicies, devices }: WorkerDetails,
): string[] {
  return [
    `worker ${id}`,
    ...(version === "" ? [] : [`  version: ${version}`]),
    `  platforms: ${platforms.join(", ")}`,
    ...Object.keys(labels).sort().map((key) => `  ${key}: ${labels[key]}`),
    ...gcPolicies.map((policy, i) => `  gc rule ${i + 1}: ${describePolicy(policy)}`),
    ...devices.map(({ name, autoAllow, onDemand }) =>
      `  device ${name}${autoAllow ? ", allowed" : ""}${onDemand ? ", set up on demand" : ""}`
    ),
  ];
}

function describePolicy(policy: GcPolicy): string {
  const { all, filters, keepDurationMs, reservedSpace, maxUsedSpace, minFreeSpace } = policy;
  const parts = [
    ...(filters.length === 0 ? [all ? "everything" : "all but internal"] : [filters.join(" or ")]),
    ...(keepDurationMs > 0 ? [`unused for ${formatDuration(keepDurationMs / 1000)}`] : []),
    ...(reservedSpace > 0 ? [`above ${formatBytes(reservedSpace)}`] : []),
    ...(maxUsedSpace > 0 ? [`down to ${formatBytes(maxUsedSpace)}`] : []),
    ...(minFreeSpace > 0 ? [`until ${formatBytes(minFreeSpace)} are free`] : []),
  ];
  return parts.join(", ");
}
