/** `moat-build report`: a page about a build that is over. */
import { OptionError } from "../errors.ts";
import { historyReport } from "../history_report.ts";
import { writePage } from "../report/report_file.ts";
import { CONNECTION_FLAGS, connectionChoice } from "./connection_flags.ts";
import { HELP_FLAG, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage_error.ts";
import { withClient } from "./with_client.ts";

const HELP = renderHelp({
  usage: "moat-build report [flags] BUILD FILE",
  summary: "Write an HTML page about a build that is over, from the builder's history.\n" +
    "BUILD is its id, the beginning of one, or ^0 for the newest (see history ls).",
  groups: { "Flags": HELP_FLAG, "Builder": CONNECTION_FLAGS },
});

/** Runs the command. */
export async function reportCommand(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...CONNECTION_FLAGS, ...HELP_FLAG }, argv);
  if (flags.help) return io.stdout.write(HELP);
  const [ref, file, ...more] = positionals;
  if (ref === undefined || file === undefined || more.length > 0) {
    throw new UsageError("report needs a build and a file", "Write moat-build report BUILD FILE");
  }
  try {
    const page = await withClient(connectionChoice(flags), io, (client, signal) => {
      return historyReport(client, ref, { signal });
    });
    await writePage(file, page);
  } catch (error) {
    if (error instanceof OptionError) throw new UsageError(error.problem);
    throw error;
  }
}
