/** A command has failed and has said so already: only the exit code is left to be set. */
export class ReportedError extends Error {}
