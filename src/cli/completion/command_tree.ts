/**
 * All commands with their verbs and flags, read from their help screens. Those are rendered from the tables that command lines
 * are parsed by, so that what is made of the tree is never stale, and no command has to offer its tables besides.
 */
import type { Io } from "../io.ts";

/** A flag as its help screen shows it. */
export interface KnownFlag {
  readonly name: string;
  readonly short?: string;
  /** What the value is called; a switch has none. */
  readonly value?: string;
  readonly help: string;
  /** All values that there are, where the help lists them. */
  readonly choices: readonly string[];
}

/** A command, or a verb of one. */
export interface KnownCommand {
  /** The words that call it, for example `["history", "ls"]`; empty for the program. */
  readonly path: readonly string[];
  readonly summary: string;
  /** Its help screen's first lines. */
  readonly description: string;
  readonly usage: string;
  /** Flags by the headings of the help screen. */
  readonly groups: Readonly<Record<string, readonly KnownFlag[]>>;
  /** What the screen says below the flags. */
  readonly notes: string;
  readonly verbs: readonly KnownCommand[];
}

/** Runs a command line, as `main()` does. */
export type Run = (argv: readonly string[], io: Io) => Promise<number>;

const FLAG_REGEXP = /^ {2}(?:-(\w),| {3}) --([a-z][\w-]*)(?: (\S+))? +(.*)$/;
const VERB_REGEXP = /^ {2}([a-z][a-z-]*) {2,}(\S.*)$/;
const CHOICES_REGEXP = /^[a-z.]+(?:(?:, or |, | or )[a-z.]+)+(?=$|[:;]| \()/;

/** Asks the program for all of its help screens. */
export async function readCommandTree(run: Run, io: Io): Promise<KnownCommand> {
  return await readCommand(run, io, [], "");
}

/** Flags of a command, whatever their heading. */
export function flagsOf({ groups }: KnownCommand): KnownFlag[] {
  return Object.values(groups).flat();
}

/** The command and all below it. */
export function allCommands(command: KnownCommand): KnownCommand[] {
  return [command, ...command.verbs.flatMap(allCommands)];
}

async function readCommand(
  run: Run,
  io: Io,
  path: readonly string[],
  summary: string,
): Promise<KnownCommand> {
  const screen = await helpScreen(run, io, path);
  const verbs: KnownCommand[] = [];
  for (const [verb, about] of verbsOf(screen, path)) {
    verbs.push(await readCommand(run, io, [...path, verb], about));
  }
  return { path, summary, ...partsOf(screen), verbs };
}

async function helpScreen(run: Run, io: Io, path: readonly string[]): Promise<string> {
  let screen = "";
  const stdout = { ...io.stdout, write: (text: string) => void (screen += text) };
  await run([...path, "--help"], { ...io, stdout });
  return screen;
}

/** Verbs that the screen lists, and those that its usage names. */
function verbsOf(screen: string, path: readonly string[]): Map<string, string> {
  const verbs = new Map<string, string>();
  for (const line of screen.split("\n")) {
    const [, verb, about] = VERB_REGEXP.exec(line) ?? [];
    if (verb !== undefined) verbs.set(verb, about!);
  }
  const prefix = ["moat-build", ...path].join(" ");
  for (const line of screen.split("\n")) {
    const named = new RegExp(`(?:^Usage:|^) +${prefix} ([a-z][a-z|-]*)(?: |$)`).exec(line)?.[1];
    for (const verb of named?.split("|") ?? []) if (!verbs.has(verb)) verbs.set(verb, "");
  }
  return verbs;
}

function partsOf(
  screen: string,
): Pick<KnownCommand, "description" | "usage" | "groups" | "notes"> {
  const [description = "", usage = "", ...sections] = screen.trimEnd().split("\n\n");
  const groups: Record<string, KnownFlag[]> = {};
  const notes: string[] = [];
  for (const section of sections) {
    const [heading = "", ...lines] = section.split("\n");
    const flags = lines.map(readFlag).filter((flag) => flag !== undefined);
    if (flags.length > 0) groups[heading.replace(/:$/, "")] = flags;
    else notes.push(section);
  }
  return { description, usage: usage.replace("Usage: ", ""), groups, notes: notes.join("\n\n") };
}

function readFlag(line: string): KnownFlag | undefined {
  const [, short, name, value, help] = FLAG_REGEXP.exec(line) ?? [];
  if (name === undefined || help === undefined) return undefined;
  const choices = CHOICES_REGEXP.exec(help)?.[0].split(/, or |, | or /) ?? [];
  return {
    name,
    help,
    ...(short !== undefined && { short }),
    ...(value !== undefined && { value }),
    choices: value === undefined ? [] : choices,
  };
}
