/** A failed build, with all that is known of why (solver/errdefs, util/grpcerrors); made by `failedBuild()`. */
import type { ErrorDetail, ErrorSource } from "./diagnosis/details.ts";
import type { BuildErrorCode } from "./diagnosis/failure.ts";
import type { FailureReport } from "./diagnosis/report.ts";
import { MoatError } from "./errors.ts";

export type { BuildErrorCode, ErrorDetail, ErrorSource };

/** What a {@linkcode BuildError} is made of. */
export interface FailedBuild extends FailureReport {
  readonly message: string;
  readonly shortMessage: string;
  readonly status: string;
  /** The failing lines of each source. */
  readonly failedLines: ReadonlyArray<ReadonlyArray<{ line: number; text: string }>>;
  readonly cause: Error;
}

/** A {@linkcode BuildError} as JSON. Fields that do not apply are absent; in later versions there may be more. */
export interface BuildErrorJson {
  /** The class. */
  readonly name: "BuildError";
  /** Why the build failed. */
  readonly code: BuildErrorCode;
  /** {@linkcode BuildError.shortMessage} */
  readonly message: string;
  /** What the builder said. */
  readonly originalMessage: string;
  /** gRPC's status, for example `UNKNOWN`. */
  readonly status: string;
  /** Digest of the failed step. */
  readonly vertex?: string;
  /** The failed step as progress shows it. */
  readonly vertexName?: string;
  /** The command that failed, for a `RUN`. */
  readonly command?: string;
  /** Its exit code. */
  readonly exitCode?: number;
  /** Where in the Dockerfile, with the failing lines alone. */
  readonly sources: ReadonlyArray<{
    readonly filename: string;
    readonly lines: ReadonlyArray<{ readonly line: number; readonly text: string }>;
  }>;
  /** The last lines of the failed step's output. */
  readonly log: readonly string[];
  /** What source policies said. */
  readonly denyMessages: readonly string[];
  /** What might help. */
  readonly suggestions: readonly string[];
}

/**
 * The daemon could not do the build.
 *
 * `message` is made for people: what failed, the marked lines of the Dockerfile, the step's last output, what to do.
 * No text here has control characters or credentials of addresses in it, except `details`.
 */
export class BuildError extends MoatError {
  /** Why the build failed. */
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
  /** What went wrong in our words; undefined where the daemon's are best. */
  readonly summary: string | undefined;
  readonly #sources: readonly ErrorSource[];
  readonly #log: readonly string[];
  readonly #failedLines: FailedBuild["failedLines"];
  readonly #details: readonly ErrorDetail[];

  /** @ignore */
  constructor(report: FailedBuild) {
    super(report.message, { cause: report.cause });
    this.code = report.code;
    this.shortMessage = report.shortMessage;
    this.originalMessage = report.originalMessage;
    this.status = report.status;
    this.vertex = report.vertex;
    this.vertexName = report.vertexName;
    this.command = report.command;
    this.exitCode = report.exitCode;
    this.denyMessages = report.denyMessages;
    this.suggestions = report.suggestions;
    this.summary = report.summary;
    this.#sources = report.sources;
    this.#failedLines = report.failedLines;
    this.#log = report.log;
    this.#details = report.details;
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
      sources: this.sources.map(({ filename }, i) => {
        return { filename, lines: this.#failedLines[i]! };
      }),
      log: this.log,
      denyMessages: this.denyMessages,
      suggestions: this.suggestions,
    };
  }
}
