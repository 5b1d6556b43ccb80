/** `moat-build history rm`: removes records of builds. */
import { safeInline } from "../../progress/safe_text.ts";
import { CONNECTION_FLAGS, connectionChoice } from "../connection_flags.ts";
import { HELP_FLAG, parseFlags } from "../flags.ts";
import { renderHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage_error.ts";
import { parseBuildFilters } from "./filter_flag.ts";
import { withHistory } from "./verb.ts";

const OWN_FLAGS = {
  all: { help: "All builds that are over, but for pinned ones" },
  pinned: { help: "With --all: pinned ones, too" },
  filter: { value: "KEY=VALUE", many: true, help: "With --all: only these (see ls)" },
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build history rm [flags] BUILD...",
  summary: "Remove what the builder remembers of builds; their images and caches stay.",
  groups: { "Flags": OWN_FLAGS, "Builder": CONNECTION_FLAGS },
});

/** Runs the verb. */
export async function historyRm(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...OWN_FLAGS, ...CONNECTION_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  const { all, pinned, filter } = flags;
  if (all === positionals.length > 0) {
    throw new UsageError("history rm needs builds, or --all", "See moat-build history ls");
  }
  if (!all && (pinned || filter.length > 0)) {
    throw new UsageError("--pinned and --filter go with --all only");
  }
  const where = parseBuildFilters(filter, Date.now());
  const removed = (ref: string) => io.stdout.write(`${safeInline(ref)}\n`);
  await withHistory(connectionChoice(flags), io, async (client, signal) => {
    for (const ref of positionals) {
      await client.removeBuild(ref, { signal });
      removed(ref);
    }
    if (!all) return;
    for await (const { ref } of client.pruneHistory({ pinned, where, signal })) removed(ref);
  });
}
