import type { StatusResponse } from "../gen/control.ts";
import type { Display } from "./display.ts";
import type { Painter } from "./painter.ts";
import { unrefTimeout } from "../runtime/timers.ts";

/** Milliseconds between two frames, at least, and at most while there is anything to wait for. */
export const FRAME_INTERVAL = 100;

/** Calls `run` once in `ms` milliseconds, unless the function that it returns is called before. */
export type Schedule = (run: () => void, ms: number) => () => void;

/**
 * Paints at most once in {@linkcode FRAME_INTERVAL}, however fast the messages come, and goes on painting while none
 * come, for clocks and for output held back. Starts with the first message.
 */
export class PacedDisplay implements Display {
  readonly #painter: Painter;
  readonly #now: () => number;
  readonly #schedule: Schedule;
  #painted = -Infinity;
  #cancel: (() => void) | undefined;
  #ended = false;

  constructor(painter: Painter, now: () => number, schedule?: Schedule) {
    this.#painter = painter;
    this.#now = now;
    // Showing progress is no reason to keep a process alive.
    this.#schedule = schedule ?? unrefTimeout;
  }

  update(status: StatusResponse): void {
    if (this.#ended) return;
    this.#painter.update(status);
    if (this.#now() - this.#painted >= FRAME_INTERVAL) this.#paint();
    // A frame is due already: it shows this message too.
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancel?.();
    this.#painter.paint(this.#now(), true);
  }

  #paint(): void {
    this.#cancel?.();
    this.#painted = this.#now();
    this.#painter.paint(this.#painted, false);
    this.#cancel = this.#schedule(() => this.#paint(), FRAME_INTERVAL);
  }
}
