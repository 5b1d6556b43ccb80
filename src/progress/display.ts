import type { StatusResponse } from "../gen/control.ts";

/** Where a display writes. */
export interface Output {
  /** Writes text at once, one call a frame. */
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Current size; read on every frame, so that resizing works. Only meaningful on a terminal. */
  readonly columns: number;
  readonly rows: number;
}

/** Shows one build's status stream. */
export interface Display {
  /** Takes one message of the status stream. */
  update(status: StatusResponse): void;
  /** The stream has ended: shows what is left, gives the terminal back, stops all timers. Idempotent. */
  end(): void;
}

/** How progress is shown. */
export type ProgressMode = "auto" | "plain" | "tty" | "rawjson" | "quiet" | "none";
