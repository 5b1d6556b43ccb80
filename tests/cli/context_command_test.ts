import assert from "node:assert/strict";
import { main } from "../../src/cli/main.ts";
import { folderOf } from "../build/support.ts";
import { fakeIo } from "./fake_io.ts";

const FILES = {
  ".dockerignore": "# text\n*.md\n!keep.md\n\nnode_modules\nnothing\n",
  "deploy.Dockerfile": "FROM scratch",
  "deploy.Dockerfile.dockerignore": "*\n!src\n",
  "keep.md": "keep",
  "read.md": "read it",
  "src/a/main.ts": "x".repeat(1500),
  "node_modules/x/index.js": "y".repeat(3_000_000),
};

async function list(argv: (folder: string) => string[]) {
  await using folder = folderOf(FILES);
  const io = fakeIo();
  const code = await main(["context", "ls", ...argv(folder.path)], io);
  return { code, out: io.out().replaceAll(folder.path, "FOLDER"), err: io.err() };
}

Deno.test("context ls shows what each rule decided and where the bytes are", async () => {
  const { code, out, err } = await list((folder) => [folder]);
  assert.equal(code, 0, err);
  assert.equal(
    out,
    `Context FOLDER, rules of .dockerignore
  would be sent  5 files, 1.57kB
  kept out       2 files, 3.00MB

What each rule decided
  line    files      size  rule
     2        1        7B  *.md
     3        1        4B  !keep.md  (brings back)
     5        1    3.00MB  node_modules
     6        0        0B  nothing  (decides nothing)

Largest folders sent
              1    1.50kB  src/
              1    1.50kB  src/a/

Largest files sent
                   1.50kB  src/a/main.ts
                      43B  .dockerignore
                      12B  deploy.Dockerfile
                       7B  deploy.Dockerfile.dockerignore
                       4B  keep.md
`,
  );
});

Deno.test("context ls -a lists every file with the line that decided", async () => {
  const { out } = await list((folder) => ["-a", "-f", `${folder}/deploy.Dockerfile`, folder]);
  assert.deepEqual(out.trimEnd().split("\n").map((line) => line.trim().split(/\s+/)), [
    ["1", "out", "43B", ".dockerignore"],
    ["1", "out", "12B", "deploy.Dockerfile"],
    ["1", "out", "7B", "deploy.Dockerfile.dockerignore"],
    ["1", "out", "4B", "keep.md"],
    ["1", "out", "3.00MB", "node_modules/x/index.js"],
    ["1", "out", "7B", "read.md"],
    ["2", "send", "1.50kB", "src/a/main.ts"],
  ]);
});

Deno.test("context ls --json prints what explainContext() finds", async () => {
  const found = JSON.parse((await list((folder) => ["--json", folder])).out);
  assert.deepEqual(Object.keys(found), [
    "context",
    "ignoreFile",
    "sent",
    "removed",
    "rules",
    "folders",
    "files",
  ]);
  assert.deepEqual(found.removed, { files: 2, bytes: 3_000_007 });
  assert.deepEqual(found.files.at(-2), { path: "read.md", bytes: 7, sent: false, line: 2 });
});

Deno.test("context refuses what it doesn't know", async () => {
  const url = "https://example.com/a.git";
  for (const argv of [[], ["rm"], ["ls", "a", "b"], ["ls", "/nowhere/at/all"], ["ls", url]]) {
    assert.equal(await main(["context", ...argv], fakeIo()), 2, argv.join(" "));
  }
});
