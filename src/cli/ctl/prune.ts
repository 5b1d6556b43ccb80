/** `ctl prune`: empties the build cache. */
import { Control, type PruneRequest } from "../../gen/control.ts";
import { formatBytes } from "../../progress/format.ts";
import type { Io } from "../io.ts";
import type { FlagValues } from "../flags.ts";
import { type CtlLoaded, FILTER_FLAG, FORMAT_FLAG, VERBOSE_FLAG } from "./command.ts";
import { numberValue, parseCtlFlags } from "./ctl_flags.ts";
import { withClient } from "./ctl_client.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";
import { parseGoDuration } from "./go_time.ts";
import { parseTemplate } from "./go_template.ts";
import { alignTabs } from "./tab_writer.ts";
import { USAGE_HEADER, usageFacts, usageJson, usageRow } from "./usage_info.ts";

const FLAGS = {
  "keep-duration": { value: "DURATION", help: "Keep what was used within, for example 24h" },
  "keep-storage": { value: "MB", help: "Keep so much at most" },
  "keep-storage-min": { value: "MB", help: "Keep so much in any case" },
  "free-storage": { value: "MB", help: "Leave so much of the disk free" },
  ...FILTER_FLAG,
  all: { help: "Internal and frontends' records too" },
  ...VERBOSE_FLAG,
  ...FORMAT_FLAG,
} as const;

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags } = parseCtlFlags({ ...GLOBAL_FLAGS, ...FLAGS }, argv);
  const request = pruneRequest(flags);
  const template = flags.format ? parseTemplate(flags.format) : undefined;
  let total = 0n;
  let first = true;
  await withClient(flags, io, async (client, signal) => {
    for await (const record of client.stream(Control.prune, request, { signal })) {
      total += record.size;
      if (template !== undefined) io.stdout.write(`${template(usageJson(record))}\n`);
      else if (flags.verbose) io.stdout.write(alignTabs(usageFacts(record)));
      else io.stdout.write(alignTabs((first ? USAGE_HEADER : "") + usageRow(record)));
      first = false;
    }
  });
  if (template === undefined) io.stdout.write(alignTabs(`Total:\t${formatBytes(total)}\n`));
}

function pruneRequest(flags: FlagValues<typeof FLAGS>): Partial<PruneRequest> {
  const bytes = (name: "keep-storage" | "keep-storage-min" | "free-storage") =>
    BigInt(Math.trunc(numberValue(name, flags[name], 0) * 1e6));
  const duration = flags["keep-duration"];
  return {
    filter: flags.filter,
    all: flags.all,
    keepDuration: duration === undefined ? 0n : parseGoDuration("keep-duration", duration),
    reservedSpace: bytes("keep-storage-min"),
    maxUsedSpace: bytes("keep-storage"),
    minFreeSpace: bytes("free-storage"),
  };
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS };
