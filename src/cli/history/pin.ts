/** `moat-build history pin` and `unpin`: whether a record stays when old ones are removed. */
import { CONNECTION_FLAGS, connectionChoice } from "../connection_flags.ts";
import { HELP_FLAG, parseFlags } from "../flags.ts";
import { renderHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage_error.ts";
import { withHistory } from "./verb.ts";

const SUMMARIES = {
  pin: "Keep the records of builds when old ones are removed.",
  unpin: "Let the records of builds be removed when they are old.",
} as const;

/** Runs `history pin`. */
export function historyPin(argv: readonly string[], io: Io): Promise<void> {
  return setPins("pin", argv, io);
}

/** Runs `history unpin`. */
export function historyUnpin(argv: readonly string[], io: Io): Promise<void> {
  return setPins("unpin", argv, io);
}

async function setPins(verb: "pin" | "unpin", argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...HELP_FLAG, ...CONNECTION_FLAGS }, argv);
  if (flags.help) {
    return io.stdout.write(renderHelp({
      usage: `moat-build history ${verb} [flags] BUILD...`,
      summary: SUMMARIES[verb],
      groups: { "Flags": HELP_FLAG, "Builder": CONNECTION_FLAGS },
    }));
  }
  if (positionals.length === 0) throw new UsageError(`history ${verb} needs builds`);
  await withHistory(connectionChoice(flags), io, async (client, signal) => {
    for (const ref of positionals) await client[verb](ref, { signal });
  });
}
