/**
 * The shell commands of the documentation: `deno run -A tests/docs/commands.ts` lists what tests/docs/commands_test.ts runs,
 * and what it leaves out and why.
 *
 * They are the blocks of the language `sh`. One that is tagged `no-run: why` is left out. One that is tagged `exit=N` ends with N.
 */
import { find } from "../support/tools.ts";
import { type CodeBlock, codeBlocks, pages, ROOT } from "./markdown.ts";

/** A block of commands. */
export interface Commands {
  /** For example `README.md:12`. */
  readonly name: string;
  /** How many commands. */
  readonly count: number;
  /** The shell's text. */
  readonly text: string;
  /** What the last one ends with. */
  readonly exitCode: number;
  /** Why it is left out. */
  readonly leftOut: string | undefined;
  /** It works on this repository; else it is meant for a user's project. */
  readonly inRepository: boolean;
  /** It takes from the builder what other blocks may use. */
  readonly disturbs: boolean;
}

const NO_RUN_REGEXP = /^no-run\b[:\s]*(.*)$/;
const EXIT_REGEXP = /^exit=(\d+)$/;
const REPOSITORY_REGEXP = /\bdeno(?:@[\d.]+)? task\b|\bexamples\/|\btests\/|\bgit clone\b/;
/** What would run the tests within the tests, or takes too long for one. */
const NEVER_REGEXP = /\btask (?:test|check|bench|compile)\b|\.ci\/run/;
const DISTURBING_REGEXP = /\bprune\b|\bhistory (?:rm|delete)\b/;

/** All blocks of the repository in a folder; each only the first time that it is there. */
export function documentedCommands(root: string = ROOT): Commands[] {
  const blocks = pages(root).flatMap(codeBlocks).filter(({ language }) => language === "sh");
  const first = new Map<string, CodeBlock>();
  for (const block of blocks) if (!first.has(block.text)) first.set(block.text, block);
  return [...first.values()].map(commandsOf);
}

function commandsOf({ path, line, info, text }: CodeBlock): Commands {
  const noRun = NO_RUN_REGEXP.exec(info);
  const exit = EXIT_REGEXP.exec(info);
  if (info !== "" && noRun === null && exit === null) {
    throw new Error(`${path}:${line}: "${info}" is neither "no-run: why" nor "exit=N"`);
  }
  if (noRun === null && NEVER_REGEXP.test(text)) {
    throw new Error(`${path}:${line}: tag it "no-run: why", for tests can't run it`);
  }
  return {
    name: `${path}:${line}`,
    count: lines(text).length,
    text,
    exitCode: Number(exit?.[1] ?? 0),
    leftOut: noRun === null ? missing(text) : noRun[1] || "no reason given",
    inRepository: REPOSITORY_REGEXP.test(text),
    disturbs: DISTURBING_REGEXP.test(text),
  };
}

/** What commands use besides ours and what every system has, and this machine may not have. */
function missing(text: string): string | undefined {
  const program = ["jq"].find((name) => new RegExp(`\\b${name}\\b`).test(text) && !find(name));
  return program === undefined ? undefined : `there is no ${program} here`;
}

/** The commands of a block, each on one line. */
function lines(text: string): string[] {
  return text.replaceAll(/\\\n\s*/g, "").split("\n").filter((line) => !/^\s*(?:#|$)/.test(line));
}

if (import.meta.main) {
  const all = documentedCommands();
  const left = all.filter(({ leftOut }) => leftOut !== undefined);
  const count = (some: readonly Commands[]) => some.reduce((sum, block) => sum + block.count, 0);
  console.log(`${count(all)} commands in ${all.length} blocks, ${count(left)} of them left out:`);
  for (const { name, leftOut, text } of left) {
    console.log(`  ${name}: ${leftOut}`);
    for (const line of lines(text)) console.log(`    ${line}`);
  }
}
