/**
 * The tests of the command, with its bundle in the place of the sources: what `deno compile` makes a program of behaves as
 * they do. Where tests call `main()`, an import map has them call the bundle's; where they start the command, they start it.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundle } from "../../tools/bundle.ts";
import { daemonTest } from "../support/env.ts";
import { run } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MAIN = "src/cli/main.ts";

/** What shows that a test runs the command, and not just a part of it. */
const RUNS_REGEXP = /cli\/main\.ts"|support\/program\.ts"|"\.\/support\.ts"/;

/** Tests about how the sources are loaded. */
const OF_SOURCES = /program_test\.ts$/;

function commandTests(): string[] {
  const names = readdirSync(join(ROOT, "tests/cli"), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith("_test.ts") && !OF_SOURCES.test(name))
    .map((name) => join("tests/cli", name))
    .filter((path) => RUNS_REGEXP.test(readFileSync(join(ROOT, path), "utf8"))).sort();
}

daemonTest("the command's tests pass on its bundle", async () => {
  await using folder = tempFolder();
  const program = await bundle(join(folder.path, "bundle"), { main: "src/cli/main" });
  const config = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8"));
  const bundledMain = pathToFileURL(join(folder.path, "bundle/main.js")).href;
  const imports = { ...config.imports, [pathToFileURL(join(ROOT, MAIN)).href]: bundledMain };
  const configFile = join(folder.path, "deno.json");
  writeFileSync(configFile, JSON.stringify({ imports, test: config.test, lock: false }));
  const files = commandTests();
  assert(files.length > 8, `${files}`);
  const args = ["test", "--allow-all", "--no-check", "--config", configFile, ...files];
  const env = { MOAT_TEST_PROGRAM: program, NO_COLOR: "1" };
  const { code, stdout, stderr } = await run(Deno.execPath(), args, { cwd: ROOT, env });
  const failures = stdout.slice(Math.max(0, stdout.search(/^ ERRORS $/m)));
  assert.equal(code, 0, `${failures}\n${stderr}`);
  const passed = Number(/\| (\d+) passed/.exec(stdout)?.[1] ?? /(\d+) passed/.exec(stdout)?.[1]);
  assert(passed > 100, stdout.slice(-500));
});
