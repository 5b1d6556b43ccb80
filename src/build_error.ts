/** A failed build, with all that is known of why (solver/errdefs, util/grpcerrors). */
import {
  decodeDetails,
  detailsOf,
  type ErrorDetail,
  type ErrorSource,
} from "./diagnosis/details.ts";
import { diagnose } from "./diagnosis/diagnose.ts";
import { failedCommand } from "./diagnosis/failed_command.ts";
import { type BuildErrorCode, type BuildFacts, NO_FACTS } from "./diagnosis/failure.ts";
import { readableMessage, readableText, withoutCredentials } from "./diagnosis/readable.ts";
import { failedLines, firstLine, sourceExcerpt } from "./diagnosis/source_excerpt.ts";
import type { FailedStep } from "./diagnosis/step_recorder.ts";
import { MoatError } from "./errors.ts";
import { type RpcError, statusName } from "./rpc/status.ts";

export type { BuildErrorCode, ErrorDetail, ErrorSource };

/** What else is known of a failed build. */
export interface BuildErrorContext {
  /** The step that failed, by the status stream; undefined where none did. */
  step?: FailedStep | undefined;
  facts?: BuildFacts;
}

/** A {@linkcode BuildError} as JSON. Fields that do not apply are absent; in later versions there may be more. */
export interface BuildErrorJson {
  readonly name: "BuildError";
  readonly code: BuildErrorCode;
  /** {@linkcode BuildError.shortMessage} */
  readonly message: string;
  readonly originalMessage: string;
  readonly status: string;
  readonly vertex?: string;
  readonly vertexName?: string;
  readonly command?: string;
  readonly exitCode?: number;
  /** Where in the Dockerfile, with the failing lines alone. */
  readonly sources: ReadonlyArray<{
    readonly filename: string;
    readonly lines: ReadonlyArray<{ readonly line: number; readonly text: string }>;
  }>;
  readonly log: readonly string[];
  readonly denyMessages: readonly string[];
  readonly suggestions: readonly string[];
}

/** The digest of the step that a failed call names, if any. */
export function failedVertex(error: RpcError): string | undefined {
  return detailsOf(decodeDetails(error.details), "vertex")[0]?.digest || undefined;
}

/** Lines of output shown in the message. */
const LOG_LINES = 10;

/**
 * The daemon could not do the build.
 *
 * `message` is made for people: what failed, the marked lines of the Dockerfile, the step's last output, what to do.
 * No text here has control characters or credentials of addresses in it, except `details`.
 */
export class BuildError extends MoatError {
  override readonly code: BuildErrorCode;
  /** What failed and where, in one line. */
  readonly shortMessage: string;
  /** What the daemon said. */
  readonly originalMessage: string;
  /** The gRPC status's name, for example `UNKNOWN`. */
  readonly status: string;
  /** Digest of the step that failed; undefined if none did, for example for a malformed Dockerfile. */
  readonly vertex: string | undefined;
  /** That step as progress shows it, for example `[2/3] RUN make`. */
  readonly vertexName: string | undefined;
  /** The command that failed, for example `/bin/sh -c make`. */
  readonly command: string | undefined;
  /** Its exit code. */
  readonly exitCode: number | undefined;
  /** What a source policy says about what it denied. */
  readonly denyMessages: readonly string[];
  /** What to do about it, the likeliest first; whole sentences. */
  readonly suggestions: readonly string[];
  readonly #summary: string | undefined;
  readonly #sources: readonly ErrorSource[];
  readonly #log: readonly string[];
  readonly #details: readonly ErrorDetail[];

  constructor(error: RpcError, { step, facts = NO_FACTS }: BuildErrorContext = {}) {
    super(error.message, { cause: error });
    const details = decodeDetails(error.details);
    const sources = detailsOf(details, "source").map(({ type: _, ...source }) => source);
    const name = step?.name ?? "";
    const instruction = name.replace(/^\[[^\]]*\] /, "");
    const exitCode = detailsOf(details, "exit")[0]?.exitCode;
    const log = (step?.log ?? []).map(withoutCredentials);
    const { message } = error;
    const { code, summary, suggestions } = diagnose({
      ...{ message, step: name, instruction, exitCode, log, sources, details, facts },
    });
    const command = failedCommand(message);
    this.code = code;
    this.originalMessage = readableText(message);
    this.status = statusName(error.status);
    this.vertex = step?.digest || detailsOf(details, "vertex")[0]?.digest || undefined;
    this.vertexName = name === "" ? undefined : readableMessage(name);
    this.command = command === undefined ? undefined : readableText(command);
    this.exitCode = exitCode;
    this.denyMessages = detailsOf(details, "policy").flatMap((policy) => policy.denyMessages)
      .map(readableMessage);
    this.suggestions = suggestions.map(readableMessage);
    this.#summary = summary === undefined ? undefined : readableMessage(summary);
    this.#sources = sources;
    this.#log = log;
    this.#details = details;
    this.shortMessage = this.#shortMessage();
    this.message = this.#longMessage();
  }

  /** Where in the Dockerfile, outermost first; empty if the daemon did not say. */
  get sources(): readonly ErrorSource[] {
    return this.#sources;
  }

  /** The last lines of the failed step's output, 50 at most. */
  get log(): readonly string[] {
    return this.#log;
  }

  /** All details of the daemon's status, in its order. */
  get details(): readonly ErrorDetail[] {
    return this.#details;
  }

  /** What went wrong in our words; undefined where the daemon's are best. */
  get summary(): string | undefined {
    return this.#summary;
  }

  /** All that is known but the details and the whole Dockerfile. */
  toJSON(): BuildErrorJson {
    const { vertex, vertexName, command, exitCode } = this;
    return {
      name: "BuildError",
      code: this.code,
      message: this.shortMessage,
      originalMessage: this.originalMessage,
      status: this.status,
      ...(vertex !== undefined && { vertex }),
      ...(vertexName !== undefined && { vertexName }),
      ...(command !== undefined && { command }),
      ...(exitCode !== undefined && { exitCode }),
      sources: this.sources.map((source) => {
        return { filename: source.filename, lines: failedLines(source) };
      }),
      log: this.log,
      denyMessages: this.denyMessages,
      suggestions: this.suggestions,
    };
  }

  #shortMessage(): string {
    const [source] = this.#sources;
    const line = source && firstLine(source);
    const where = line === undefined ? this.vertexName : `${source!.filename}:${line}`;
    const what = this.#summary ?? readableMessage(this.originalMessage);
    return `The build failed${where === undefined ? "" : ` at ${where}`}: ${what}`;
  }

  #longMessage(): string {
    const said = this.#summary === undefined ? [] : [
      `The builder said: ${readableMessage(this.originalMessage)}`,
    ];
    const parts = [
      [this.shortMessage, ...said],
      ...this.#sources.map(sourceExcerpt),
      this.#log.slice(-LOG_LINES),
      [...this.suggestions],
    ];
    return parts.filter((part) => part.length > 0).map((part) => part.join("\n")).join("\n\n");
  }
}
