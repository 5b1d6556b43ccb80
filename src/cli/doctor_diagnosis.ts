/** What `doctor` finds out about the builders that there are. */
import type { Builder, Look } from "../builder.ts";
import { ConnectionError, MoatError } from "../errors.ts";
import type { BuilderInfo } from "../types.ts";

/** A builder that was asked who it is. */
export interface ExaminedBuilder extends BuilderInfo {
  readonly version?: string;
  readonly platforms?: readonly string[];
  /** Where images end up without an output. */
  readonly store?: string;
  /** Why it can't be used. */
  readonly problem?: string;
}

/** The whole picture; what `--json` prints. */
export interface Diagnosis {
  /** The builder that builds would use; null if they would fail. */
  readonly chosen: BuilderInfo | null;
  /** Why they would fail, and what to do. */
  readonly problem?: string;
  readonly builders: readonly ExaminedBuilder[];
  readonly looks: readonly Look[];
}

/** What a survey has found. */
export interface Survey {
  readonly builders: readonly Builder[];
  readonly looks: readonly Look[];
  readonly failure: unknown;
}

/** Asks all builders of a survey who they are, and closes them. */
export async function diagnosis(
  { builders, looks, failure }: Survey,
  options: { signal: AbortSignal; timeoutMs: number },
): Promise<Diagnosis> {
  const examined: ExaminedBuilder[] = [];
  try {
    for (const builder of builders) examined.push(await examine(builder, options));
  } finally {
    for (const builder of builders) await builder.close();
  }
  const problem = failure === undefined ? examined[0]?.problem : messageOf(failure);
  const [first] = problem === undefined ? examined : [];
  return {
    chosen: first === undefined
      ? null
      : { kind: first.kind, address: first.address, from: first.from },
    ...(problem !== undefined && { problem }),
    builders: examined,
    looks,
  };
}

async function examine(
  builder: Builder,
  options: { signal: AbortSignal; timeoutMs: number },
): Promise<ExaminedBuilder> {
  const { kind, address, from } = builder;
  const known = { kind, address, from };
  if (builder.kind === "classic") {
    return { ...known, version: builder.engine.info.server, store: "the Docker engine" };
  }
  // To ask it would be to start it.
  if (from === "PATH") return { ...known, version: "started when a build needs it" };
  try {
    const { version, workers } = await builder.client.ping(options);
    const platforms = [...new Set(workers.flatMap((worker) => worker.platforms))];
    return {
      ...known,
      version: version === "" ? "BuildKit older than v0.11" : `BuildKit ${version}`,
      platforms,
      store: storeOf(builder),
    };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof ConnectionError)) throw error;
    return { ...known, problem: error.message };
  }
}

function storeOf(builder: Exclude<Builder, { kind: "classic" }>): string {
  if (builder.kind === "standalone") return "the builder's own store";
  return builder.embedded.containerdStore
    ? "the Docker engine (containerd image store)"
    : "the Docker engine (Docker's own image store)";
}

function messageOf(error: unknown): string {
  if (error instanceof MoatError) return error.message;
  throw error;
}
