/** `--filter` of `du` and `prune`: buildx's keys and values to the daemon's expressions. */
import { nearest } from "../nearest.ts";
import { parseBool } from "./parse_bool.ts";
import { durationOf } from "./duration.ts";
import { UsageError } from "./usage_error.ts";

/** What the filters ask for. */
export interface CacheFilter {
  /** Expressions for the daemon. */
  readonly filters: string[];
  /** Milliseconds for which a record must not have been used. */
  readonly unusedForMs?: number;
}

const TEXTS = ["id", "description", "parents", "type"] as const;
/** Switches, with what is the case when they are off; that something is not in use can't be asked for. */
const SWITCHES: Readonly<Record<string, string | undefined>> = {
  inuse: undefined,
  mutable: "immutable",
  immutable: "mutable",
  shared: "private",
  private: "shared",
};
/** Two names of one thing; the second is the older. */
const AGES = ["until", "unused-for"] as const;
const KEYS = [...TEXTS, ...Object.keys(SWITCHES), ...AGES];

/** Values that need no quotes in an expression. */
const PLAIN_REGEXP = /^[\w.:/@-]+$/;

/**
 * Reads all the flags of one command line: all of them must hold. `KEY=VALUE`, `KEY!=VALUE`, `KEY~=REGEXP`, or a switch alone.
 * An `id` need only be a part of it. Throws a `UsageError`.
 */
export function parseCacheFilters(values: readonly string[]): CacheFilter {
  const parts: string[] = [];
  let unusedForMs: number | undefined;
  for (const value of values) {
    const [, key = "", sign, text] = /^([^=!~]*)(?:([!~]?)={1,2}(.*))?$/s.exec(value.trim()) ?? [];
    const name = key.trim().toLowerCase();
    const wanted = text?.trim();
    if (AGES.some((age) => age === name)) {
      if (unusedForMs !== undefined) throw new UsageError("--filter until can be given once only");
      unusedForMs = ageOf(value, sign, wanted);
    } else parts.push(expression(value, name, sign, wanted));
  }
  return {
    filters: parts.length === 0 ? [] : [parts.join(",")],
    ...(unusedForMs !== undefined && { unusedForMs }),
  };
}

function ageOf(value: string, sign: string | undefined, text: string | undefined): number {
  const age = sign === "" ? durationOf(text!) : undefined;
  if (age !== undefined) return age;
  throw new UsageError(
    `--filter ${value} needs a duration`,
    "Write for example --filter until=24h",
  );
}

function expression(
  value: string,
  name: string,
  sign: string | undefined,
  text: string | undefined,
): string {
  if (Object.hasOwn(SWITCHES, name)) return switchExpression(value, name, sign, text);
  if (!TEXTS.some((known) => known === name)) throw unknownKey(name);
  if (text === undefined) return name;
  const operator = sign === "" ? name === "id" ? "~=" : "==" : `${sign}=`;
  return `${name}${operator}${PLAIN_REGEXP.test(text) ? text : quote(text)}`;
}

function switchExpression(
  value: string,
  name: string,
  sign: string | undefined,
  text: string | undefined,
): string {
  if (text === undefined) return name;
  const on = sign === "" ? parseBool(text) : undefined;
  if (on === undefined) throw new UsageError(`--filter ${value}: ${name} takes true or false`);
  const expression = on ? name : SWITCHES[name];
  if (expression !== undefined) return expression;
  throw new UsageError(`--filter ${value}: the builder can't be asked for that`);
}

/** A Go string. */
function quote(text: string): string {
  return JSON.stringify(text);
}

function unknownKey(name: string): UsageError {
  const near = nearest(name, KEYS);
  return new UsageError(
    `--filter has no key "${name}"`,
    near === undefined
      ? `Keys are ${KEYS.join(", ")}`
      : `Did you mean ${near}? Keys are ${KEYS.join(", ")}`,
  );
}
