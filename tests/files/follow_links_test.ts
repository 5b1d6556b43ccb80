import assert from "node:assert/strict";
import { followLinks, withoutNested } from "../../src/files/follow_links.ts";
import { specTree, type TreeSpec } from "./spec_tree.ts";

const TREE: TreeSpec = {
  "dir": "dir",
  "dir/file": "file",
  "dir/up": "-> ../other/file",
  "dir/loop": "-> loop",
  "dir/mutual": "-> ../mutual",
  "dir/out": "-> ../../../other",
  "dir/sub": "-> ../other",
  "mutual": "-> dir/mutual",
  "grow": "-> grow/more",
  "absolute": "-> /dir/file",
  "chain": "-> dir/up",
  "toroot": "-> .",
  "wild": "-> dir/l*",
  "other": "dir",
  "other/file": "file",
};

const CASES: ReadonlyArray<[name: string, paths: string[], found: string[] | undefined]> = [
  ["a plain file", ["dir/file"], ["dir/file"]],
  ["a missing file", ["nope/a"], ["nope/a"]],
  ["a relative link", ["dir/up"], ["dir/up", "other/file"]],
  ["an absolute link from the root", ["absolute"], ["absolute", "dir/file"]],
  ["a chain", ["chain"], ["chain", "dir/up", "other/file"]],
  ["a link on the way", ["dir/sub/file"], ["dir/sub", "other/file"]],
  ["a link that would leave the root", ["dir/out/file"], ["dir/out", "other/file"]],
  ["a link to itself", ["dir/loop"], ["dir/loop"]],
  ["links in a circle", ["mutual/a"], ["dir/mutual", "mutual"]],
  ["a link below itself", ["grow"], ["grow"]],
  ["a wildcard", ["dir/*"], ["dir/*", "dir/loop", "dir/mutual", "mutual", "other"]],
  ["a wildcard without links", ["other/*"], ["other/*"]],
  ["an escaped wildcard", ["dir/\\*"], ["dir/\\*"]],
  ["a wildcard in the middle", ["d*/up"], ["d*/up"]],
  ["a wildcard below a file", ["dir/file/*"], ["dir/file/*"]],
  ["a wildcard in a target", ["wild"], ["dir/l*", "dir/loop", "wild"]],
  ["an absolute path", ["/dir/file/"], ["dir/file"]],
  ["a path above the root", ["../dir/up"], ["../dir/up"]],
  ["what lies below something else", ["dir", "dir/file"], ["dir"]],
  ["the root", ["dir", "."], undefined],
  ["the root by a link", ["toroot"], undefined],
  ["nothing", [], []],
];

for (const [name, paths, found] of CASES) {
  Deno.test(`followLinks() resolves ${name}`, () => {
    assert.deepEqual(followLinks(specTree(TREE), paths), found);
  });
}

Deno.test("followLinks() follows a hundred thousand links in a row", () => {
  const spec: Record<string, string> = {};
  for (let i = 0; i < 100_000; i++) spec[`l${i}`] = `-> l${i + 1}`;
  assert.equal(followLinks(specTree(spec), ["l0"])?.length, 100_001);
});

Deno.test("withoutNested() compares neighbours only", () => {
  assert.deepEqual(withoutNested(["a", "a/b", "a.txt", "a/c"]), ["a", "a.txt", "a/c"]);
  assert.equal(withoutNested(["a", "."]), undefined);
});
