/** `moat-build build`: flags in, image out. */
import { build } from "../build.ts";
import { initialState, type ProgressState } from "../progress/model.ts";
import { summarize } from "../progress/summary.ts";
import type { BuildOptions, BuildResult } from "../types.ts";
import {
  BUILD_FLAGS,
  REFUSED_FLAGS,
  RESULT_FLAGS,
  RUN_FLAGS,
  SOURCE_FLAGS,
} from "./build_flags.ts";
import { type BuildCommandLine, buildOptions } from "./build_options.ts";
import { CONNECTION_FLAGS, connectionChoice } from "./connection_flags.ts";
import { failedOutput } from "./failed_output.ts";
import { HELP_FLAG, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import { interruptible } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { cliLogger } from "./logger.ts";
import { type CliProgress, follow, followJson, makeDisplay, progressMode } from "./progress.ts";
import { reachBuilder } from "./reach_builder.ts";
import { removeImageIdFile, writeImageIdFile, writeMetadataFile } from "./result_files.ts";
import { summaryLines } from "./summary.ts";
import { UsageError } from "./usage_error.ts";

const HELP = renderHelp({
  usage: "moat-build build [flags] PATH|URL|-",
  summary: "Build an image from a folder, a URL, or an archive or Dockerfile on stdin.",
  groups: {
    "Source": SOURCE_FLAGS,
    "Steps": RUN_FLAGS,
    "Result": RESULT_FLAGS,
    "Builder": { ...CONNECTION_FLAGS, ...HELP_FLAG },
  },
});

/** Lines of a failed step's output that are shown where nothing else of it was. */
const FAILED_LINES = 10;

/** Runs the command. */
export async function buildCommand(argv: readonly string[], io: Io): Promise<void> {
  const line = parseFlags(BUILD_FLAGS, argv, REFUSED_FLAGS);
  const { flags } = line;
  if (flags.help) return io.stdout.write(HELP);
  const mode = progressMode(flags, io);
  const options = await buildOptions(line, io);
  if (mode === "json" && usesStdout(options)) {
    throw new UsageError(
      "--progress json writes to stdout, and so does the output",
      "Write the output to a file, or see the progress with --progress rawjson on stderr",
    );
  }
  const { iidfile } = flags;
  if (iidfile !== undefined) await removeImageIdFile(iidfile);
  const logger = cliLogger(io, flags.debug);
  const { result, state } = await interruptible(
    io,
    (signal) => run(line, { ...options, logger, signal }, mode, io),
  );
  if (flags["metadata-file"] !== undefined) {
    await writeMetadataFile(flags["metadata-file"], result.metadata);
  }
  if (iidfile !== undefined && result.imageId !== undefined) {
    await writeImageIdFile(iidfile, result.imageId);
  }
  report(result, state, options, mode, io);
}

async function run(
  { flags }: BuildCommandLine,
  options: BuildOptions & { signal: AbortSignal },
  mode: CliProgress,
  io: Io,
): Promise<{ result: BuildResult; state: ProgressState }> {
  const display = mode === "json" ? undefined : makeDisplay(mode, io, options.tags?.[0]);
  const choice = connectionChoice(flags);
  if (choice.wait || choice.timeoutMs !== undefined) await reachBuilder(choice, options);
  const running = build(options);
  const shown = display === undefined
    ? followJson(running, io).then(initialState)
    : follow(running, display);
  try {
    return { result: await running, state: await shown };
  } catch (error) {
    if (mode === "quiet" || mode === "none") io.stderr.write(failedOutput(error, FAILED_LINES));
    throw error;
  } finally {
    await shown;
  }
}

/** Says what was made: with `quiet` the image id alone, on stdout; nothing where the progress is for a program. */
function report(
  result: BuildResult,
  state: ProgressState,
  options: BuildOptions,
  mode: CliProgress,
  io: Io,
): void {
  const { imageId } = result;
  if (mode === "quiet" && imageId !== undefined) {
    // An archive on stdout must stay one.
    (usesStdout(options) ? io.stderr : io.stdout).write(`${imageId}\n`);
  }
  if (mode !== "auto" && mode !== "plain" && mode !== "tty") return;
  const lines = summaryLines(result, summarize(state), {
    push: pushes(options),
    ...(io.stderr.isTerminal && { columns: io.stderr.columns }),
  });
  io.stderr.write(`\n${lines.join("\n")}\n`);
}

function pushes({ output = [] }: BuildOptions): boolean {
  return [output].flat().some((item) => {
    return typeof item === "object" && item.type === "image" && item.push === true;
  });
}

function usesStdout({ output = [] }: BuildOptions): boolean {
  return [output].flat().some((item) =>
    typeof item === "object" && "dest" in item && item.dest instanceof WritableStream
  );
}
