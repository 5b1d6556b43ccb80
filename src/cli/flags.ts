/** Flag tables, and the command line read by them. */
import { nearest } from "../nearest.ts";
import { parseBool } from "./parse_bool.ts";
import { UsageError } from "./usage_error.ts";
import { flagWords } from "./flag_words.ts";

/** One flag of a command. */
export interface Flag {
  /** The one-letter form. */
  readonly short?: string;
  /** What the value is called in the help; a flag without it is a switch. */
  readonly value?: string;
  /** Whether it may be given several times. Where it may not, the last one counts. */
  readonly many?: true;
  readonly help: string;
}

/** A command's flags by name. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** What a command line says: a list, a text or a switch for each flag. */
export type FlagValues<T extends FlagTable> = {
  [K in keyof T]: T[K] extends { many: true } ? string[]
    : T[K] extends { value: string } ? string | undefined
    : boolean;
};

/** A command line, taken apart. */
export interface CommandLine<T extends FlagTable> {
  flags: FlagValues<T>;
  positionals: string[];
}

/** The switch that every command has. */
export const HELP_FLAG: { help: Flag } = { help: { short: "h", help: "Show this help" } };

/**
 * Reads `argv` by a flag table, as Go's pflag does: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-n=value`,
 * `--switch=false`, `--` before arguments. `refused` are flags of other tools, with what is said of each. Throws a
 * `UsageError`.
 */
export function parseFlags<T extends FlagTable>(
  table: T,
  argv: readonly string[],
  refused: Readonly<Record<string, string>> = {},
): CommandLine<T> {
  const values: Record<string, string | boolean | string[] | undefined> = {};
  for (const [name, flag] of Object.entries(table)) {
    values[name] = flag.many ? [] : flag.value === undefined ? false : undefined;
  }
  const positionals: string[] = [];
  for (const word of flagWords(table, argv)) {
    if (typeof word === "string") {
      positionals.push(word);
      continue;
    }
    const { name, rawName, value } = word;
    const flag = Object.hasOwn(table, name) ? table[name]! : undefined;
    if (flag === undefined) throw unknownFlag(rawName, name, table, refused);
    if (flag.value === undefined) values[name] = switchValue(rawName, value);
    else if (value === undefined) throw new UsageError(`${rawName} needs a value: ${flag.value}`);
    else if (flag.many) (values[name] as string[]).push(value);
    else values[name] = value;
  }
  return { flags: values as FlagValues<T>, positionals };
}

function isShort(rawName: string): boolean {
  return !rawName.startsWith("--");
}

function switchValue(rawName: string, value: string | undefined): boolean {
  if (value === undefined) return true;
  const on = parseBool(value);
  if (on === undefined) throw new UsageError(`${rawName} takes true or false, not "${value}"`);
  return on;
}

function unknownFlag(
  rawName: string,
  name: string,
  table: FlagTable,
  refused: Readonly<Record<string, string>>,
): UsageError {
  if (Object.hasOwn(refused, name)) return new UsageError(`${rawName} ${refused[name]}`);
  const near = isShort(rawName) ? undefined : nearest(name, Object.keys(table));
  return new UsageError(
    `unknown flag ${rawName}`,
    near === undefined ? undefined : `Did you mean --${near}?`,
  );
}

/** Throws a `UsageError` if there are arguments. */
export function noArguments(command: string, positionals: readonly string[]): void {
  if (positionals.length === 0) return;
  throw new UsageError(`${command} takes no arguments, but got ${positionals.join(" ")}`);
}
