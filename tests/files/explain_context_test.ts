import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { explainContext } from "../../src/files/explain_context.ts";
import { walkTree } from "../../src/files/filter.ts";
import { parseIgnoreFile } from "../../src/files/ignore_file.ts";
import { isDirectory } from "../../src/files/mode.ts";
import { virtualTree } from "../../src/files/virtual.ts";
import { resolveVirtualFiles } from "../../src/files/virtual_files.ts";

const FILES = {
  "Dockerfile": "x",
  "a.md": "12",
  "docs/a.md": "123",
  "docs/b/c.md": "1234",
  "docs/b/keep.md": "12345",
  "src/main.ts": "123456",
  "src/node_modules/x/index.js": "1234567",
};

async function explain(ignore: string | undefined, files: Record<string, string> = FILES) {
  const tree = virtualTree(await resolveVirtualFiles(files, undefined, "context"));
  const rules = ignore === undefined ? undefined : parseIgnoreFile(ignore);
  const found = explainContext(tree, rules && { name: ".dockerignore", rules });
  return { ...found, tree };
}

Deno.test("explainContext() says which rule decided each file", async () => {
  const { files, rules, sent, removed, folders } = await explain(
    "# all text\n**/*.md\n!docs/b/*\ndocs/b/c.md\n**/node_modules\nnothing",
  );
  assert.deepEqual(files.map(({ path, sent, line }) => [path, sent, line]), [
    ["Dockerfile", true, undefined],
    ["a.md", false, 2],
    ["docs/a.md", false, 2],
    ["docs/b/c.md", false, 4],
    ["docs/b/keep.md", true, 3],
    ["src/main.ts", true, undefined],
    ["src/node_modules/x/index.js", false, 5],
  ]);
  assert.deepEqual(
    rules.map(({ line, exception, files, bytes }) => [line, exception, files, bytes]),
    [[2, false, 2, 5], [3, true, 1, 5], [4, false, 1, 4], [5, false, 1, 7], [6, false, 0, 0]],
  );
  assert.deepEqual([sent, removed], [{ files: 3, bytes: 12 }, { files: 4, bytes: 16 }]);
  assert.deepEqual(Object.fromEntries([...folders].map(([path, { bytes }]) => [path, bytes])), {
    "": 12,
    "docs": 5,
    "docs/b": 5,
    "src": 6,
  });
});

Deno.test("explainContext() sends everything without an ignore file", async () => {
  const { files, ignoreFile, rules, removed } = await explain(undefined);
  assert.ok(files.every(({ sent }) => sent));
  assert.deepEqual([ignoreFile, rules, removed.files], [undefined, [], 0]);
});

Deno.test("explainContext() agrees with what a build sends", async () => {
  const lists = [
    "docs",
    "docs\n!docs/b",
    "*\n!src",
    "**\n!**/*.ts",
    "**/*.md\n!docs/*.md\ndocs/b",
    "src/node_modules\n!src/node_modules/x",
    "*/b/*\n!docs/b/keep.md",
    "docs/**\n!docs\ndocs/b",
    "",
  ];
  for (const list of lists) {
    const { files, tree } = await explain(list);
    const excludePatterns = parseIgnoreFile(list).map(({ pattern }) => pattern);
    const walked = [...walkTree(tree, { excludePatterns })].filter(({ mode }) => !isDirectory(mode))
      .map(({ path }) => path);
    assert.deepEqual(files.filter(({ sent }) => sent).map(({ path }) => path), walked, list);
  }
});

Deno.test("explainContext() names the line of a malformed rule", async () => {
  for (const rule of ["[", "!", "a[]"]) {
    await assert.rejects(explain(`ok\n${rule}`), (error) => {
      return error instanceof OptionError && error.option === ".dockerignore:2";
    }, rule);
  }
});
