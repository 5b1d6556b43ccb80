/** What the tests of the examples share: the command that an example's head names, run as it stands. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Finished, run } from "../support/process.ts";

/** The folder of all. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

const COMMAND_REGEXP = /^ \* {5}((?:\w+=\S+ )*deno (?:run|test) .*)$/m;

/** The examples that are one program each, by name. */
export function exampleNames(): string[] {
  return readdirSync(join(ROOT, "examples")).filter((name) => name.endsWith(".ts")).sort()
    .map((name) => name.slice(0, -".ts".length)).filter((name) => name !== "demo");
}

/** The program and the arguments of the command in an example's head, without its variables. */
export function commandOf(name: string): [program: string, args: string[]] {
  const head = readFileSync(join(ROOT, "examples", `${name}.ts`), "utf8").split("*/")[0]!;
  const line = COMMAND_REGEXP.exec(head)?.[1];
  assert(line !== undefined, `${name} does not say how it is run`);
  const words = line.split(" ").filter((word) => !/^[A-Z_]+=/.test(word));
  const args = words.slice(1).map((word) => {
    return word.startsWith("examples/") && existsSync(join(ROOT, word)) ? join(ROOT, word) : word;
  });
  return [Deno.execPath(), args];
}

/** How an example is run. */
export interface ExampleOptions {
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** What stands in the place of the words after the example's file. */
  readonly args?: readonly string[];
}

/** Runs an example as its head says; gives its lines. */
export async function runExample(name: string, options: ExampleOptions): Promise<string[]> {
  const { cwd, env, args } = options;
  const [program, documented] = commandOf(name);
  const own = documented.indexOf(join(ROOT, "examples", `${name}.ts`)) + 1;
  const all = args === undefined ? documented : [...documented.slice(0, own), ...args];
  return linesOf(await run(program, all, { cwd, env: { ...env, NO_COLOR: "1" } }));
}

/** The lines of a program that ended well. */
export function linesOf({ code, stdout, stderr }: Finished): string[] {
  assert.equal(code, 0, stdout + stderr);
  return stdout.trimEnd().split("\n");
}
