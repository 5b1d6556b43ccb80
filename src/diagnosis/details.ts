/**
 * What a failed Solve's status details say. Each is JSON text inside an Any whose type URL has no host ("typeurl",
 * util/grpcerrors); field names are those of the protobuf messages, empty values are left out (solver/errdefs).
 */
import type { Any } from "../gen/any.ts";

/** Where in a file a build failed. */
export interface ErrorSource {
  /** The Dockerfile's name. */
  readonly filename: string;
  /** All its lines. */
  readonly lines: readonly string[];
  /** First and last failing line, from 1. */
  readonly ranges: ReadonlyArray<{ readonly start: number; readonly end: number }>;
}

/** One function in a stack of the daemon. */
export interface StackFrame {
  /** The function. */
  readonly name: string;
  /** The source file. */
  readonly file: string;
  /** The line in it. */
  readonly line: number;
}

/** One status detail. `unknown` is one that this version can't read; nothing is thrown away. */
export type ErrorDetail =
  | { readonly type: "stack"; readonly frames: readonly StackFrame[]; readonly version: string }
  | { readonly type: "vertex"; readonly digest: string }
  | ({ readonly type: "source" } & ErrorSource)
  | { readonly type: "frontend"; readonly name: string; readonly source: string }
  | { readonly type: "frontendCap"; readonly name: string }
  | { readonly type: "subrequest"; readonly name: string }
  | { readonly type: "compatibilityFeature"; readonly version: number; readonly feature: string }
  | {
    readonly type: "provenanceMaterialsIncomplete";
    readonly incomplete: ReadonlyArray<Readonly<Record<string, string>>>;
  }
  | {
    readonly type: "solve";
    /** Ids of the results that went into the step, and of what it made of its mounts until it failed. */
    readonly inputIds: readonly string[];
    readonly mountIds: readonly string[];
    readonly description: Readonly<Record<string, string>>;
  }
  | { readonly type: "exit"; readonly exitCode: number }
  | { readonly type: "policy"; readonly action: string; readonly denyMessages: readonly string[] }
  | { readonly type: "unknown"; readonly typeUrl: string; readonly value: Uint8Array };

type Json = Readonly<Record<string, unknown>>;

const PREFIX = "github.com/moby/buildkit/";

const READERS: Readonly<Record<string, (json: Json) => ErrorDetail>> = {
  "stack.Stack+json": (json) => ({
    type: "stack",
    frames: objects(json["frames"]).map((frame) => ({
      name: text(frame["Name"] ?? frame["name"]),
      file: text(frame["File"] ?? frame["file"]),
      line: number(frame["Line"] ?? frame["line"]),
    })),
    version: text(json["version"]),
  }),
  "errdefs.Vertex+json": (json) => ({ type: "vertex", digest: text(json["digest"]) }),
  "errdefs.Source+json": (json) => ({ type: "source", ...readSource(json) }),
  "errdefs.Frontend+json": (json) => ({
    type: "frontend",
    name: text(json["name"]),
    source: text(json["source"]),
  }),
  "errdefs.FrontendCap+json": (json) => ({ type: "frontendCap", name: text(json["name"]) }),
  "errdefs.Subrequest+json": (json) => ({ type: "subrequest", name: text(json["name"]) }),
  "errdefs.CompatibilityFeature+json": (json) => ({
    type: "compatibilityFeature",
    version: number(json["version"]),
    feature: text(json["feature"]),
  }),
  "errdefs.ProvenanceMaterialsIncomplete+json": (json) => ({
    type: "provenanceMaterialsIncomplete",
    incomplete: objects(json["incomplete"]).map(texts),
  }),
  "errdefs.Solve+json": (json) => ({
    type: "solve",
    inputIds: list(json["inputIDs"]).map(text),
    mountIds: list(json["mountIDs"]).map(text),
    description: texts(object(json["description"])),
  }),
  "gatewayapi.ExitMessage+json": (json) => ({ type: "exit", exitCode: number(json["Code"]) }),
  "policysession.DecisionResponse+json": (json) => ({
    type: "policy",
    action: text(json["action"]),
    denyMessages: objects(json["denyMessages"]).map((deny) => text(deny["message"])),
  }),
};

/** The details in the order in which the daemon gave them. Never throws: what can't be read is `unknown`. */
export function decodeDetails(details: readonly Any[]): ErrorDetail[] {
  return details.map(({ typeUrl, value }) => {
    const name = typeUrl.startsWith(PREFIX) ? typeUrl.slice(PREFIX.length) : "";
    const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    return (read && attempt(read, value)) ?? { type: "unknown", typeUrl, value };
  });
}

/** All details of one type. */
export function detailsOf<T extends ErrorDetail["type"]>(
  details: readonly ErrorDetail[],
  type: T,
): Array<Extract<ErrorDetail, { type: T }>> {
  return details.filter((detail): detail is Extract<ErrorDetail, { type: T }> =>
    detail.type === type
  );
}

function attempt(
  read: (json: Json) => ErrorDetail,
  value: Uint8Array,
): ErrorDetail | undefined {
  try {
    return read(object(JSON.parse(new TextDecoder().decode(value))));
  } catch {
    // Not JSON, or not what we expect in it. It must not hide the failure that it describes.
    return undefined;
  }
}

function readSource(json: Json): ErrorSource {
  const info = object(json["info"]);
  return {
    filename: text(info["filename"]),
    lines: decodeBase64(text(info["data"])).split(/\r?\n/),
    ranges: objects(json["ranges"]).map((range) => {
      const start = number(object(range["start"])["line"]);
      return { start, end: Math.max(start, number(object(range["end"])["line"])) };
    }),
  };
}

function decodeBase64(data: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(data), (char) => char.charCodeAt(0)));
}

function object(value: unknown = {}): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw new TypeError("no object");
}

/** Go writes a list that was never made as null. */
function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function objects(value: unknown): Json[] {
  return list(value).map((item) => object(item));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(json: Json): Record<string, string> {
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, text(value)]));
}

/** 64-bit numbers come as text where the message is written as protojson. */
function number(value: unknown): number {
  const found = Number(value ?? 0);
  return Number.isFinite(found) ? found : 0;
}
