/** The display that a command line and the environment ask for. */
import type { Build } from "../build.ts";
import { createDisplay, type DisplayOptions } from "../progress/create.ts";
import type { Display, ProgressMode } from "../progress/display.ts";
import type { Io } from "./io.ts";
import { parseBool } from "./parse_bool.ts";
import { UsageError } from "./usage_error.ts";

const MODES: readonly ProgressMode[] = ["auto", "plain", "tty", "rawjson", "quiet", "none"];

/** The mode that `--progress` and `--quiet` ask for; BUILDKIT_PROGRESS replaces `auto` only. Throws a `UsageError`. */
export function progressMode(
  flags: { progress: string | undefined; quiet: boolean },
  io: Io,
): ProgressMode {
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

/** Makes the display, on stderr. Throws an `OptionError` for `tty` without a terminal. */
export function makeDisplay(mode: ProgressMode, io: Io): Display {
  return createDisplay(mode, io.stderr, displayOptions(io));
}

/** Shows a build to its end. */
export async function follow(build: Build, display: Display): Promise<void> {
  try {
    for await (const status of build.statuses()) display.update(status);
  } finally {
    display.end();
  }
}

function displayOptions({ env }: Io): DisplayOptions {
  const lines = Number(env("BUILDKIT_TTY_LOG_LINES") || NaN);
  const noTrunc = parseBool(env("PROGRESS_NO_TRUNC") ?? "");
  return {
    noColor: Boolean(env("NO_COLOR")),
    buildkitColors: env("BUILDKIT_COLORS") || undefined,
    ttyLogLines: Number.isInteger(lines) && lines >= 0 ? lines : undefined,
    noTrunc,
  };
}
