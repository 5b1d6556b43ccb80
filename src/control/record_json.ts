/** A build's record as Go's encoding/json writes its message, which is what readers of bundles expect. */
import type { BuildHistoryRecord, BuildResultInfo, Descriptor, Exporter } from "../gen/control.ts";
import type { Status } from "../gen/status.ts";
import { cleanAttrs } from "./clean_attrs.ts";

/** A JSON value; fields without a value are left out. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** JSON as Go writes it: characters that mean something in HTML escaped. */
export function goJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, undefined, indent).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The record's JSON: zero values left out, keys of maps sorted. */
export function recordJson(record: BuildHistoryRecord, defaultPlatform: string): Json {
  return {
    Ref: record.ref || undefined,
    Frontend: record.frontend || undefined,
    FrontendAttrs: mapJson(cleanAttrs(record.frontendAttrs), (value) => value),
    Exporters: listJson(record.exporters.map(exporterJson)),
    error: record.error && errorJson(record.error),
    CreatedAt: timeJson(record.createdAt),
    CompletedAt: timeJson(record.completedAt),
    logs: record.logs && descriptorJson(record.logs),
    ExporterResponse: mapJson(record.exporterResponse, (value) => value),
    Result: record.result && resultJson(record.result),
    Results: mapJson(record.results, resultJson),
    Generation: record.generation || undefined,
    trace: record.trace && descriptorJson(record.trace),
    pinned: record.pinned || undefined,
    numCachedSteps: record.numCachedSteps || undefined,
    numTotalSteps: record.numTotalSteps || undefined,
    numCompletedSteps: record.numCompletedSteps || undefined,
    externalError: record.externalError && descriptorJson(record.externalError),
    numWarnings: record.numWarnings || undefined,
    DefaultPlatform: defaultPlatform,
  };
}

const SECRET_REGEXP = /(ghtoken|token|access_key_id|secret_access_key|session_token)=[^ ,]+/gi;
const GITHUB_REGEXP = /(?:ghu|ghs)_[A-Za-z0-9]{36}|github_pat_\w{82}/g;
const STRING_REGEXP = /"(?:[^"\\]|\\.)*"/g;

/** JSON text whose strings have no tokens of caches and of GitHub in them. */
export function withoutSecrets(json: string): string {
  return json.replace(STRING_REGEXP, (quoted) => {
    const text = JSON.parse(quoted) as string;
    const clean = text.replace(SECRET_REGEXP, "$1=xxxxx").replace(GITHUB_REGEXP, "xxxxx");
    return clean === text ? quoted : goJson(clean);
  });
}

function exporterJson({ type, attrs }: Exporter): Json {
  return { Type: type || undefined, Attrs: mapJson(attrs, (value) => value) };
}

function errorJson({ code, message }: Status): Json {
  return { code: code || undefined, message: message || undefined };
}

function resultJson({ resultDeprecated, attestations, results }: BuildResultInfo): Json {
  return {
    ResultDeprecated: resultDeprecated && descriptorJson(resultDeprecated),
    Attestations: listJson(attestations.map(descriptorJson)),
    Results: mapJson(results, descriptorJson),
  };
}

function descriptorJson({ mediaType, digest, size, annotations }: Descriptor): Json {
  return {
    media_type: mediaType || undefined,
    digest: digest || undefined,
    size: Number(size) || undefined,
    annotations: mapJson(annotations, (value) => value),
  };
}

function timeJson(time: bigint | undefined): Json | undefined {
  if (time === undefined) return undefined;
  const nanos = Number(time % 1_000_000_000n);
  return { seconds: Number(time / 1_000_000_000n) || undefined, nanos: nanos || undefined };
}

function listJson(list: readonly Json[]): Json | undefined {
  return list.length === 0 ? undefined : list;
}

function mapJson<T>(
  map: ReadonlyMap<string | bigint, T>,
  toJson: (value: T) => Json,
): Json | undefined {
  if (map.size === 0) return undefined;
  const entries = [...map].map(([key, value]) => [String(key), toJson(value)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1));
}
