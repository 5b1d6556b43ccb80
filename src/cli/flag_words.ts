/** The words of a command line, by the rules of Go's pflag: which are flags, which their values, which neither. */
import type { FlagTable } from "./flags.ts";

/** A flag as it was given; it need not be in the table. */
export interface FlagWord {
  name: string;
  /** With its dashes. */
  rawName: string;
  value: string | undefined;
}

/** Reads `argv` from left to right: flags, and texts for what is none. */
export function* flagWords(
  table: FlagTable,
  argv: readonly string[],
): Generator<FlagWord | string, void> {
  const names = shortNames(table);
  const takesValue = (name: string) =>
    Object.hasOwn(table, name) && table[name]!.value !== undefined;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === "--") return yield* argv.slice(i + 1);
    if (!word.startsWith("-") || word === "-") {
      yield word;
      continue;
    }
    const flags = word.startsWith("--") ? [longFlag(word)] : shortFlags(word, names, takesValue);
    const last = flags.at(-1)!;
    if (last.value === undefined && takesValue(last.name)) last.value = argv[++i];
    yield* flags;
  }
}

function shortNames(table: FlagTable): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, { short }] of Object.entries(table)) {
    if (short !== undefined) names.set(short, name);
  }
  return names;
}

function longFlag(word: string): FlagWord {
  const equals = word.indexOf("=");
  const rawName = equals < 0 ? word : word.slice(0, equals);
  return {
    name: rawName.slice(2),
    rawName,
    value: equals < 0 ? undefined : word.slice(equals + 1),
  };
}

/** `-qf x`, `-qfx`, `-qf=x`: switches, and the last one may have a value. */
function shortFlags(
  word: string,
  names: ReadonlyMap<string, string>,
  takesValue: (name: string) => boolean,
): FlagWord[] {
  const flags: FlagWord[] = [];
  for (let i = 1; i < word.length; i++) {
    const short = word[i]!;
    const name = names.get(short) ?? short;
    const rest = word.slice(i + 1);
    const ends = rest !== "" && (rest.startsWith("=") || takesValue(name));
    const value = ends ? rest.replace(/^=/, "") : undefined;
    flags.push({ name, rawName: `-${short}`, value });
    if (ends) break;
  }
  return flags;
}
