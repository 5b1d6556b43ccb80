import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { FileError } from "../../src/errors.ts";
import { openDirectory } from "../../src/files/directory.ts";
import { overlayTrees } from "../../src/files/overlay.ts";
import type { FileTree } from "../../src/files/tree.ts";
import { resolveVirtualFiles, virtualTree } from "../../src/files/virtual.ts";
import type { VirtualFiles } from "../../src/types.ts";
import { tempFolder } from "../support/temp_folder.ts";

async function virtual(files: VirtualFiles): Promise<FileTree> {
  return virtualTree(await resolveVirtualFiles(files));
}

/** All of a tree as one object: content by path, a directory as `/`, a link as `-> target`. */
function dump(tree: FileTree, directory = ""): Record<string, string> {
  const all: Record<string, string> = {};
  for (const name of tree.list(directory)?.sort() ?? []) {
    const path = directory === "" ? name : `${directory}/${name}`;
    const stat = tree.stat(path)!;
    assert.equal(stat.path, path);
    if (stat.mode >= 0x80000000) Object.assign(all, { [path]: "/" }, dump(tree, path));
    else all[path] = stat.linkname === "" ? content(tree, path) : `-> ${stat.linkname}`;
  }
  return all;
}

function content(tree: FileTree, path: string): string {
  const file = tree.open(path);
  const bytes = new Uint8Array(1000);
  const text = new TextDecoder().decode(bytes.subarray(0, file.read(bytes)));
  file.close();
  return text;
}

const CASES: Array<
  [name: string, lower: VirtualFiles, upper: VirtualFiles, all: Record<string, string>]
> = [
  ["both empty", {}, {}, {}],
  ["an empty upper", { "a/b": "1" }, {}, { "a": "/", "a/b": "1" }],
  ["an empty lower", {}, { "a/b": "1" }, { "a": "/", "a/b": "1" }],
  ["different files", { a: "1" }, { b: "2" }, { a: "1", b: "2" }],
  ["the same file", { a: "1" }, { a: "2" }, { a: "2" }],
  ["the same directory", { "d/a": "1", "d/b": "1" }, { "d/b": "2", "d/c": "2" }, {
    "d": "/",
    "d/a": "1",
    "d/b": "2",
    "d/c": "2",
  }],
  ["a file over a directory", { "d/a/x": "1" }, { d: "2" }, { d: "2" }],
  ["a directory over a file", { d: "1" }, { "d/a": "2" }, { "d": "/", "d/a": "2" }],
  ["an empty directory over a file", { d: "1" }, { "d/": "" }, { d: "/" }],
  ["an empty directory over a full one", { "d/a": "1" }, { "d/": "" }, { "d": "/", "d/a": "1" }],
  ["a link over a directory", { "d/a": "1" }, { d: { symlink: "e" } }, { d: "-> e" }],
  ["a directory over a link", { "d": { symlink: "e" }, "e/x": "1" }, { "d/a": "2" }, {
    "d": "/",
    "d/a": "2",
    "e": "/",
    "e/x": "1",
  }],
  ["a link over a file", { a: "1" }, { a: { symlink: "b" } }, { a: "-> b" }],
  ["a deep file below a file", { "a": "1" }, { "a/b/c/d": "2" }, {
    "a": "/",
    "a/b": "/",
    "a/b/c": "/",
    "a/b/c/d": "2",
  }],
];

for (const [name, lower, upper, all] of CASES) {
  Deno.test(`overlayTrees() with ${name}`, async () => {
    assert.deepEqual(dump(overlayTrees(await virtual(lower), await virtual(upper))), all);
  });
}

Deno.test("overlayTrees() of three puts the last on top", async () => {
  const trees = [{ a: "1", b: "1", c: "1" }, { "b": "2", "c": "2" }, { "c/d": "3" }];
  const [first, ...others] = await Promise.all(trees.map(virtual));
  const all = others.reduce(overlayTrees, first!);
  assert.deepEqual(dump(all), { "a": "1", "b": "2", "c": "/", "c/d": "3" });
});

Deno.test("overlayTrees() does not show what a file hides, even when asked for it", async () => {
  const tree = overlayTrees(await virtual({ "d/e/a": "1" }), await virtual({ d: "2" }));
  assert.equal(tree.stat("d/e"), undefined);
  assert.equal(tree.stat("d/e/a"), undefined);
  assert.equal(tree.list("d"), undefined);
  assert.equal(tree.list("d/e"), undefined);
  assert.throws(() => tree.open("d/e/a"), FileError);
});

Deno.test("overlayTrees() never follows a link of the lower folder", async () => {
  await using temp = tempFolder();
  const [outside, context] = [join(temp.path, "outside"), join(temp.path, "context")];
  fs.mkdirSync(outside);
  fs.mkdirSync(context);
  fs.writeFileSync(join(outside, "secret"), "secret");
  fs.symlinkSync("../outside", join(context, "a"));
  const tree = overlayTrees(openDirectory(context), await virtual({ "a/b": "2" }));
  assert.deepEqual(dump(tree), { "a": "/", "a/b": "2" });
  assert.equal(tree.stat("a/secret"), undefined);
  assert.throws(() => tree.open("a/secret"), FileError);
});

Deno.test("overlayTrees() keeps a directory's own mode and time where the upper only passes through", async () => {
  const mtime = new Date(5000);
  const lower = await virtual({ "src/": { content: "", mode: 0o700, mtime }, "src/a": "1" });
  const passing = overlayTrees(lower, await virtual({ "src/b": "2" }));
  assert.deepEqual([passing.stat("src")?.mode, passing.stat("src")?.modTime], [
    0x800001c0,
    5_000_000_000n,
  ]);
  const explicit = overlayTrees(lower, await virtual({ "src/": { content: "", mode: 0o711 } }));
  assert.deepEqual([explicit.stat("src")?.mode, explicit.stat("src")?.modTime], [0x800001c9, 0n]);
});

Deno.test("overlayTrees() gives nothing for a directory that neither has", async () => {
  const tree = overlayTrees(await virtual({}), await virtual({}));
  assert.deepEqual(tree.list(""), []);
  assert.equal(tree.list("x"), undefined);
  assert.equal(tree.stat("x/y"), undefined);
});
