import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { openInputs } from "../../src/context/open_inputs.ts";
import type { FileTree } from "../../src/files/tree.ts";
import type { BuildOptions, ContextSource, VirtualFiles } from "../../src/types.ts";
import { folderOf } from "../build/support.ts";

const dockerfile = "FROM scratch";

async function keyOf(context: BuildOptions["context"], rest: BuildOptions = {}): Promise<string> {
  const options = { dockerfile, ...rest, ...(context !== undefined && { context }) };
  return (await openInputs(options)).sharedKey;
}

function contentOf(tree: FileTree | undefined, path: string): string {
  const content = tree!.open(path);
  try {
    const bytes = new Uint8Array(1000);
    return new TextDecoder().decode(bytes.subarray(0, content.read(bytes)));
  } finally {
    content.close();
  }
}

Deno.test("openInputs() makes one key of one place, and fit for a header", async () => {
  await using folder = folderOf({ "ü/a": "", "other/ü/a": "", Dockerfile: "" });
  const place = join(folder.path, "ü");
  const key = await keyOf(place);
  assert.match(key, /^[0-9a-f]{64}$/);
  const again: ContextSource[] = [
    `${place}/`,
    `${folder.path}/other/../ü`,
    new URL(`file://${place}`),
  ];
  for (const source of again) assert.equal(await keyOf(source), key);
  const Dockerfile = { path: join(folder.path, "Dockerfile") };
  assert.equal(await keyOf(place, { dockerfile: Dockerfile }), key);
  for (const source of [folder.path, join(folder.path, "other/ü"), {}]) {
    assert.notEqual(await keyOf(source), key);
  }
});

const KEYS: [name: string, one: ContextSource[], other: ContextSource[], equal: boolean][] = [
  ["content", [{ a: "1" }], [{ a: "2" }], true],
  ["the order of names", [{ a: "", b: "" }], [{ b: "", a: "" }], true],
  ["names", [{ a: "" }], [{ b: "" }], false],
  ["names over a folder", [".", { a: "" }], [".", { b: "" }], true],
  ["files over a folder", ["."], [".", { b: "" }], true],
  ["folders", [".", "src"], [".", "tests"], false],
];

for (const [name, one, other, equal] of KEYS) {
  Deno.test(`openInputs() makes ${equal ? "one key" : "keys"} of different ${name}`, async () => {
    assert.equal(await keyOf(one) === await keyOf(other), equal);
  });
}

Deno.test("openInputs() takes the working directory by default", async () => {
  await using folder = folderOf({ Dockerfile: dockerfile });
  const before = process.cwd();
  process.chdir(folder.path);
  try {
    const { trees, filename } = await openInputs({});
    assert.equal(filename, "Dockerfile");
    assert.equal(contentOf(trees.get("context"), "Dockerfile"), dockerfile);
    assert.deepEqual([...trees.keys()], ["context", "dockerfile"]);
  } finally {
    process.chdir(before);
  }
});

Deno.test("openInputs() takes no files where the Dockerfile is content", async () => {
  const { trees, filename } = await openInputs({ dockerfile });
  assert.deepEqual(trees.get("context")!.list(""), []);
  assert.equal(contentOf(trees.get("dockerfile"), filename), dockerfile);
});

/** Which file of a folder or of files in memory is the Dockerfile by default. */
const NAMES: [files: Record<string, string>, filename: string][] = [
  [{ Dockerfile: "1" }, "Dockerfile"],
  [{ dockerfile: "1" }, "dockerfile"],
  [{ dockerfile: "1", Dockerfile: "2" }, "Dockerfile"],
];

for (const [files, expected] of NAMES) {
  Deno.test(`openInputs() finds ${expected} among ${Object.keys(files)}`, async () => {
    await using folder = folderOf(files);
    for (const context of [folder.path, files as VirtualFiles]) {
      assert.equal((await openInputs({ context })).filename, expected);
    }
  });
}

Deno.test("openInputs() keeps a Dockerfile as it was, beside its folder", async () => {
  await using folder = folderOf({
    "d/App": dockerfile,
    "d/App.dockerignore": "x",
    "d/part": "included",
  });
  const path = join(folder.path, "d/App");
  const { trees, filename } = await openInputs({ context: {}, dockerfile: { path } });
  assert.equal(filename, "App");
  const tree = trees.get("dockerfile");
  assert.deepEqual(tree!.list("")!.sort(), ["App", "App.dockerignore", "part"]);
  assert.equal(contentOf(tree, "part"), "included");
  assert.notEqual(tree!.stat("App")!.modTime, 0n);
  assert(tree!.stat("App")!.modTime < 1_000_000_000n);
});

Deno.test("openInputs() follows a Dockerfile that is a symlink", async () => {
  await using folder = folderOf({ real: dockerfile });
  symlinkSync("real", join(folder.path, "link"));
  const { trees, filename } = await openInputs({
    context: {},
    dockerfile: { path: join(folder.path, "link") },
  });
  assert.equal(filename, "link");
  assert.equal(contentOf(trees.get("dockerfile"), "link"), dockerfile);
});
