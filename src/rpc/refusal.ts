import { RpcError } from "./status.ts";

/** The peer asked for something that it was never offered. */
export class Refusal extends RpcError {
  /** What it asked for, for people, for example `the folder "../home"`. */
  readonly asked: string;

  /** `asked` completes "asked for". */
  constructor(status: number, asked: string, message: string) {
    super(status, message);
    this.asked = asked;
  }
}

/** Longest text of the peer's that a message repeats. */
const LONGEST = 200;

/** A text of the peer's in quotes, on one line and without control characters, and not too long. */
export function quoted(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  // JSON leaves some controls, line ends and marks of direction as they are.
  return JSON.stringify(shown).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
