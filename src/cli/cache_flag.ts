/** `--cache-from` and `--cache-to`, in buildx's grammar (buildx util/buildflags/cache.go). */
import { nearest } from "../nearest.ts";
import { type CacheType, type Field, SOURCES, TARGETS } from "../parts/caches/fields.ts";
import type { CacheSource, CacheTarget } from "../types.ts";
import { csvFields } from "./csv_fields.ts";
import { cutPair } from "./key_value_flag.ts";
import { parseBool } from "./parse_bool.ts";
import { UsageError } from "./usage_error.ts";

/** The caches of `--cache-from`: `type=TYPE,key=value,...`, or images' names with commas between. Throws a `UsageError`. */
export function parseCacheFrom(items: readonly string[]): CacheSource[] {
  return parse("--cache-from", items, SOURCES) as CacheSource[];
}

/** The caches of `--cache-to`, in the same grammar. Throws a `UsageError`. */
export function parseCacheTo(items: readonly string[]): CacheTarget[] {
  return parse("--cache-to", items, TARGETS) as CacheTarget[];
}

type Types = Readonly<Record<string, CacheType>>;

function parse(flag: string, items: readonly string[], types: Types): unknown[] {
  return items.filter((item) => item !== "").flatMap((item): readonly unknown[] => {
    const fields = csvFields(flag, item);
    // Without any `=` each field is an image.
    return item.includes("=") ? [parseCache(flag, fields, types)] : fields;
  });
}

function parseCache(flag: string, fields: string[], types: Types): object {
  const pairs = new Map<string, string>();
  for (const [i, field] of fields.entries()) {
    const { key, value } = cutPair(field);
    if (value === undefined) {
      // It may be the rest of a secret that holds a comma.
      throw new UsageError(
        `${flag}: field ${i + 1} is not KEY=VALUE`,
        'Quote a field that holds a comma, for example type=local,"dest=a,b"',
      );
    }
    pairs.set(key.trim().toLowerCase(), value);
  }
  const type = pairs.get("type");
  const known = type !== undefined && Object.hasOwn(types, type) ? types[type] : undefined;
  if (known === undefined) {
    const problem = type === undefined ? "has no type" : `has the unknown type "${type}"`;
    const names = Object.keys(types).join(", ");
    throw new UsageError(`${flag} "${shown(pairs)}" ${problem}`, `Types are ${names}`);
  }
  pairs.delete("type");
  return { type, ...options(flag, pairs, known) };
}

/** The item without what may be secret. */
function shown(pairs: ReadonlyMap<string, string>): string {
  const isSecret = (key: string) => /token|secret|access_key/.test(key);
  return Array.from(pairs, ([key, value]) => `${key}=${isSecret(key) ? "***" : value}`).join(",");
}

function options(flag: string, pairs: Map<string, string>, { fields, others = [] }: CacheType) {
  const names = new Map(
    Object.entries(fields).map(([name, field]) => [field.attr, { name, field }]),
  );
  const typed: Record<string, unknown> = {};
  const attrs: Record<string, string> = {};
  for (const [key, value] of pairs) {
    const found = names.get(key);
    if (found === undefined && !others.includes(key)) {
      throw unknownKey(flag, key, [...names.keys(), ...others]);
    }
    // Durations keep their units.
    if (found === undefined || found.field.kind === "seconds") attrs[key] = value;
    else typed[found.name] = decode(`${flag} ${key}`, value, found.field);
  }
  return { ...typed, ...(Object.keys(attrs).length > 0 && { attrs }) };
}

function unknownKey(flag: string, key: string, known: string[]): UsageError {
  const guess = nearest(key, known);
  return new UsageError(
    `${flag}: there is no key "${key}"` + (guess === undefined ? "" : `; did you mean ${guess}?`),
    `Keys of this type are ${known.join(", ")}`,
  );
}

function decode(
  what: string,
  value: string,
  { kind }: Field,
): string | boolean | number | string[] {
  switch (kind) {
    case "flag": {
      const on = parseBool(value);
      if (on !== undefined) return on;
      throw new UsageError(`${what} is true or false, not "${value}"`);
    }
    case "count":
      if (/^\d+$/.test(value)) return Number(value);
      throw new UsageError(`${what} is a whole number, not "${value}"`);
    case "names":
      return value.split(";");
    default:
      return value;
  }
}
