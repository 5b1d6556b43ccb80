/** What comes from others: little, pinned, under licences that allow it, and nothing of it is run when it is installed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  FOR_DEVELOPMENT,
  INSTALLED,
  licenceOf,
  lockedPackages,
  npmCache,
  readLock,
  runtimePackages,
} from "../../tools/dependencies.ts";

const ROOT = new URL("../../", import.meta.url);
const LICENCES = new Set(["Apache-2.0", "BSD-3-Clause", "ISC", "MIT", "Unlicense"]);

/** More of them come when a version of dockerode wants more: look at what they are, then write it here. */
const MOST = 66;

/** What the page says: versions and licences by name. */
function listed(): Array<{ name: string; version: string; licence: string; script: string }> {
  const text = readFileSync(new URL("docs/dependencies.md", ROOT), "utf8");
  return text.split("\n").filter((line) => /^\| [@a-z]/.test(line)).map((line) => {
    const [name = "", version = "", licence = "", script = ""] = line.split("|").slice(1)
      .map((cell) => cell.trim());
    return { name, version, licence, script };
  });
}

Deno.test("deno.json imports what is installed with us and what is for development, and nothing else", () => {
  const { imports } = JSON.parse(readFileSync(new URL("deno.json", ROOT), "utf8")) as {
    imports: Record<string, string>;
  };
  assert.deepEqual(Object.keys(imports).sort(), [...INSTALLED, ...FOR_DEVELOPMENT].sort());
});

Deno.test("deno.lock pins every package by a digest of its content", () => {
  const without = lockedPackages(readLock())
    .filter(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""));
  assert.deepEqual(without, []);
});

Deno.test("the packages that come with ours are no more than are known", () => {
  const names = runtimePackages(readLock()).map(({ name }) => name);
  assert(names.length <= MOST, names.join(" "));
});

Deno.test("docs/dependencies.md lists the packages that come with ours, and their licences", async () => {
  const cache = await npmCache();
  const packages = runtimePackages(readLock());
  assert.deepEqual(
    listed().map(({ name, version }) => `${name}@${version}`),
    packages.map(({ name, version }) => `${name}@${version}`),
    "docs/dependencies.md is stale: run deno task dependencies",
  );
  for (const [i, { name, licence }] of listed().entries()) {
    assert(LICENCES.has(licence), `${name}: ${licence}`);
    // Some that only other systems use may not be here.
    assert.equal(licenceOf(packages[i]!, cache) ?? licence, licence, name);
  }
});

Deno.test("only packages that do without it want anything run when they are installed", () => {
  const wanting = runtimePackages(readLock()).filter(({ scripts }) => scripts).map(({ name }) =>
    name
  );
  assert.deepEqual(wanting, ["cpu-features", "protobufjs", "ssh2"]);
  assert.deepEqual(
    listed().filter(({ script }) => script !== "").map(({ name }) => name),
    wanting,
  );
});
