/**
 * Broken builds on a real builder, each with its error as JSON and as the command prints it. MOAT_UPDATE_EXPECTED=1 writes
 * what came instead of comparing it; look at the difference before committing it.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { reportError } from "../../src/cli/report_error.ts";
import { fakeIo } from "../cli/fake_io.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { BROKEN_BUILDS } from "./broken_builds.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const FOLDER = fileURLToPath(new URL("broken_builds/", import.meta.url));
const UPDATE = process.env.MOAT_UPDATE_EXPECTED === "1";

daemonTest("broken builds say what is wrong and what to do", async (environment, context) => {
  await using workshop = await openWorkshop(environment);
  for (const name of readdirSync(FOLDER)) {
    await context.step(name, async () => {
      const error = await failureOf(name, workshop);
      assert(error instanceof BuildError, String(error));
      const io = fakeIo();
      assert.equal(reportError(error, io), 1);
      checkSafe(error, io.err());
      const shared = (text: string) => withoutParticulars(text, workshop);
      expect(name, "printed.txt", shared(io.err()));
      expect(name, "error.json", shared(JSON.stringify(error, null, 2)) + "\n");
    });
  }
});

async function failureOf(name: string, workshop: Workshop): Promise<unknown> {
  await using none = tempFolder();
  const folder = join(FOLDER, name, "context");
  const text = readFileSync(join(FOLDER, name, "Dockerfile"), "utf8");
  const dockerfile = text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => workshop.names[key]!);
  const options = {
    address: workshop.address,
    context: existsSync(folder) ? folder : none.path,
    dockerfile,
    ...BROKEN_BUILDS[name]?.(workshop),
  };
  return await build(options).catch((error: unknown) => error);
}

/** Whatever went in, nothing of it reaches a terminal's controls, and no password comes out. */
function checkSafe(error: BuildError, printed: string): void {
  for (const text of [printed, error.message, ...error.log, ...error.suggestions]) {
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(text, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    assert.doesNotMatch(text, /hunter2/);
  }
  assert.doesNotMatch(JSON.stringify(error), /hunter2/);
  assert.equal(error.message.split("\n")[0], error.shortMessage);
}

/** Names in place of what differs from run to run. */
function withoutParticulars(text: string, { names }: Workshop): string {
  const known = Object.entries(names).sort(([, a], [, b]) => b.length - a.length);
  for (const [key, value] of known) text = text.replaceAll(value, `{{${key}}}`);
  return text
    .replaceAll(FOLDER, "{{folder}}/")
    .replace(/sha256:(?!0{64})[0-9a-f]{64}/g, "sha256:{{digest}}")
    .replace(/\b[0-9a-z]{25}::[0-9a-z]{25}\b/g, "{{ref}}")
    .replace(
      /dial tcp: lookup (\S+?)(?: on \S+)?: .*?(?=$|")/gm,
      "dial tcp: lookup $1: {{reason}}",
    );
}

function expect(name: string, file: string, actual: string): void {
  const path = join(FOLDER, name, file);
  if (UPDATE) {
    mkdirSync(join(FOLDER, name), { recursive: true });
    writeFileSync(path, actual);
  }
  assert.equal(actual, readFileSync(path, "utf8"));
}
