import { OptionError } from "../errors.ts";
import { parseColors } from "./colors.ts";
import type { Display, Output, ProgressMode } from "./display.ts";
import { PacedDisplay, type Schedule } from "./paced_display.ts";
import type { Painter } from "./painter.ts";
import { PlainPainter } from "./plain.ts";
import { quietDisplay } from "./quiet.ts";
import { rawJsonDisplay } from "./rawjson.ts";
import { TtyPainter } from "./tty.ts";

/** What a display can be told; values that come from the environment are read by the caller. */
export interface DisplayOptions {
  /** No colours: those of the build's output are removed too (`NO_COLOR`). @default false */
  noColor?: boolean | undefined;
  /** Colours of finished steps (`BUILDKIT_COLORS`), for example `run=green:error=255,0,0`. */
  buildkitColors?: string | undefined;
  /** Lines of output shown below a running step on a terminal (`BUILDKIT_TTY_LOG_LINES`). @default 6 */
  ttyLogLines?: number | undefined;
  /** Steps' names in full in plain mode (`PROGRESS_NO_TRUNC`). @default true */
  noTrunc?: boolean | undefined;
  /** What is built, shown at the top. */
  title?: string | undefined;
  /** Milliseconds since the epoch. @default Date.now */
  now?: (() => number) | undefined;
  /** For tests: how to be called again. @default a timer that doesn't keep the process alive */
  schedule?: Schedule | undefined;
}

/**
 * The display for `mode`; `auto` is `tty` on a terminal and `plain` elsewhere, `none` is `quiet`.
 *
 * Throws an `OptionError` for `tty` without a terminal and for an unknown mode.
 */
export function createDisplay(
  mode: ProgressMode,
  out: Output,
  options: DisplayOptions = {},
): Display {
  switch (mode) {
    case "auto":
      return createDisplay(out.isTerminal ? "tty" : "plain", out, options);
    case "tty":
      if (!out.isTerminal) throw new OptionError("progress", "tty needs a terminal", "plain");
      return paced(ttyPainter(out, options), options);
    case "plain":
      return paced(plainPainter(out, options), options);
    case "rawjson":
      return rawJsonDisplay(out);
    case "quiet":
    case "none":
      return quietDisplay();
    default:
      throw new OptionError("progress", `there is no mode ${JSON.stringify(mode)}`, "plain");
  }
}

function paced(painter: Painter, { now = Date.now, schedule }: DisplayOptions): Display {
  return new PacedDisplay(painter, now, schedule);
}

function plainPainter(out: Output, { noColor, noTrunc, title }: DisplayOptions): Painter {
  return new PlainPainter(out, { color: !noColor, shortNames: noTrunc === false, title });
}

function ttyPainter(out: Output, options: DisplayOptions): Painter {
  const { noColor, buildkitColors, ttyLogLines = 6, title = "" } = options;
  const palette = noColor ? undefined : parseColors(buildkitColors);
  return new TtyPainter(out, { palette, title, logLines: ttyLogLines });
}
