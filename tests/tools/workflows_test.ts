/** What the files for GitHub name is there: tasks, files, targets, versions. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TARGETS } from "../../tools/compile.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function workflows(): Array<{ path: string; text: string }> {
  return readdirSync(join(ROOT, ".github/workflows"))
    .map((name) => `.github/workflows/${name}`).map((path) => ({ path, text: textOf(path) }));
}

Deno.test("workflows run tasks and files that exist", () => {
  const { tasks } = JSON.parse(textOf("deno.json"));
  const wrong = workflows().flatMap(({ path, text }) =>
    [
      ...[...text.matchAll(/\bdeno task (\w+)/g)].map((match) => match[1]!)
        .filter((task) => !Object.hasOwn(tasks, task)),
      ...[...text.matchAll(/(?<![\w/-])((?:\.ci|tools|tests)\/[\w./-]+)/g)].map((match) =>
        match[1]!
      )
        .filter((file) => !existsSync(join(ROOT, file))),
    ].map((name) => `${path}: ${name}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("workflows pin each action to a version", () => {
  const uses = workflows().flatMap(({ text }) =>
    [...text.matchAll(/^\s*- uses: (.*)$/gm)].map((match) => match[1]!)
  );
  assert(uses.length > 10, `${uses.length} actions`);
  assert.deepEqual(uses.filter((name) => !/^[\w-]+\/[\w-]+@v\d+$/.test(name)), []);
});

Deno.test("the release compiles every target, and packs those of its image", () => {
  const text = textOf(".github/workflows/release.yml");
  const targets = [...text.matchAll(/\btarget: ([\w-]+) \}/g)].map((match) => match[1]!);
  assert.deepEqual(targets.sort(), Object.keys(TARGETS).sort());
  const names = Object.values(TARGETS);
  for (const [, arch] of /--platform (\S+)/.exec(text)![1]!.matchAll(/linux\/(\w+)/g)) {
    assert(names.includes(`moat-build-linux-${arch}`), `nothing is compiled for ${arch}`);
  }
});

Deno.test("one version of Deno is named everywhere", () => {
  const versions = new Map([
    [".ci/run", /deno@([\d.]+)/],
    [".github/workflows/release.yml", /DENO_VERSION: v([\d.]+)/],
    ["README.md", /deno@([\d.]+)/],
    ["CONTRIBUTING.md", /deno@([\d.]+)/],
  ]);
  const found = [...versions].map(([path, version]) => version.exec(textOf(path))?.[1]);
  assert.match(found[0] ?? "", /^\d+\.\d+\.\d+$/);
  assert.deepEqual(found, found.map(() => found[0]));
});

Deno.test("the changelog has a place for what comes next", () => {
  assert.match(textOf("CHANGELOG.md"), /^## (?:Unreleased|\d+\.\d+\.\d+ )/m);
});
