/** What is said about an error, and the exit code that it means. */
import { BuildError } from "../build_error.ts";
import { readableMessage } from "../diagnosis/readable.ts";
import { sourceExcerpt } from "../diagnosis/source_excerpt.ts";
import { CanceledError, MoatError, OptionError, UnsupportedError } from "../errors.ts";
import { safeLines } from "../progress/safe_text.ts";
import { missingGrant, runWith } from "../runtime/refusal.ts";
import { ExitCode } from "./exit_code.ts";
import type { Io } from "./io.ts";
import { describeOptionError, describeUnsupported } from "./option_flags.ts";
import { ReportedError } from "./reported_error.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Prints `error: MESSAGE`, before it what shows where a build failed, after it what to do; with MOAT_DEBUG also the stack,
 * causes included. Returns the exit code.
 */
export function reportError(error: unknown, io: Io): number {
  if (error instanceof ReportedError) return error.exitCode;
  const { code, text, before = [], after = [] } = describe(error);
  const lines = [...before, `error: ${text}`, ...after].flatMap(safeLines);
  if (io.env("MOAT_DEBUG")) lines.push(...stacks(error));
  io.stderr.write(lines.join("\n") + "\n");
  return code;
}

interface Description {
  code: number;
  text: string;
  before?: string[];
  after?: string[];
}

function describe(error: unknown): Description {
  if (error instanceof UsageError) {
    return { code: ExitCode.usage, text: error.message, after: error.hint ? [error.hint] : [] };
  }
  if (error instanceof OptionError) {
    return { code: ExitCode.usage, text: describeOptionError(error) };
  }
  if (error instanceof UnsupportedError) {
    return { code: ExitCode.failed, text: describeUnsupported(error) };
  }
  if (error instanceof CanceledError) return { code: ExitCode.interrupted, text: error.message };
  if (error instanceof BuildError) {
    return describeBuildError(error);
  }
  if (error instanceof MoatError) return { code: ExitCode.failed, text: error.message };
  const grant = missingGrant(error);
  if (grant !== undefined) return { code: ExitCode.failed, text: runWith(grant) };
  // An error of the system, which names itself, or a mistake of ours.
  return { code: ExitCode.failed, text: String(error) };
}

/** What failed, the builder's own words where they say more, and at the end what to do. */
function describeBuildError(error: BuildError): Description {
  const { summary, suggestions, vertexName } = error;
  const before = error.sources.flatMap(sourceExcerpt);
  const said = readableMessage(error.originalMessage);
  const step = before.length === 0 && vertexName !== undefined ? `${vertexName}: ` : "";
  const hints = suggestions.map((text) => `hint: ${text}`);
  if (summary === undefined) {
    return { code: ExitCode.failed, text: `failed to solve: ${said}`, before, after: hints };
  }
  const builder = said.includes(summary) ? [] : [`builder: ${said}`];
  return { code: ExitCode.failed, text: step + summary, before, after: [...builder, ...hints] };
}

function stacks(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const causes = error.cause === undefined ? [] : ["caused by:", ...stacks(error.cause)];
  return [...safeLines(error.stack ?? ""), ...causes];
}
