import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isRequestable, type TreeFilter, walkTree } from "../../src/files/filter.ts";
import { followLinks } from "../../src/files/follow_links.ts";
import type { FileStat } from "../../src/files/tree.ts";
import { specTree, type TreeSpec } from "./spec_tree.ts";

/** Trees, filters, and what fsutil sends: paths, with ` = ` and the first name for a hard link. */
const VECTORS = new URL("./testdata/walks.jsonl", import.meta.url);

const TREE: TreeSpec = {
  "a": "dir",
  "a/x": "file",
  "a/y": "dir",
  "a/y/z.md": "file",
  "a-b": "file",
  "b.md": "file",
  "empty": "dir",
};

const FILTERS: ReadonlyArray<[name: string, filter: TreeFilter, left: string[]]> = [
  ["nothing", {}, ["a", "a/x", "a/y", "a/y/z.md", "a-b", "b.md", "empty"]],
  ["nothing for empty lists", { includePatterns: [], excludePatterns: [], followPaths: [] }, [
    "a",
    "a/x",
    "a/y",
    "a/y/z.md",
    "a-b",
    "b.md",
    "empty",
  ]],
  ["all but what is included", { includePatterns: ["a-b"] }, ["a-b"]],
  ["directories without anything wanted", { includePatterns: ["**/*.md"] }, [
    "a",
    "a/y",
    "a/y/z.md",
    "b.md",
  ]],
  ["what is excluded", { excludePatterns: ["a", "empty"] }, ["a-b", "b.md"]],
  ["all but exceptions", { excludePatterns: ["*", "!a/y"] }, ["a", "a/y", "a/y/z.md"]],
  ["all but what passes both lists", { includePatterns: ["a"], excludePatterns: ["a/y"] }, [
    "a",
    "a/x",
  ]],
  ["all but followed paths", { followPaths: ["a/x", "nope"] }, ["a", "a/x"]],
  ["all if followed paths are missing", { followPaths: ["nope"] }, []],
  ["nothing by followed paths that include the root", {
    followPaths: ["a/x", "/"],
    excludePatterns: ["a"],
  }, [
    "a-b",
    "b.md",
    "empty",
  ]],
  ["all but included and followed paths", { includePatterns: ["a-b"], followPaths: ["empty"] }, [
    "a-b",
    "empty",
  ]],
  ["all for a blank list", { includePatterns: [" "] }, []],
];

for (const [name, filter, left] of FILTERS) {
  Deno.test(`walkTree() leaves out ${name}`, () => {
    assert.deepEqual(walk(TREE, filter), left);
  });
}

const LINKS: TreeSpec = {
  "a": "file",
  "b": "= a",
  "c": "= a",
  "s": "-> a",
  "t": "= s",
  "x": "file",
};

const LINK_CASES: ReadonlyArray<[name: string, filter: TreeFilter, left: string[]]> = [
  ["the first name", {}, ["a", "b = a", "c = a", "s", "t", "x"]],
  ["the first name that is left", { excludePatterns: ["a"] }, ["b", "c = b", "s", "t", "x"]],
  ["the only name that is left", { includePatterns: ["c"] }, ["c"]],
];

for (const [name, filter, left] of LINK_CASES) {
  Deno.test(`walkTree() gives a file's content to ${name}`, () => {
    assert.deepEqual(walk(LINKS, filter), left);
  });
}

Deno.test("walkTree() leaves a hard link its size and a hard-linked symlink its target", () => {
  const [, link, , , symlink] = [...walkTree(specTree(LINKS))];
  assert.deepEqual([link!.size, link!.mode, isRequestable(link!)], [7, 0o644, true]);
  assert.deepEqual([symlink!.path, symlink!.linkname], ["t", "a"]);
});

Deno.test("walkTree() disguises a socket as a file, and nothing else", () => {
  const stats = [...walkTree(specTree({ d: "device", p: "fifo", s: "socket", t: "= s" }))];
  assert.deepEqual(stats.map(isRequestable), [false, false, true, true]);
  assert.deepEqual(stats.map((s) => s.linkname), ["", "", "", "s"]);
});

