/** `moat-build build`: flags in, image out. */
import { build } from "../build.ts";
import type { ProgressMode } from "../progress/display.ts";
import { safeInline } from "../progress/safe_text.ts";
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
import { follow, makeDisplay, progressMode } from "./progress.ts";
import { reachBuilder } from "./reach_builder.ts";
import { removeImageIdFile, writeImageIdFile, writeMetadataFile } from "./result_files.ts";

const HELP = renderHelp({
  usage: "moat-build build [flags] PATH",
  summary: "Build an image from a Dockerfile and the folder PATH.",
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
  const { iidfile } = flags;
  if (iidfile !== undefined) await removeImageIdFile(iidfile);
  const result = await interruptible(io, (signal) => run(line, { ...options, signal }, mode, io));
  if (flags["metadata-file"] !== undefined) {
    await writeMetadataFile(flags["metadata-file"], result.metadata);
  }
  if (iidfile !== undefined && result.imageId !== undefined) {
    await writeImageIdFile(iidfile, result.imageId);
  }
  summarize(result, options, mode, io);
}

async function run(
  { flags }: BuildCommandLine,
  options: BuildOptions & { signal: AbortSignal },
  mode: ProgressMode,
  io: Io,
): Promise<BuildResult> {
  const display = makeDisplay(mode, io);
  const choice = connectionChoice(flags);
  if (choice.wait || choice.timeoutMs !== undefined) await reachBuilder(choice, options.signal);
  const running = build(options);
  const shown = follow(running, display);
  try {
    return await running;
  } catch (error) {
    if (mode === "quiet" || mode === "none") io.stderr.write(failedOutput(error, FAILED_LINES));
    throw error;
  } finally {
    await shown;
  }
}

/** Says what was made: with `quiet` the image id alone, on stdout; nothing where stderr is for a program. */
function summarize(result: BuildResult, options: BuildOptions, mode: ProgressMode, io: Io): void {
  const { imageId, durationMs } = result;
  if (mode === "quiet" && imageId !== undefined) {
    // An archive on stdout must stay one.
    (usesStdout(options) ? io.stderr : io.stdout).write(`${imageId}\n`);
  }
  if (mode === "quiet" || mode === "rawjson" || mode === "none") return;
  const seconds = (durationMs / 1000).toFixed(1);
  const lines = [`Built in ${seconds}s`, ...made(result).map((text) => `  ${safeInline(text)}`)];
  if (options.output === undefined && options.tags === undefined) {
    lines.push("  nothing but the builder's cache: name an image with -t, or an output with -o");
  }
  io.stderr.write(lines.join("\n") + "\n");
}

function made({ names, digest, outputs }: BuildResult): string[] {
  const files = outputs.filter(({ dest }) => dest !== undefined && dest !== "stream");
  return [
    ...names.map((name) => `image ${name}`),
    ...(digest === undefined ? [] : [`digest ${digest}`]),
    ...files.map(({ type, dest }) => `${type} ${dest}`),
  ];
}

function usesStdout({ output = [] }: BuildOptions): boolean {
  return [output].flat().some((item) =>
    typeof item === "object" && "dest" in item && item.dest instanceof WritableStream
  );
}
