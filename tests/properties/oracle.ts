/** BuildKit's own libraries as the judge of random inputs: the program in `oracle/`, built once for each change of it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { type TempFolder, tempFolder } from "../support/temp_folder.ts";
import { runsOf, SEED } from "./support.ts";

/** One question, see `oracle/main.go`; bytes in base64. */
export interface Question {
  readonly ask: string;
  readonly text?: string;
  readonly texts?: readonly string[];
  readonly bytes?: string;
  readonly blocks?: readonly string[];
  readonly patterns?: readonly string[];
  readonly excludes?: readonly string[];
  readonly paths?: readonly string[];
  readonly folder?: string;
}

/** How an input is put to both sides. */
export interface Comparison<T> {
  readonly inputs: fc.Arbitrary<T>;
  readonly runs: number;
  /** Makes what the input describes in an empty folder, which both sides are then given. */
  readonly lay?: (input: T, folder: string) => void;
  readonly question: (input: T, folder: string) => Question;
  /** Our answer. */
  readonly ours: (input: T, folder: string) => unknown;
  /** What the oracle's answer means; undefined takes it as it is, an error as `{ error }`. */
  readonly theirs?: (answer: unknown, input: T) => unknown;
  /** Inputs that once made a difference, by what was wrong. */
  readonly known?: Readonly<Record<string, T>>;
}

/** The oracle's answers, in order. */
export function ask(questions: readonly Question[]): unknown[] {
  const { status, stdout, stderr, error } = spawnSync(program(), {
    input: questions.map((question) => `${JSON.stringify(question)}\n`).join(""),
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`The oracle ended with ${status}: ${stderr}`);
  const answers = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(answers.length, questions.length);
  return answers;
}

/** A test that both sides say the same about all inputs. */
export function agreement<T>(name: string, comparison: Comparison<T>): void {
  const { inputs, runs, known = {} } = comparison;
  for (const [what, input] of Object.entries(known)) {
    Deno.test(`${name}: ${what}`, async () => {
      await using both = new BothSides(comparison);
      both.prepare([input]);
      both.check(input);
    });
  }
  Deno.test(`${name} (${runs} random inputs)`, async () => {
    await using both = new BothSides(comparison);
    const parameters = { seed: SEED, numRuns: runsOf(runs) };
    // One question at a time costs a process each: that is for making a difference small.
    both.prepare(fc.sample(inputs, parameters));
    fc.assert(fc.property(inputs, (input) => both.check(input)), parameters);
  });
}

/** What both sides say, and the folders that they look at. */
class BothSides<T> implements AsyncDisposable {
  readonly #comparison: Comparison<T>;
  readonly #scratch: TempFolder | undefined;
  readonly #answers = new Map<string, { answer: unknown; folder: string }>();

  constructor(comparison: Comparison<T>) {
    this.#comparison = comparison;
    this.#scratch = comparison.lay && tempFolder();
  }

  /** Has all answers of the oracle at once. */
  prepare(inputs: readonly T[]): void {
    const { question, lay } = this.#comparison;
    const folders = inputs.map((input, i) => {
      if (this.#scratch === undefined || lay === undefined) return "";
      const folder = join(this.#scratch.path, `${this.#answers.size}-${i}`);
      mkdirSync(folder);
      lay(input, folder);
      return folder;
    });
    const answers = ask(inputs.map((input, i) => question(input, folders[i]!)));
    inputs.forEach((input, i) => {
      this.#answers.set(JSON.stringify(input), { answer: answers[i], folder: folders[i]! });
    });
  }

  /** Throws if they differ. */
  check(input: T): void {
    const key = JSON.stringify(input);
    if (!this.#answers.has(key)) this.prepare([input]);
    const { answer, folder } = this.#answers.get(key)!;
    const { ours, theirs } = this.#comparison;
    const expected = theirs === undefined ? answer : theirs(answer, input);
    assert.deepEqual(ours(input, folder), expected, `for ${key}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scratch?.[Symbol.asyncDispose]();
  }
}

/** Whether an answer is an error. */
export function isError(answer: unknown): answer is { error: string } {
  return typeof answer === "object" && answer !== null && "error" in answer;
}

let path: string | undefined;

/** Where the program is. What was built for the same sources stays in the user's cache. */
function program(): string {
  return path ??= build();
}

function build(): string {
  const sources = fileURLToPath(new URL("oracle/", import.meta.url));
  const hash = createHash("sha256");
  for (const name of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, name)));
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "moat-build");
  const target = join(cache, `oracle-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  const partial = `${target}-${process.pid}`;
  const args = ["build", "-trimpath", "-buildvcs=false", "-o", partial, "."];
  const { status, stderr, error } = spawnSync("go", args, {
    cwd: sources,
    encoding: "utf8",
    env: { ...process.env, CGO_ENABLED: "0" },
  });
  if (error !== undefined || status !== 0) {
    throw new Error(`Cannot build tests/properties/oracle with go: ${error?.message ?? stderr}`);
  }
  renameSync(partial, target);
  return target;
}
