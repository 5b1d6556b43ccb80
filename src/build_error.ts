/** A failed build, with what the daemon's status details say of it (solver/errdefs, util/grpcerrors). */
import { MoatError } from "./errors.ts";
import type { Any } from "./gen/any.ts";
import { type RpcError, statusName } from "./rpc/status.ts";

/** Where in the Dockerfile a build failed. */
export interface ErrorSource {
  /** The Dockerfile's name. */
  readonly filename: string;
  /** Its lines. */
  readonly lines: readonly string[];
  /** First and last failing line, from 1. */
  readonly ranges: ReadonlyArray<{ readonly start: number; readonly end: number }>;
}

/** The daemon could not do the build. */
export class BuildError extends MoatError {
  override readonly code = "BUILD_FAILED";
  /** The gRPC status's name, for example `UNKNOWN`. */
  readonly status: string;
  /** Digest of the step that failed, if the daemon said. */
  readonly vertex: string | undefined;
  /** Exit code of the process that failed, if one did. */
  readonly exitCode: number | undefined;
  /** Where in the Dockerfile, outermost first. */
  readonly sources: readonly ErrorSource[];

  constructor(error: RpcError) {
    super(error.message, { cause: error });
    this.status = statusName(error.status);
    const { details } = error;
    [this.vertex] = find(details, "errdefs.Vertex+json", (step: StepDetail) => step.digest);
    [this.exitCode] = find(details, "gatewayapi.ExitMessage+json", (exit: ExitDetail) => exit.Code);
    this.sources = find(details, "errdefs.Source+json", toSource);
  }
}

interface StepDetail {
  digest?: string;
}

interface ExitDetail {
  Code?: number;
}

interface SourceDetail {
  info?: { filename?: string; data?: string };
  ranges?: { start?: { line?: number }; end?: { line?: number } }[];
}

/** Details are JSON text inside an Any whose type URL has no host ("typeurl", util/grpcerrors). */
function find<T, R>(details: readonly Any[], name: string, read: (detail: T) => R): R[] {
  const url = `github.com/moby/buildkit/${name}`;
  return details.filter(({ typeUrl }) => typeUrl === url).flatMap(({ value }) => {
    try {
      return [read(JSON.parse(new TextDecoder().decode(value)) as T)];
    } catch {
      // A detail that can't be read must not hide the failure that it describes.
      return [];
    }
  });
}

function toSource({ info, ranges = [] }: SourceDetail): ErrorSource {
  const bytes = Uint8Array.from(atob(info?.data ?? ""), (char) => char.charCodeAt(0));
  return {
    filename: info?.filename ?? "",
    lines: new TextDecoder().decode(bytes).split("\n"),
    ranges: ranges.map(({ start, end }) => {
      const first = start?.line ?? 0;
      return { start: first, end: Math.max(first, end?.line ?? 0) };
    }),
  };
}
