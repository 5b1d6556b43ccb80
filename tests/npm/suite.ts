/** Tests of the sources, made to run against an installed package on another runtime. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FEATURES } from "../compat/features/all.ts";
import { environmentVariables, type TestEnvironment } from "../support/env.ts";
import { run, runOk } from "../support/process.ts";
import type { Runtime } from "../support/runtimes.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Files that take as long as all others together. They pass, and are left out to save time. */
const LONG = /^(?:files|backpressure)_test\./;

/** What {@linkcode runSuite} runs. */
export const SUITES = {
  /** The tests of `build()`, and how many there are at least. */
  build: {
    least: 100,
    files: (suite: string): string[] =>
      readdirSync(join(suite, "tests/build")).filter((name) => name.endsWith("_test.js"))
        .filter((name) => !LONG.test(name)).map((name) => `tests/build/${name}`),
  },
  /** All features of the compatibility matrix. */
  features: { least: FEATURES.length, files: (): string[] => ["tests/npm/features.js"] },
};

/** Modules in whose place the tests get the package. What doubles of daemons are made of has no place in it. */
const PUBLIC = [
  ...["mod.js", "src/build.js", "src/build_error.js", "src/calls.js", "src/connect.js"],
  ...["src/errors.js", "src/history_report.js", "src/shared_builder.js"],
];

/**
 * Writes the tests as JavaScript of ES2022 into a folder of `project`, where the package and TypeScript are installed, and puts the
 * package in the place of the sources.
 */
export async function transpileSuite(project: string): Promise<string> {
  const suite = join(project, "suite");
  const tests = readdirSync(join(ROOT, "tests/build")).filter((name) => name.endsWith("_test.ts"));
  const own = ["tests/npm/run_tests.ts", "tests/npm/features.ts"];
  const files = [...tests.map((name) => `tests/build/${name}`), ...own];
  const options = ["--ignoreConfig", "--noCheck", "--rewriteRelativeImportExtensions"];
  const target = ["--target", "es2022", "--lib", "esnext,dom"];
  const modules = ["--module", "esnext", "--moduleResolution", "bundler"];
  const folders = ["--rootDir", ROOT, "--outDir", suite];
  const args = [...options, ...target, ...modules, ...folders, ...files];
  await runOk(join(project, "node_modules/.bin/tsc"), args, { cwd: ROOT });
  const installed = join(project, "node_modules/@moat/build/mod.js");
  for (const name of PUBLIC) {
    writeFileSync(join(suite, name), `export * from ${JSON.stringify(installed)};\n`);
  }
  return suite;
}

/** Runs tests; throws with those that failed. */
export async function runSuite(
  suite: string,
  which: keyof typeof SUITES,
  { program }: Runtime,
  environment: TestEnvironment,
): Promise<void> {
  const files = SUITES[which].files(suite);
  const env = environmentVariables(environment);
  const { code, stdout, stderr } = await run(program, ["tests/npm/run_tests.js", ...files], {
    cwd: suite,
    env,
  });
  const lines = stdout.split("\n").filter((line) => !/^(?:ok|ignored) /.test(line)).join("\n");
  if (code !== 0) throw new Error(`${lines}\n${stderr.slice(-4000)}`);
  const passed = Number(/^(\d+) tests, 0 failed$/m.exec(stdout)?.[1]);
  if (!(passed >= SUITES[which].least)) throw new Error(`too few tests:\n${lines}`);
}
