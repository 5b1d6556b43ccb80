/** What `ctl` says about an error, and its exit codes: both are buildctl's. */
import { MoatError, OptionError } from "../../errors.ts";
import { safeLines } from "../../progress/safe_text.ts";
import type { Io } from "../io.ts";
import { describeOptionError } from "../option_flags.ts";
import { UsageError } from "../usage_error.ts";

/** Exit codes. */
export const CtlExitCode = { ok: 0, failed: 1, unknownCommand: 3 } as const;

/** A command that there is not. */
export class UnknownCommandError extends Error {
  constructor(name: string) {
    super(`No help topic for '${name}'`);
    this.name = "UnknownCommandError";
  }
}

/**
 * Prints the error on stderr, after the lines of a Dockerfile that it is about; with `debug` or MOAT_DEBUG also where it comes
 * from. Returns the exit code.
 */
export async function reportCtlError(
  error: unknown,
  io: Io,
  { debug }: { debug: boolean },
): Promise<number> {
  if (error instanceof UnknownCommandError) {
    io.stderr.write(`${error.message}\n`);
    return CtlExitCode.unknownCommand;
  }
  const lines = (await describe(error)).flatMap(safeLines);
  if (debug || io.env("MOAT_DEBUG")) lines.push(...stacks(error));
  io.stderr.write(`${lines.join("\n")}\n`);
  return CtlExitCode.failed;
}

async function describe(error: unknown): Promise<string[]> {
  if (error instanceof UsageError) {
    return [`error: ${error.message}`, ...(error.hint === undefined ? [] : [error.hint])];
  }
  if (error instanceof OptionError) return [`error: ${describeOptionError(error)}`];
  const { BuildError } = await import("../../build_error.ts");
  if (error instanceof BuildError) {
    const { sourceExcerpt } = await import("../../diagnosis/source_excerpt.ts");
    return [
      ...error.sources.flatMap(sourceExcerpt),
      ...error.denyMessages.map((message) => `policy deny: ${message}`),
      `error: failed to solve: ${error.originalMessage}`,
    ];
  }
  return [`error: ${error instanceof MoatError ? error.message : String(error)}`];
}

function stacks(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const causes = error.cause === undefined ? [] : ["caused by:", ...stacks(error.cause)];
  return [...safeLines(error.stack ?? ""), ...causes];
}
