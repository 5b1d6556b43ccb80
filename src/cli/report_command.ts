/** `moat-build report`: a page about a build that is over. */
import { chooseBuilder } from "../builder.ts";
import { NoBuilderError, OptionError } from "../errors.ts";
import { historyReport } from "../history_report.ts";
import { writePage } from "../report/report_file.ts";
import { CONNECTION_FLAGS, connectionChoice } from "./connection_flags.ts";
import { HELP_FLAG, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import { interruptible } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { cliLogger } from "./logger.ts";
import { reachBuilder } from "./reach_builder.ts";
import { UsageError } from "./usage_error.ts";

const HELP = renderHelp({
  usage: "moat-build report [flags] BUILD FILE",
  summary: "Write an HTML page about a build that is over, from the builder's history.\n" +
    "BUILD is its id, as build --progress json tells it, or buildctl debug histories.",
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
  const choice = connectionChoice(flags);
  const page = await interruptible(io, async (signal) => {
    const logger = cliLogger(io, choice.debug);
    await reachBuilder(choice, { signal });
    const builder = await chooseBuilder({ ...choice, signal, logger, env: io.env });
    try {
      if (builder.kind === "classic") {
        throw new NoBuilderError("There is no build history: the classic builder keeps none");
      }
      return await historyReport(builder.client, ref, { signal });
    } catch (error) {
      if (error instanceof OptionError) throw new UsageError(error.problem);
      throw error;
    } finally {
      await builder.close();
    }
  });
  await writePage(file, page);
}
