/**
 * Runs test files that are written for `Deno.test` on another runtime, one test after the other: `run_tests.js FILE...`. Prints a
 * line for each test, and ends with 1 if one failed.
 */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
// The package, and what doubles are made of, must have looked for Deno before something of that name is there.
import "../../mod.ts";
import { deno } from "../../src/runtime/deno.ts";

interface Test {
  name: string;
  ignore?: boolean;
  fn: (context: Context) => Promise<void> | void;
}

interface Context {
  step(name: string, fn: (context: Context) => Promise<void> | void): Promise<boolean>;
}

if (deno !== undefined) throw new Error("this is for other runtimes");

const tests: Test[] = [];
const context: Context = {
  async step(_name, fn) {
    await fn(context);
    return true;
  },
};

function test(first: string | Test, second?: Test["fn"]): void {
  tests.push(typeof first === "string" ? { name: first, fn: second! } : first);
}

/** What the tests, not the package, use of Deno. */
const readDirSync = (path: string) => readdirSync(path).map((name) => ({ name }));
Object.assign(globalThis, { Deno: { test, readFileSync, readDirSync } });

/** Node has it since 22. */
async function fromAsync<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
if (Array.fromAsync === undefined) Object.assign(Array, { fromAsync });

for (const file of process.argv.slice(2)) await import(pathToFileURL(resolve(file)).href);

/** Tests that start Deno to see what it prints. */
const DENO_ALONE =
  /^build\(\) that fails (?:with nobody listening ends the program|in its loop is reported by the loop alone)$/;

let failed = 0;
for (const { name, ignore, fn } of tests) {
  if (ignore || DENO_ALONE.test(name)) {
    console.log(`ignored ${name}`);
    continue;
  }
  try {
    await fn(context);
    console.log(`ok ${name}`);
  } catch (error) {
    // A test that fails is this program's output.
    failed++;
    console.log(`FAILED ${name}\n${(error as Error).stack ?? error}`);
  }
}
console.log(`${tests.length} tests, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
