import type { Display } from "./display.ts";

/** A display that shows nothing. */
export function quietDisplay(): Display {
  return { update(): void {}, end(): void {} };
}
