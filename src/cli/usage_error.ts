/** A command line that cannot be meant. Ends the program with exit code 2. */
export class UsageError extends Error {
  /** What to do instead, on a line of its own. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = "UsageError";
    this.hint = hint;
  }
}
