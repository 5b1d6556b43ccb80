/** The record that a daemon keeps of a build. */
import type { BuildHistoryRecord, BuildResultInfo, Descriptor } from "../gen/control.ts";
import { StatusCode } from "../rpc/status.ts";
import { cleanAttrs } from "./clean_attrs.ts";
import { buildName } from "./build_name.ts";
import { toDate, toMilliseconds } from "./time.ts";

/** How far a build is, or how it ended. */
export type BuildStatus = "running" | "completed" | "error" | "canceled";

/** Something in the daemon's store; its content is had by {@linkcode BuildKitClient.attachment}. */
export interface StoredBlob {
  /** Digest of the blob. */
  readonly digest: string;
  /** What the blob is. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** What the builder noted with it. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a build made for one platform, or at all. */
export interface RecordedResult {
  /** Absent where the build made one result for no platform in particular. */
  readonly platform?: string;
  /** In-toto predicates: provenance, SBOM. */
  readonly attestations: readonly StoredBlob[];
  /** Manifests or indexes, one for each exporter that makes images. */
  readonly results: readonly StoredBlob[];
}

/** What a daemon knows of one build. */
export interface BuildRecord {
  /** The build's id. */
  readonly ref: string;
  /** For people: what was built, as far as the record tells. May be empty. */
  readonly name: string;
  /** How it ended, or that it runs. */
  readonly status: BuildStatus;
  /** When it began. */
  readonly startedAt: Date;
  /** Absent while it runs. */
  readonly completedAt?: Date;
  /** Milliseconds; absent while it runs. */
  readonly durationMs?: number;
  /** Why it failed; `code` is that of gRPC. */
  readonly error?: { readonly code: number; readonly message: string };
  /** Its steps, counted. */
  readonly steps: {
    readonly total: number;
    readonly completed: number;
    readonly cached: number;
  };
  /** How many warnings there were. */
  readonly warnings: number;
  /** Whether it is kept when old records are removed. */
  readonly pinned: boolean;
  /** How often the record was changed. */
  readonly generation: number;
  /** Which frontend it used, for example `dockerfile.v0`. */
  readonly frontend: string;
  /** What the frontend was told: build arguments are among it, and names of folders. */
  readonly frontendAttrs: Readonly<Record<string, string>>;
  /** The outputs that were asked for. */
  readonly exporters: ReadonlyArray<{
    readonly type: string;
    readonly attrs: Readonly<Record<string, string>>;
  }>;
  /** What the exporters told, for example `containerimage.digest`. */
  readonly exporterResponse: Readonly<Record<string, string>>;
  /** What was made, one for each platform that was asked for. */
  readonly results: readonly RecordedResult[];
  /** The status messages, see {@linkcode BuildKitClient.buildLogs}. */
  readonly logs?: StoredBlob;
  /** Spans, see {@linkcode BuildKitClient.trace}. Appears a few seconds after the end of the build. */
  readonly trace?: StoredBlob;
  /** The error with all its details. */
  readonly externalError?: StoredBlob;
}

/** A record of the wire as callers see it. */
export function toBuildRecord(record: BuildHistoryRecord): BuildRecord {
  const { ref, createdAt = 0n, completedAt, error, logs, trace, externalError } = record;
  return {
    ref,
    name: buildName(record),
    status: statusOf(record),
    startedAt: toDate(createdAt),
    ...(completedAt !== undefined && {
      completedAt: toDate(completedAt),
      durationMs: toMilliseconds(completedAt - createdAt),
    }),
    ...(error !== undefined && { error: { code: error.code, message: error.message } }),
    steps: {
      total: record.numTotalSteps,
      completed: record.numCompletedSteps,
      cached: record.numCachedSteps,
    },
    warnings: record.numWarnings,
    pinned: record.pinned,
    generation: record.generation,
    frontend: record.frontend,
    frontendAttrs: Object.fromEntries(cleanAttrs(record.frontendAttrs)),
    exporters: record.exporters.map(({ type, attrs }) => ({
      type,
      attrs: Object.fromEntries(attrs),
    })),
    exporterResponse: Object.fromEntries(record.exporterResponse),
    results: resultsOf(record),
    ...(logs !== undefined && { logs: toBlob(logs) }),
    ...(trace !== undefined && { trace: toBlob(trace) }),
    ...(externalError !== undefined && { externalError: toBlob(externalError) }),
  };
}

function statusOf({ completedAt, error }: BuildHistoryRecord): BuildStatus {
  if (completedAt === undefined) return "running";
  if (error === undefined) return "completed";
  const canceled = error.code === StatusCode.CANCELLED || /context canceled/.test(error.message);
  return canceled ? "canceled" : "error";
}

function resultsOf({ result, results }: BuildHistoryRecord): RecordedResult[] {
  return [
    ...(result === undefined ? [] : [toResult(result)]),
    ...[...results].sort(([a], [b]) => a < b ? -1 : 1)
      .map(([platform, info]) => ({ platform, ...toResult(info) })),
  ];
}

function toResult({ attestations, results, resultDeprecated }: BuildResultInfo): RecordedResult {
  const found = [...results].sort(([a], [b]) => Number(a - b)).map(([, blob]) => blob);
  // Daemons before v0.13 know one result only.
  if (found.length === 0 && resultDeprecated !== undefined) found.push(resultDeprecated);
  return { attestations: attestations.map(toBlob), results: found.map(toBlob) };
}

function toBlob({ digest, mediaType, size, annotations }: Descriptor): StoredBlob {
  return { digest, mediaType, size: Number(size), annotations: Object.fromEntries(annotations) };
}
