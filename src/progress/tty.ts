import type { StatusResponse } from "../gen/control.ts";
import type { Palette } from "./colors.ts";
import type { Output } from "./display.ts";
import { errorBlocks } from "./error_block.ts";
import { initialState, isRunning, reduce } from "./model.ts";
import type { Painter } from "./painter.ts";
import { type Frame, render } from "./tty_render.ts";
import { displayWidth } from "./width.ts";

const ESC = "\u001b";
const HIDE_CURSOR = `${ESC}[?25l`;
const SHOW_CURSOR = `${ESC}[?25h`;
const CLEAR_LINE_END = `${ESC}[K`;
const CLEAR_BELOW = `${ESC}[J`;
const COLOR_REGEXP = new RegExp(`${ESC}\\[[0-9;]*m`, "g");

/** What tty mode can be told. */
export interface TtyOptions {
  /** No colours where there is none. */
  readonly palette: Palette | undefined;
  readonly title: string;
  /** Lines of output shown below a running step. */
  readonly logLines: number;
}

/**
 * Tty mode: one region that is drawn again in place. Each frame is one write, which hides the cursor at its start and
 * shows it at its end, so that the terminal is whole whenever the process dies.
 */
export class TtyPainter implements Painter {
  readonly #out: Output;
  readonly #options: TtyOptions;
  readonly #state = initialState();
  #drawn: string[] = [];
  /** The daemon's clock minus ours, in nanoseconds. */
  #skew: bigint | undefined;

  constructor(out: Output, options: TtyOptions) {
    this.#out = out;
    this.#options = options;
  }

  update(status: StatusResponse): void {
    reduce(this.#state, status);
  }

  paint(now: number, final: boolean): void {
    const { columns, rows } = size(this.#out);
    const frame: Frame = { ...this.#options, columns, rows, now: this.#daemonTime(now), final };
    const lines = render(this.#state, frame);
    const text = this.#redraw(lines, columns) + (final ? this.#errors() : "");
    this.#dropLogs();
    if (text !== "") this.#out.write(text);
  }

  #daemonTime(now: number): bigint {
    const local = BigInt(Math.round(now * 1000)) * 1000n;
    const [first] = this.#state.started;
    // Timers count from the first start that we hear of, whatever the daemon's clock says.
    if (first !== undefined) this.#skew ??= first.runs[0]!.started - local;
    return local + (this.#skew ?? 0n);
  }

  #redraw(lines: string[], columns: number): string {
    const same = lines.length === this.#drawn.length &&
      lines.every((line, index) => line === this.#drawn[index]);
    if (same) return "";
    // A terminal made narrower has wrapped what was drawn.
    const height = this.#drawn.reduce((sum, line) => sum + wrappedHeight(line, columns), 0);
    const up = height > 0 ? `${ESC}[${height}A` : "";
    const body = lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join("");
    this.#drawn = lines;
    return `${HIDE_CURSOR}${up}\r${body}${CLEAR_BELOW}${SHOW_CURSOR}`;
  }

  #errors(): string {
    return errorBlocks(this.#state.started, Infinity, this.#options.palette !== undefined);
  }

  /** Output is kept for running steps, which show it, and for failed ones, which show it at the end. */
  #dropLogs(): void {
    for (const step of this.#state.started) {
      if (!isRunning(step) && step.error === "") step.log.keepLast(0);
    }
  }
}

function size({ columns, rows }: Output): { columns: number; rows: number } {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}

function wrappedHeight(line: string, columns: number): number {
  const width = displayWidth(line.replace(COLOR_REGEXP, ""));
  return Math.max(1, Math.ceil(width / columns));
}
