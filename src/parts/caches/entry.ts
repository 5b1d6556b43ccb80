/** One `cacheFrom` or `cacheTo` as the daemon is told of it. */
import { parseDigest } from "../../content/digest.ts";
import { OptionError } from "../../errors.ts";
import { normalizeReference } from "../../frontend/reference.ts";
import { nearest } from "../../nearest.ts";
import { refuseUnknown, show } from "../../options.ts";
import { pathOf } from "../../outputs.ts";
import type { CacheSource, CacheTarget } from "../../types.ts";
import type { CacheType, Field } from "./fields.ts";

/** A cache by the daemon's names. */
export interface CacheEntry {
  /** The option that asked for it, for messages. */
  readonly option: string;
  readonly type: string;
  readonly attrs: Map<string, string>;
}

const COMPRESSIONS = ["uncompressed", "gzip", "estargz", "zstd"];
const MODES = ["min", "max"];

/**
 * Takes one cache in.
 *
 * @throws {OptionError} if it can't be used
 */
export function cacheEntry(
  given: CacheSource | CacheTarget,
  types: Readonly<Record<string, CacheType>>,
  option: string,
): CacheEntry {
  const cache = typeof given === "string" ? { type: "registry", ref: given } : given;
  const type = (cache as { type?: unknown } | null)?.type;
  const known = typeof type === "string" && Object.hasOwn(types, type) ? types[type] : undefined;
  if (known === undefined) throw unknownType(type, types, option);
  refuseUnknown(cache, ["type", "attrs", ...Object.keys(known.fields)], option);
  const values = cache as unknown as Record<string, unknown>;
  const attrs = new Map<string, string>();
  for (const [name, field] of Object.entries(known.fields)) {
    const value = values[name];
    if (value !== undefined) attrs.set(field.attr, encode(value, field, `${option}.${name}`));
  }
  for (const [name, value] of Object.entries(rawAttrs(values.attrs, option))) {
    attrs.set(name, value);
  }
  const { needs } = known;
  if (needs !== undefined && !attrs.get(needs)) throw missing(`${option}.${needs}`, needs);
  return { option, type: type as string, attrs };
}

function unknownType(
  type: unknown,
  types: Readonly<Record<string, CacheType>>,
  option: string,
): OptionError {
  const names = Object.keys(types);
  if (type === "inline") {
    return new OptionError(
      option,
      'an inline cache is part of an image: import it with the type "registry"',
      '"user/app:latest"',
    );
  }
  const guess = typeof type === "string" ? nearest(type, names) : undefined;
  const hint = guess === undefined ? "" : `; did you mean ${guess}?`;
  return new OptionError(option, `${show(type)} is not a type of cache${hint}`, names.join(", "));
}

function missing(option: string, name: string): OptionError {
  const example = name === "ref" ? '"registry.example/app:cache"' : '"./cache"';
  return new OptionError(option, "it is missing", example);
}

function rawAttrs(attrs: unknown = {}, option: string): Record<string, string> {
  if (typeof attrs !== "object" || attrs === null) {
    throw new OptionError(`${option}.attrs`, `${show(attrs)} is no object`, '{ mode: "max" }');
  }
  for (const [name, value] of Object.entries(attrs)) {
    // It may be a secret, and is not shown.
    if (typeof value !== "string") throw new OptionError(`${option}.attrs.${name}`, "not a text");
  }
  return attrs as Record<string, string>;
}

function encode(value: unknown, { kind }: Field, option: string): string {
  switch (kind) {
    case "flag":
      if (typeof value === "boolean") return String(value);
      throw new OptionError(option, `${show(value)} is not true or false`, "true");
    case "count":
      if (Number.isInteger(value) && Number(value) >= 0) return String(value);
      throw new OptionError(option, `${show(value)} is not a whole number`, "3");
    case "seconds":
      if (typeof value === "number" && value > 0 && value < Infinity) return `${value}s`;
      throw new OptionError(option, `${show(value)} is not a number of seconds`, "60");
    case "path": {
      const path = pathOf(value as string | URL, option);
      if (path !== "") return path;
      throw new OptionError(option, "it is empty", '"./cache"');
    }
    case "secret":
      if (typeof value === "string" && value !== "") return value;
      throw new OptionError(option, "it is empty or not a text");
    case "names": {
      const names = [value].flat().map((name) => text(name, option));
      if (names.length > 0) return names.join(";");
      throw new OptionError(option, "the list is empty", '["main", "feature"]');
    }
    default:
      return checkText(text(value, option), kind, option);
  }
}

function text(value: unknown, option: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new OptionError(option, `${show(value)} is not a text`, '"main"');
}

function checkText(value: string, kind: Field["kind"], option: string): string {
  switch (kind) {
    case "compression":
      return oneOf(COMPRESSIONS, value, option);
    case "mode":
      return oneOf(MODES, value, option);
    case "digest":
      if (parseDigest(value) !== undefined) return value;
      throw new OptionError(option, `${show(value)} is not a digest`, '"sha256:..."');
    case "reference":
      // Checked only: the daemon shows the name as the user wrote it.
      normalizeReference(value, option);
      return value;
    default:
      return value;
  }
}

function oneOf(values: readonly string[], value: string, option: string): string {
  if (values.includes(value)) return value;
  throw new OptionError(option, `${show(value)} is not one of ${values.join(", ")}`);
}
