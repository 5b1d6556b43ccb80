/** What frontends answer, from their JSON (frontend/subrequests: lint, outline, targets, describe). */
import type { ErrorSource } from "../diagnosis/details.ts";
import { ProtocolError } from "../errors.ts";

/** What the Dockerfile's checks found. */
export interface CheckResult {
  /** Whether there is neither a warning nor an error. */
  readonly passed: boolean;
  /** What the checks found. */
  readonly warnings: readonly CheckWarning[];
  /** Why the Dockerfile can't be built at all. */
  readonly error:
    | { readonly message: string; readonly source: ErrorSource | undefined }
    | undefined;
}

/** One check that failed. */
export interface CheckWarning {
  /** For example `FromAsCasing`. */
  readonly rule: string;
  /** What the rule says. */
  readonly description: string;
  /** Where it is explained. */
  readonly url: string;
  /** What is wrong here. */
  readonly detail: string;
  /** Where in the Dockerfile. */
  readonly source: ErrorSource | undefined;
}

/** What a stage can be given. */
export interface Outline {
  /** The stage; empty for one without a name. */
  readonly name: string;
  /** What the comment above the stage says. */
  readonly description: string;
  /** The build arguments that it takes. */
  readonly args: ReadonlyArray<{ name: string; description: string; value: string } & Place>;
  /** The secrets that it uses. */
  readonly secrets: ReadonlyArray<{ name: string; required: boolean } & Place>;
  /** The SSH agents that it uses. */
  readonly ssh: ReadonlyArray<{ name: string; required: boolean } & Place>;
  /** Cache mounts. */
  readonly cache: ReadonlyArray<{ id: string } & Place>;
}

/** A stage that can be built. */
export interface Target extends Place {
  /** Empty for one without a name. */
  readonly name: string;
  /** Whether it is the one that is built if none is named. */
  readonly default: boolean;
  /** What the comment above the stage says. */
  readonly description: string;
  /** What it is made from. */
  readonly base: string;
  /** The platform it is for; empty for the builder's. */
  readonly platform: string;
}

/** Where something stands in the Dockerfile. */
export interface Place {
  /** From 1; undefined if the frontend did not say. */
  readonly line: number | undefined;
}

/** A question that a frontend can answer. */
export interface CallDescription {
  /** For example `frontend.outline`. */
  readonly name: string;
  /** The first version of the frontend that has it. */
  readonly version: string;
  /** What it does. */
  readonly description: string;
}

type Json = Readonly<Record<string, unknown>>;

/** @throws {ProtocolError} if it is no such answer; so do all functions here */
export function readCheck(json: string): CheckResult {
  const found = object(parse(json));
  const sources = list(found["sources"]).map(object);
  const warnings = list(found["warnings"]).map(object).map((warning) => ({
    rule: text(warning["ruleName"]),
    description: text(warning["description"]),
    url: text(warning["url"]),
    detail: text(warning["detail"]),
    source: sourceAt(object(warning["location"]), sources),
  }));
  const problem = object(found["buildError"]);
  const error = found["buildError"] === undefined ? undefined : {
    message: text(problem["message"]),
    source: sourceAt(object(problem["location"]), sources),
  };
  return { passed: warnings.length === 0 && error === undefined, warnings, error };
}

/** What a stage can be given. */
export function readOutline(json: string): Outline {
  const found = object(parse(json));
  const items = (name: string) => list(found[name]).map(object);
  const needed = (item: Json) => {
    return { name: text(item["name"]), required: item["required"] === true, ...place(item) };
  };
  return {
    name: text(found["name"]),
    description: text(found["description"]),
    args: items("args").map((arg) => ({
      name: text(arg["name"]),
      description: text(arg["description"]),
      value: text(arg["value"]),
      ...place(arg),
    })),
    secrets: items("secrets").map(needed),
    ssh: items("ssh").map(needed),
    cache: items("cache").map((mount) => ({ id: text(mount["ID"]), ...place(mount) })),
  };
}

/** The stages of a Dockerfile. */
export function readTargets(json: string): Target[] {
  return list(object(parse(json))["targets"]).map(object).map((target) => ({
    name: text(target["name"]),
    default: target["default"] === true,
    description: text(target["description"]),
    base: text(target["base"]),
    platform: text(target["platform"]),
    ...place(target),
  }));
}

/** The questions that a frontend can answer. */
export function readDescriptions(json: string): CallDescription[] {
  return list(parse(json)).map(object).map((request) => ({
    name: text(request["Name"] ?? request["name"]),
    version: text(request["Version"] ?? request["version"]),
    description: text(request["Description"] ?? request["description"]),
  }));
}

/** The place that a location means, of a file that the answer holds; zeros are left out (Go's encoding/json). */
function sourceAt(location: Json, sources: readonly Json[]): ErrorSource | undefined {
  const source = sources[number(location["sourceIndex"])];
  if (source === undefined) return undefined;
  const data = Uint8Array.from(atob(text(source["data"])), (char) => char.charCodeAt(0));
  return {
    filename: text(source["filename"]),
    lines: new TextDecoder().decode(data).split(/\r?\n/),
    ranges: rangesOf(location),
  };
}

function rangesOf(location: Json): { start: number; end: number }[] {
  return list(location["ranges"]).map(object).map((range) => {
    const start = number(object(range["start"])["line"]);
    return { start, end: Math.max(start, number(object(range["end"])["line"])) };
  });
}

function place(item: Json): Place {
  return { line: rangesOf(object(item["location"]))[0]?.start };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new ProtocolError("The frontend's answer is not JSON", { cause });
  }
}

/** Nothing is an empty object. */
function object(value: unknown): Json {
  if (value === undefined || value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Json;
  throw new ProtocolError(`The frontend's answer has an object missing: ${JSON.stringify(value)}`);
}

/** Go writes a list that was never made as null. */
function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
