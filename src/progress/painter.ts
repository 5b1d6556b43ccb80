import type { StatusResponse } from "../gen/control.ts";

/** What a display is without its clock: takes the status stream at once, shows it when told to. */
export interface Painter {
  /** Takes one message; shows nothing yet. */
  update(status: StatusResponse): void;
  /** Shows what is new at `now`, in milliseconds since the epoch. `final`: the stream has ended, show everything. */
  paint(now: number, final: boolean): void;
}
