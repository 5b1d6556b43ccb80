/** The display that a command line and the environment ask for. */
import type { Build } from "../build.ts";
import { FileError } from "../errors.ts";
import type { DisplayOptions } from "../progress/create.ts";
import type { Display, ProgressMode } from "../progress/display.ts";
import type { ProgressState } from "../progress/model.ts";
import type { Io } from "./io.ts";
import { parseBool } from "./parse_bool.ts";
import { UsageError } from "./usage_error.ts";

/** How the command shows progress; `json` goes to stdout, all others to stderr. */
export type CliProgress = ProgressMode | "json";

const MODES: readonly CliProgress[] = [
  "auto",
  "plain",
  "tty",
  "json",
  "rawjson",
  "quiet",
  "none",
];

/** The mode that `--progress` and `--quiet` ask for; BUILDKIT_PROGRESS replaces `auto` only. Throws a `UsageError`. */
export function progressMode(
  flags: { progress: string | undefined; quiet: boolean },
  io: Io,
): CliProgress {
  const given = flags.progress ?? "auto";
  if (flags.quiet && given !== "auto" && given !== "quiet") {
    throw new UsageError(`--quiet cannot be combined with --progress ${given}`);
  }
  if (flags.quiet) return "quiet";
  const fromEnvironment = given === "auto" ? io.env("BUILDKIT_PROGRESS") : undefined;
  const mode = MODES.find((mode) => mode === (fromEnvironment || given));
  if (mode !== undefined) return mode;
  const source = fromEnvironment ? "BUILDKIT_PROGRESS" : "--progress";
  throw new UsageError(
    `${source} "${fromEnvironment || given}" is not a mode`,
    `Modes are ${MODES.join(", ")}`,
  );
}

/**
 * Makes the display, on stderr; none where nothing is to be shown. `title` is what is built; logs do without, they are as BuildKit's clients write them. Throws
 * an `OptionError` for `tty` without a terminal.
 */
export async function makeDisplay(
  mode: ProgressMode,
  io: Io,
  title?: string,
): Promise<Display | undefined> {
  if (mode === "quiet" || mode === "none") return undefined;
  const { createDisplay } = await import("../progress/create.ts");
  const onTerminal = mode === "tty" || (mode === "auto" && io.stderr.isTerminal);
  return createDisplay(mode, io.stderr, {
    ...displayOptions(io),
    title: onTerminal ? title : undefined,
  });
}

/** Shows a build to its end, and returns what is known of it then, without the steps' output. */
export async function follow(build: Build, display: Display): Promise<ProgressState> {
  const statuses = build.statuses();
  const { initialState, reduce } = await import("../progress/model.ts");
  const state = initialState();
  try {
    for await (const status of statuses) {
      display.update(status);
      reduce(state, { ...status, logs: [] });
    }
  } finally {
    display.end();
  }
  return state;
}

/**
 * Writes a build's events to stdout as JSON lines, no faster than they are read. When nobody reads them any more the build
 * goes on: it is worth more than its progress.
 */
export async function followJson(build: Build, { stdout }: Io): Promise<undefined> {
  const events = build.events();
  const writer = stdout.open().getWriter();
  const encoder = new TextEncoder();
  const { eventToJson } = await import("../progress/json.ts");
  try {
    for await (const event of events) {
      await writer.write(encoder.encode(eventToJson(event) + "\n"));
    }
    await writer.close();
  } catch (error) {
    if (!(error instanceof FileError && error.code === "FILE_UNWRITABLE")) throw error;
  }
}

/** What the environment says of displays. */
export function displayOptions({ env }: Io): DisplayOptions {
  const lines = Number(env("BUILDKIT_TTY_LOG_LINES") || NaN);
  const noTrunc = parseBool(env("PROGRESS_NO_TRUNC") ?? "");
  return {
    noColor: Boolean(env("NO_COLOR")),
    buildkitColors: env("BUILDKIT_COLORS") || undefined,
    ttyLogLines: Number.isInteger(lines) && lines >= 0 ? lines : undefined,
    noTrunc,
  };
}
