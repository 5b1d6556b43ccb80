/** A command has failed and has said so already: only the exit code is left to be set. */
export class ReportedError extends Error {
  readonly exitCode: number;

  constructor(message?: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