Deno.test("walkTree() leaves out just what vanished", () => {
  const spec = { "a": "emptied", "a/b": "file", "b": "vanished", "c": "file" };
  assert.deepEqual(walk(spec), ["a", "c"]);
});

Deno.test("walkTree() says that the root vanished", () => {
  const tree = { ...specTree({}), list: () => undefined };
  assert.throws(() => [...walkTree(tree)], { code: "FILE_NOT_FOUND" });
});

const UNREADABLE: TreeSpec = { "a": "file", "d": "unreadable" };

const UNREADABLE_CASES: ReadonlyArray<[name: string, filter: TreeFilter, fails: boolean]> = [
  ["matters", {}, true],
  ["might hold what is included", { includePatterns: ["**/a"] }, true],
  ["holds what is included", { includePatterns: ["a", "d/x"] }, true],
  ["holds an exception", { excludePatterns: ["d", "!d/x"] }, true],
  ["is not included", { includePatterns: ["a"] }, false],
  ["is excluded", { excludePatterns: ["d"] }, false],
  ["is excluded, whatever exceptions there are", { excludePatterns: ["d", "!**/x"] }, false],
];

for (const [name, filter, fails] of UNREADABLE_CASES) {
  Deno.test(`walkTree() ${fails ? "fails" : "goes on"} if an unreadable directory ${name}`, () => {
    if (fails) assert.throws(() => walk(UNREADABLE, filter), { code: "FILE_UNREADABLE" });
    else assert.deepEqual(walk(UNREADABLE, filter), ["a"]);
  });
}

const NAMES: ReadonlyArray<
  [name: string, path: string, kind: string, filter: TreeFilter, fails: boolean]
> = [
  ["is garbled", "a\ufffd", "vanished", {}, true],
  ["is garbled, but excluded", "a\ufffd", "vanished", { excludePatterns: ["a?"] }, false],
  ["has U+FFFD", "a\ufffd", "file", {}, false],
  ["has half a surrogate pair", "a\ud800", "file", {}, true],
  ["has control characters", "a\n\x01", "file", {}, false],
];

for (const [name, path, kind, filter, fails] of NAMES) {
  Deno.test(`walkTree() ${fails ? "refuses" : "takes"} a name that ${name}`, () => {
    if (!fails) walk({ [path]: kind }, filter);
    else assert.throws(() => walk({ [path]: kind }, filter), { code: "FILE_NAME_UNSUPPORTED" });
  });
}

Deno.test("walkTree() does not look at what the filter rules out", () => {
  const asked: string[] = [];
  const tree = specTree({ ...TREE, "node_modules": "dir", "node_modules/x": "file" }, asked);
  const filter = { excludePatterns: ["node_modules", "*.md"] };
  assert.equal([...walkTree(tree, filter)].length, 6);
  assert.deepEqual(asked, ["a", "a/x", "a/y", "a/y/z.md", "a-b", "empty"]);
});

Deno.test("walkTree() resolves symlinks and refuses patterns before the first entry", () => {
  assert.throws(() => walkTree(specTree(TREE), { excludePatterns: ["["] }), {
    code: "INVALID_OPTION",
  });
});

Deno.test("walkTree() and followLinks() agree with Go on every recorded tree", () => {
  let walks = 0;
  for (const line of readFileSync(VECTORS, "utf8").trimEnd().split("\n")) {
    const recorded = JSON.parse(line);
    for (const { include, exclude, follow, followed, result } of recorded.walks) {
      const filter = { includePatterns: include, excludePatterns: exclude, followPaths: follow };
      const context = JSON.stringify({ tree: recorded.tree, ...filter });
      if (follow !== undefined) {
        assert.deepEqual(followLinks(specTree(recorded.tree), follow) ?? null, followed, context);
      }
      assert.deepEqual(walk(recorded.tree, filter), result, context);
      walks++;
    }
  }
  assert.equal(walks, 420);
});

function walk(spec: TreeSpec, filter?: TreeFilter): string[] {
  return Array.from(walkTree(specTree(spec), filter), describe);
}

function describe(stat: FileStat): string {
  return isRequestable(stat) && stat.linkname !== ""
    ? `${stat.path} = ${stat.linkname}`
    : stat.path;
}
