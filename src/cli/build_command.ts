/** `moat-build build`: flags in, image out. */
import { type Build, build } from "../build.ts";
import type { VertexWarning } from "../gen/control.ts";
import type { ProgressState } from "../progress/model.ts";
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
import { HELP_FLAG, parseFlags } from "./flags.ts";
import { interruptible } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { cliLogger } from "./logger.ts";
import { type CliProgress, follow, followJson, makeDisplay, progressMode } from "./progress.ts";
import { UsageError } from "./usage_error.ts";
import { isWritableStream } from "../runtime/streams.ts";
import { vcsOptions } from "./vcs_variables.ts";

/** Lines of a failed step's output that are shown where nothing else of it was. */
const FAILED_LINES = 10;

/** Runs the command. */
export async function buildCommand(argv: readonly string[], io: Io): Promise<void> {
  const line = parseFlags(BUILD_FLAGS, argv, REFUSED_FLAGS);
  const { flags } = line;
  if (flags.help) return io.stdout.write(await help());
  if (flags.check || flags.call !== undefined) {
    const { callCommand } = await import("./call_command.ts");
    if (await callCommand(line, io)) return;
  }
  const mode = progressMode(flags, io);
  const options = { ...await buildOptions(line, io), vcs: vcsOptions(io.env) };
  if (mode === "json" && usesStdout(options)) {
    throw new UsageError(
      "--progress json writes to stdout, and so does the output",
      "Write the output to a file, or see the progress with --progress rawjson on stderr",
    );
  }
  const { iidfile, "metadata-file": metadataFile } = flags;
  const writing = iidfile ?? metadataFile;
  const files = writing === undefined ? undefined : await import("./result_files.ts");
  if (iidfile !== undefined) await files?.removeImageIdFile(iidfile);
  const logger = cliLogger(io, flags.debug);
  const { result, state, warnings } = await interruptible(
    io,
    (signal) => run(line, { ...options, logger, signal }, mode, io),
  );
  if (metadataFile !== undefined) {
    const { buildMetadata } = await import("./build_metadata.ts");
    await files?.writeMetadataFile(metadataFile, buildMetadata(result, warnings));
  }
  if (iidfile !== undefined && result.imageId !== undefined) {
    await files?.writeImageIdFile(iidfile, result.imageId);
  }
  await report(result, state, options, mode, io);
}

async function help(): Promise<string> {
  const { renderHelp } = await import("./help.ts");
  return renderHelp({
    usage: "moat-build build [flags] PATH|URL|-",
    summary: "Build an image from a folder, a URL, or an archive or Dockerfile on stdin.",
    groups: {
      "Source": SOURCE_FLAGS,
      "Steps": RUN_FLAGS,
      "Result": RESULT_FLAGS,
      "Builder": { ...CONNECTION_FLAGS, ...HELP_FLAG },
    },
  });
}

async function run(
  { flags }: BuildCommandLine,
  options: BuildOptions & { signal: AbortSignal },
  mode: CliProgress,
  io: Io,
): Promise<{ result: BuildResult; state: ProgressState | undefined; warnings: VertexWarning[] }> {
  const metadata = flags["metadata-file"] === undefined
    ? undefined
    : await import("./build_metadata.ts");
  const show = await follower(mode, io, options.tags?.[0]);
  const choice = connectionChoice(flags);
  if (choice.wait || choice.timeoutMs !== undefined) {
    const { reachBuilder } = await import("./reach_builder.ts");
    await reachBuilder(choice, options);
  }
  const running = build(options);
  const shown = show(running);
  const warned = metadata?.collectWarnings(running, io.env) ?? Promise.resolve([]);
  try {
    return { result: await running, state: await shown, warnings: await warned };
  } catch (error) {
    if (mode === "quiet" || mode === "none") {
      const { failedOutput } = await import("./failed_output.ts");
      io.stderr.write(failedOutput(error, FAILED_LINES));
    }
    throw error;
  } finally {
    await Promise.all([shown, warned]);
  }
}

/** How a build is shown; what comes of it is what is known of the build then. */
async function follower(
  mode: CliProgress,
  io: Io,
  title: string | undefined,
): Promise<(build: Build) => Promise<ProgressState | undefined>> {
  if (mode === "json") return (build) => followJson(build, io);
  const display = await makeDisplay(mode, io, title);
  return display === undefined
    ? () => Promise.resolve(undefined)
    : (build) => follow(build, display);
}

/** Says what was made: with `quiet` the image id alone, on stdout; nothing where the progress is for a program. */
async function report(
  result: BuildResult,
  state: ProgressState | undefined,
  options: BuildOptions,
  mode: CliProgress,
  io: Io,
): Promise<void> {
  const { imageId } = result;
  if (mode === "quiet" && imageId !== undefined) {
    // An archive on stdout must stay one.
    (usesStdout(options) ? io.stderr : io.stdout).write(`${imageId}\n`);
  }
  if (state === undefined || mode === "rawjson") return;
  const { summarize } = await import("../progress/summary.ts");
  const { summaryLines } = await import("./summary.ts");
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
    typeof item === "object" && "dest" in item && isWritableStream(item.dest)
  );
}
