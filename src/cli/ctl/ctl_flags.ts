/** Command lines as `buildctl` reads them. */
import type { CommandLine, FlagTable, FlagValues } from "../flags.ts";
import { nearest } from "../../nearest.ts";
import { parseBool } from "../parse_bool.ts";
import { UsageError } from "../usage_error.ts";

/**
 * Reads `argv` by a flag table: `--name value`, `--name=value`, the same with one dash, flags before and after arguments, `--`
 * before arguments only. A switch takes a value after `=` alone; where a flag may not be repeated the last one counts.
 * Throws a `UsageError`.
 */
export function parseCtlFlags<T extends FlagTable>(
  table: T,
  argv: readonly string[],
): CommandLine<T> {
  const values: Record<string, string | boolean | string[] | undefined> = {};
  for (const [name, flag] of Object.entries(table)) {
    values[name] = flag.many ? [] : flag.value === undefined ? false : undefined;
  }
  const rest = [...argv];
  const positionals: string[] = [];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") {
      positionals.push(...rest.splice(0));
      continue;
    }
    const match = /^--?([^-=][^=]*)(?:=([^]*))?$/.exec(arg);
    if (match === null) {
      positionals.push(arg);
      continue;
    }
    const [, given, inline] = match as unknown as [string, string, string | undefined];
    const name = flagName(table, given);
    const flag = table[name]!;
    if (flag.value === undefined) {
      values[name] = switchValue(given, inline);
      continue;
    }
    const value = inline ?? rest.shift();
    if (value === undefined) throw new UsageError(`flag needs an argument: --${given}`);
    if (flag.many) (values[name] as string[]).push(value);
    else values[name] = value;
  }
  return { flags: values as FlagValues<T>, positionals };
}

/**
 * Takes the flags that stand before the first argument, and says how many places they take: what follows belongs to another
 * table. Throws a `UsageError`.
 */
export function countLeadingFlags(table: FlagTable, argv: readonly string[]): number {
  let at = 0;
  while (at < argv.length) {
    const match = /^--?([^-=][^=]*)(=)?/.exec(argv[at]!);
    if (match === null) break;
    const flag = table[flagName(table, match[1]!)]!;
    at += flag.value !== undefined && match[2] === undefined ? 2 : 1;
  }
  return Math.min(at, argv.length);
}

function flagName(table: FlagTable, given: string): string {
  if (Object.hasOwn(table, given)) return given;
  const name = Object.keys(table).find((name) => table[name]!.short === given);
  if (name !== undefined) return name;
  const near = nearest(given, Object.keys(table));
  throw new UsageError(
    `flag provided but not defined: -${given}`,
    near === undefined ? undefined : `Did you mean --${near}?`,
  );
}

function switchValue(name: string, value: string | undefined): boolean {
  if (value === undefined) return true;
  const on = parseBool(value);
  if (on === undefined) throw new UsageError(`invalid boolean value "${value}" for -${name}`);
  return on;
}

/** The value of a flag that is a number. Throws a `UsageError`. */
export function numberValue(flag: string, value: string | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (value.trim() !== "" && Number.isFinite(number)) return number;
  throw new UsageError(`invalid value "${value}" for flag -${flag}: it is not a number`);
}
