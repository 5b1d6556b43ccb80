/** The keys of `--output` that have a field of their own in the library's options. */
import type { Output } from "../types.ts";
import { parseBool } from "./parse_bool.ts";
import { UsageError } from "./usage_error.ts";

/** Reads a value; undefined for one that only the builder may know. */
type Read = (where: string, key: string, value: string) => unknown;

const COMPRESSIONS = ["uncompressed", "gzip", "estargz", "zstd"];

const FORMAT: Readonly<Record<string, [field: string, read: Read]>> = {
  compression: ["compression", (_where, _key, value) => oneOf(COMPRESSIONS, value)],
  "compression-level": ["compressionLevel", level],
  "force-compression": ["forceCompression", outputSwitch],
  "oci-mediatypes": ["ociMediaTypes", outputSwitch],
  "oci-artifact": ["ociArtifact", outputSwitch],
  "rewrite-timestamp": ["rewriteTimestamp", outputSwitch],
};

const STORE: typeof FORMAT = {
  "push-by-digest": ["pushByDigest", outputSwitch],
  "registry.insecure": ["insecure", outputSwitch],
  store: ["store", outputSwitch],
  "name-canonical": ["nameCanonical", outputSwitch],
  "dangling-name-prefix": ["danglingNamePrefix", (_where, _key, value) => value],
};

const SPLIT: typeof FORMAT = { "platform-split": ["platformSplit", outputSwitch] };

const FIELDS: Readonly<Record<Output["type"], typeof FORMAT>> = {
  image: { ...FORMAT, ...STORE },
  oci: FORMAT,
  docker: FORMAT,
  tar: SPLIT,
  local: {
    ...SPLIT,
    privileged: ["privileged", outputSwitch],
    mode: ["mode", (_where, _key, value) => oneOf(["copy", "delete"], value.trim().toLowerCase())],
  },
  cacheonly: {},
};

/** Takes the keys with a field out of `attrs`. Throws a `UsageError` that begins with `where`. */
export function outputFields(
  type: Output["type"],
  attrs: Map<string, string>,
  where: string,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, [field, read]] of Object.entries(FIELDS[type])) {
    const text = attrs.get(key);
    const value = text === undefined ? undefined : read(where, key, text);
    if (value === undefined) continue;
    fields[field] = value;
    attrs.delete(key);
  }
  return fields;
}

/** A key that is on or off; alone with its `=` it is on, as the builder reads it. */
export function outputSwitch(where: string, key: string, value: string): boolean {
  const on = value === "" ? true : parseBool(value);
  if (on !== undefined) return on;
  throw new UsageError(`${where}: ${key} is true or false, not "${value}"`);
}

function level(where: string, key: string, value: string): number {
  if (/^\d{1,3}$/.test(value)) return Number(value);
  throw new UsageError(`${where}: ${key} is a whole number, not "${value}"`);
}

function oneOf(known: readonly string[], value: string): string | undefined {
  return known.includes(value) ? value : undefined;
}
