/**
 * Runs the tests against real servers: `deno task test [deno test's arguments]`.
 *
 * Installs what is missing, starts a registry and two builders on free ports, runs `deno test`, stops them, and ends with
 * the line `N passed, N failed, N skipped`.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import { environmentVariables, type TestEnvironment } from "./support/env.ts";
import { interruption } from "./support/process.ts";
import { startServers } from "./support/servers.ts";

interface Outcome {
  code: number;
  passed: number;
  failed: number;
  skipped: number;
}

const SUMMARY_REGEXP = /\| (\d+) passed.*? \| (\d+) failed(?:.*? \| (\d+) ignored)?/;
// deno-lint-ignore no-control-regex
const COLOR_REGEXP = /\x1b\[[0-9;]*m/g;

async function main(args: string[]): Promise<number> {
  const interrupted = interruption();
  await using servers = await startServers();
  interrupted.throwIfAborted();
  const outcome = await runTests(args, servers.environment, interrupted);
  const { passed, failed, skipped } = outcome;
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return outcome.code;
}

/** Runs `deno test` and passes its output on while it runs. */
function runTests(
  args: string[],
  environment: TestEnvironment,
  interrupted: AbortSignal,
): Promise<Outcome> {
  const color = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(Deno.execPath(), ["test", "--allow-all", ...withDefaultPath(args)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...color, ...environmentVariables(environment) },
  });
  interrupted.addEventListener("abort", () => child.kill("SIGINT"));
  let end = "";
  child.stdout.on("data", (chunk: Uint8Array) => {
    process.stdout.write(chunk);
    end = (end + new TextDecoder().decode(chunk)).slice(-4096);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(summarize(end, code ?? 1)));
  });
}

/** Everything under `tests/`, unless the arguments name files or folders. */
function withDefaultPath(args: string[]): string[] {
  return args.some((arg) => !arg.startsWith("-")) ? args : [...args, "tests/"];
}

/** Reads the counts from the last summary line; a run without one failed before its first test. */
function summarize(output: string, code: number): Outcome {
  const lines = output.replaceAll(COLOR_REGEXP, "").split("\n");
  const counts = lines.map((line) => SUMMARY_REGEXP.exec(line)).findLast((match) => match !== null);
  const [passed = 0, failed = 0, skipped = 0] = (counts ?? []).slice(1).map((n) => Number(n ?? 0));
  return { code, passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Whoever reads the last line learns of a set-up that failed, too.
  console.error(error);
  process.stdout.write("\n0 passed, 1 failed, 0 skipped\n");
  process.exitCode = 1;
}
