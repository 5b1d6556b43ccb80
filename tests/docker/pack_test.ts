/** Archives are read back by the system's tar, and by the file lists it prints. */
import assert from "node:assert/strict";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { packContext } from "../../src/docker/pack.ts";
import { FileError } from "../../src/errors.ts";
import { openDirectory } from "../../src/files/directory.ts";
import { resolveVirtualFiles, virtualTree } from "../../src/files/virtual.ts";
import type { FileTree } from "../../src/files/tree.ts";
import { runOk } from "../support/process.ts";
import { type TempFolder, tempFolder } from "../support/temp_folder.ts";

async function virtual(files: Record<string, string>): Promise<FileTree> {
  return virtualTree(await resolveVirtualFiles(files));
}

/** Packs and unpacks again; also says where the Dockerfile is. */
async function repack(
  context: FileTree,
  dockerfile: FileTree = context,
  filename = "Dockerfile",
): Promise<TempFolder & { dockerfilePath: string }> {
  const folder = tempFolder();
  const { dockerfilePath, chunks } = packContext({ context, dockerfile, filename });
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks()) parts.push(chunk);
  const archive = join(folder.path, "archive.tar");
  writeFileSync(archive, concat(parts));
  const path = join(folder.path, "out");
  mkdirSync(path);
  await runOk("tar", ["-xpf", archive, "-C", path]);
  return { path, dockerfilePath, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

function concat(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

function names(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
}

Deno.test("packContext() keeps names, modes, times, links and content", async () => {
  await using folder = tempFolder();
  const long = `${"d".repeat(90)}/${"e".repeat(90)}/${"f".repeat(200)}`;
  const at = (path: string) => join(folder.path, path);
  mkdirSync(join(at(long), ".."), { recursive: true });
  writeFileSync(at("Dockerfile"), "FROM scratch\n");
  writeFileSync(at(long), "long");
  writeFileSync(at("ünï 漢.txt"), "unicode");
  writeFileSync(at("run.sh"), "x".repeat(513));
  writeFileSync(at("empty"), "");
  chmodSync(at("run.sh"), 0o4755);
  utimesSync(at("run.sh"), 1_600_000_000, 1_600_000_000);
  // Deno's utimes takes no time before 1970.
  await runOk("touch", ["-d", "@-5", at("empty")]);
  linkSync(at("run.sh"), at("zz-hard"));
  symlinkSync("t".repeat(150), at("symlink"));
  mkdirSync(at("folder"), { mode: 0o700 });

  await using out = await repack(openDirectory(folder.path));

  assert.deepEqual(names(out.path), names(folder.path));
  const to = (path: string) => join(out.path, path);
  for (const name of names(folder.path)) {
    const [had, has] = [lstatSync(at(name)), lstatSync(to(name))];
    assert.equal(has.mode, had.mode, name);
    if (had.isFile()) assert.deepEqual(readFileSync(to(name)), readFileSync(at(name)), name);
  }
  assert.equal(readlinkSync(to("symlink")), "t".repeat(150));
  assert.equal(lstatSync(to("zz-hard")).ino, lstatSync(to("run.sh")).ino);
  assert.equal(lstatSync(to("run.sh")).mtimeMs, 1_600_000_000_000);
  assert.equal(lstatSync(to("empty")).mtimeMs, -5_000);
});

Deno.test("packContext() streams a file bigger than its chunks", async () => {
  await using folder = tempFolder();
  const content = new Uint8Array(3_000_001).map((_, i) => i % 251);
  writeFileSync(join(folder.path, "Dockerfile"), "FROM scratch\n");
  writeFileSync(join(folder.path, "big"), content);
  const { chunks } = packContext({
    context: openDirectory(folder.path),
    dockerfile: openDirectory(folder.path),
    filename: "Dockerfile",
  });
  let largest = 0;
  for await (const chunk of chunks()) largest = Math.max(largest, chunk.length);
  assert(largest <= 256 << 10, `a chunk of ${largest} bytes`);
  await using out = await repack(openDirectory(folder.path));
  assert.deepEqual(readFileSync(join(out.path, "big")), readFileSync(join(folder.path, "big")));
});

Deno.test("packContext() sends an ignored Dockerfile, which the engine takes away", async () => {
  const ignore = "Dockerfile\n.dockerignore\nsecret\n";
  const context = await virtual({
    Dockerfile: "FROM a",
    ".dockerignore": ignore,
    secret: "",
    a: "",
  });
  await using out = await repack(context);
  assert.equal(out.dockerfilePath, "Dockerfile");
  assert.deepEqual(names(out.path), [".dockerignore", "Dockerfile", "a"]);
  assert.equal(readFileSync(join(out.path, ".dockerignore"), "utf8"), ignore);
});

Deno.test("packContext() has the engine take away a Dockerfile from elsewhere", async () => {
  const context = await virtual({ Dockerfile: "the context's", a: "" });
  await using out = await repack(context, await virtual({ "x.txt": "FROM a" }), "x.txt");
  const path = out.dockerfilePath;
  assert.match(path, /^\.dockerfile\.[0-9a-f]{20}$/);
  assert.deepEqual(names(out.path), [path, ".dockerignore", "Dockerfile", "a"].sort());
  assert.equal(readFileSync(join(out.path, path), "utf8"), "FROM a");
  assert.equal(readFileSync(join(out.path, ".dockerignore"), "utf8"), `.dockerignore\n${path}\n`);
});

Deno.test("packContext() takes the ignore file that belongs to the Dockerfile", async () => {
  const context = await virtual({ ".dockerignore": "a", a: "", b: "", Dockerfile: "x" });
  const dockerfile = await virtual({ "x.txt": "FROM a", "x.txt.dockerignore": "b" });
  await using out = await repack(context, dockerfile, "x.txt");
  const path = out.dockerfilePath;
  assert.deepEqual(names(out.path), [path, ".dockerignore", "Dockerfile", "a"].sort());
  // It is not ignored, so it stays; the line that is added takes the Dockerfile away.
  assert.equal(readFileSync(join(out.path, ".dockerignore"), "utf8"), `a\n${path}\n`);
});

Deno.test("packContext() leaves the context's files alone where the engine will", async () => {
  const files = { ".dockerignore": "a\n", a: "", b: "", x: "FROM a", "x.dockerignore": "b" };
  await using out = await repack(await virtual(files), await virtual(files), "x");
  assert.equal(out.dockerfilePath, "x");
  assert.deepEqual(names(out.path), [".dockerignore", "a", "x", "x.dockerignore"]);
  assert.equal(readFileSync(join(out.path, ".dockerignore"), "utf8"), "a\n");
});

Deno.test("packContext() follows a Dockerfile that is a symlink", async () => {
  await using folder = tempFolder();
  mkdirSync(join(folder.path, "deploy"));
  writeFileSync(join(folder.path, "deploy/prod"), "FROM prod");
  symlinkSync("deploy/prod", join(folder.path, "Dockerfile"));
  await using out = await repack(openDirectory(folder.path));
  assert.equal(readFileSync(join(out.path, out.dockerfilePath), "utf8"), "FROM prod");
  assert.equal(readlinkSync(join(out.path, "Dockerfile")), "deploy/prod");
});

Deno.test("packContext() fails by the name of a file that shrinks while it is read", async () => {
  await using folder = tempFolder();
  const path = join(folder.path, "big");
  writeFileSync(path, new Uint8Array(1 << 20));
  const context = openDirectory(folder.path);
  const { chunks } = packContext({ context, dockerfile: context, filename: "Dockerfile" });
  await assert.rejects(
    async () => {
      for await (const _ of chunks()) truncateSync(path, 1000);
    },
    (error) => error instanceof FileError && error.code === "FILE_CHANGED" && error.path === "big",
  );
});
