/** Progress as `buildctl`'s --progress asks for it. */
import type { Display, Output, ProgressMode } from "../../progress/display.ts";
import { createDisplay } from "../../progress/create.ts";
import type { Io } from "../io.ts";
import { displayOptions } from "../progress.ts";
import { UsageError } from "../usage_error.ts";

const MODES: readonly ProgressMode[] = ["auto", "plain", "tty", "rawjson", "quiet"];

/** The flag. */
export const PROGRESS_FLAG = {
  progress: { value: "MODE", help: "auto, plain, tty, rawjson or quiet" },
} as const;

/**
 * The display that --progress asks for, BUILDKIT_PROGRESS in the place of `auto`. Throws a `UsageError` for an unknown mode, an
 * `OptionError` for `tty` without a terminal.
 */
export function ctlDisplay(given: string | undefined, io: Io, out: Output): Display {
  const wanted = !given || given === "auto" ? io.env("BUILDKIT_PROGRESS") || "auto" : given;
  const mode = MODES.find((mode) => mode === wanted);
  if (mode === undefined) throw new UsageError(`invalid progress mode ${wanted}`);
  return createDisplay(mode, out, displayOptions(io));
}
