import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import process from "node:process";
import { FileError } from "../../src/errors.ts";
import { openDirectory } from "../../src/files/directory.ts";
import type { FileStat } from "../../src/files/tree.ts";
import { tempFolder } from "../support/temp_folder.ts";

const unix = process.platform !== "win32";
const root = unix && process.getuid?.() === 0;

function fileError(code: string, text: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof FileError, String(error));
    assert.equal(error.code, code);
    assert.ok(error.message.includes(text), error.message);
    return true;
  };
}

Deno.test("openDirectory() describes a file", async () => {
  await using temp = tempFolder();
  const file = join(temp.path, "a.txt");
  fs.writeFileSync(file, "hello", { mode: 0o640 });
  fs.utimesSync(file, 1_700_000_000.125, 1_700_000_000.125);
  assert.deepEqual(openDirectory(temp.path).stat("a.txt"), {
    path: "a.txt",
    mode: 0o640,
    size: 5,
    modTime: 1_700_000_000_125_000_000n,
    linkname: "",
    devmajor: 0,
    devminor: 0,
    identity: undefined,
  });
});

/** Go's mode bits of what a command makes at `$f`. */
const MODES: Array<[what: string, command: string, mode: number, needsRoot?: boolean]> = [
  ["a directory", "mkdir -m 0750 $f", 0x80000000 + 0o750],
  ["a sticky directory", "mkdir $f; chmod 1777 $f", 0x80100000 + 0o777],
  ["a file with all special bits", "touch $f; chmod 7755 $f", 0x00d00000 + 0o755],
  ["a file without any permission", "touch $f; chmod 0 $f", 0],
  ["a link", "ln -s nowhere $f", 0x08000000 + 0o777],
  ["a pipe", "mkfifo -m 0600 $f", 0x02000000 + 0o600],
  ["a character device", "mknod -m 0666 $f c 1 3", 0x04200000 + 0o666, true],
  ["a block device", "mknod -m 0660 $f b 259 70000", 0x04000000 + 0o660, true],
];

for (const [what, command, mode, needsRoot] of MODES) {
  const ignore = !unix || (needsRoot && !root);
  Deno.test(`openDirectory() gives the mode of ${what}`, { ignore: ignore ?? false }, async () => {
    await using temp = tempFolder();
    execFileSync("sh", ["-c", command], { env: { ...process.env, f: join(temp.path, "f") } });
    assert.equal(openDirectory(temp.path).stat("f")?.mode, mode);
  });
}

Deno.test("openDirectory() gives a device's numbers", { ignore: !root }, async () => {
  await using temp = tempFolder();
  execFileSync("mknod", [join(temp.path, "null"), "c", "1", "3"]);
  execFileSync("mknod", [join(temp.path, "big"), "b", "259", "70000"]);
  const numbers = (stat?: FileStat) => [stat?.devmajor, stat?.devminor];
  assert.deepEqual(numbers(openDirectory(temp.path).stat("null")), [1, 3]);
  assert.deepEqual(numbers(openDirectory(temp.path).stat("big")), [259, 70000]);
});

Deno.test(
  "openDirectory() sees a socket as one, and cannot open it",
  { ignore: !unix },
  async () => {
    await using temp = tempFolder();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(temp.path, "s"), resolve));
    try {
      const tree = openDirectory(temp.path);
      assert.equal(tree.stat("s")!.mode & 0x8f280000, 0x01000000);
      assert.equal(tree.stat("s")!.size, 0);
      assert.throws(() => tree.open("s"), FileError);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  },
);

Deno.test("openDirectory() gives a link's target and its length", async () => {
  await using temp = tempFolder();
  fs.symlinkSync("../ü/away", join(temp.path, "link"));
  const stat = openDirectory(temp.path).stat("link");
  assert.equal(stat?.linkname, "../ü/away");
  assert.equal(stat?.size, 10);
});

Deno.test("openDirectory() names a file of several names", async () => {
  await using temp = tempFolder();
  fs.writeFileSync(join(temp.path, "a"), "");
  fs.writeFileSync(join(temp.path, "c"), "");
  fs.linkSync(join(temp.path, "a"), join(temp.path, "b"));
  const tree = openDirectory(temp.path);
  assert.ok(tree.stat("a")?.identity);
  assert.equal(tree.stat("a")?.identity, tree.stat("b")?.identity);
  assert.equal(tree.stat("c")?.identity, undefined);
});

Deno.test("openDirectory() gives a directory no size and no identity", async () => {
  await using temp = tempFolder();
  fs.mkdirSync(join(temp.path, "d/e"), { recursive: true });
  const stat = openDirectory(temp.path).stat("d");
  assert.equal(stat?.size, 0);
  assert.equal(stat?.identity, undefined);
});

Deno.test("openDirectory() gives times before the epoch", { ignore: !unix }, async () => {
  await using temp = tempFolder();
  execFileSync("touch", ["-d", "@-1000", join(temp.path, "old")]);
  assert.equal(openDirectory(temp.path).stat("old")?.modTime, -1_000_000_000_000n);
});

Deno.test("openDirectory() lists names of all kinds", async () => {
  await using temp = tempFolder();
  const names = ["a b", "ü", "🦕", "new\nline", ".hidden", "x".repeat(255)];
  for (const name of names) fs.writeFileSync(join(temp.path, name), name);
  const tree = openDirectory(temp.path);
  assert.deepEqual(tree.list("")?.sort(), names.sort());
  for (const name of names) assert.equal(tree.stat(name)?.size, Buffer.byteLength(name));
});

Deno.test("openDirectory() passes over what is not there", async () => {
  await using temp = tempFolder();
  fs.writeFileSync(join(temp.path, "file"), "");
  const tree = openDirectory(temp.path);
  assert.equal(tree.stat("gone"), undefined);
  assert.equal(tree.stat("file/below"), undefined);
  assert.equal(tree.list("gone"), undefined);
  assert.equal(tree.list("file"), undefined);
});

Deno.test("openDirectory() reads files through", async () => {
  await using temp = tempFolder();
  fs.mkdirSync(join(temp.path, "d"));
  fs.writeFileSync(join(temp.path, "d/f"), "0123456789");
  const content = openDirectory(temp.path).open("d/f");
  const bytes = new Uint8Array(7);
  assert.equal(content.read(bytes), 7);
  assert.equal(content.read(bytes), 3);
  assert.equal(new TextDecoder().decode(bytes), "7893456");
  assert.equal(content.read(bytes), 0);
  content.close();
  content.close();
});

Deno.test("openDirectory() notices a file that changes while it is read", async () => {
  await using temp = tempFolder();
  const file = join(temp.path, "f");
  fs.writeFileSync(file, "0123456789");
  const tree = openDirectory(temp.path);
  const stat = tree.stat("f")!;
  const content = tree.open("f");
  try {
    assert.ok(content.unchanged(stat));
    fs.utimesSync(file, 1, 1);
    assert.ok(!content.unchanged(stat));
    assert.ok(content.unchanged(tree.stat("f")!));
    fs.appendFileSync(file, "x");
    fs.utimesSync(file, 1, 1);
    assert.ok(!content.unchanged({ ...stat, modTime: 1_000_000_000n }));
  } finally {
    content.close();
  }
});

Deno.test("openDirectory() names a file that is gone", async () => {
  await using temp = tempFolder();
  const tree = openDirectory(temp.path);
  assert.throws(() => tree.open("gone"), fileError("FILE_NOT_FOUND", join(temp.path, "gone")));
});

Deno.test("openDirectory() resolves the folder's own links once", async () => {
  await using temp = tempFolder();
  for (const name of ["one", "two"]) {
    fs.mkdirSync(join(temp.path, name));
    fs.writeFileSync(join(temp.path, name, "f"), name);
  }
  const link = join(temp.path, "current");
  fs.symlinkSync("one", link);
  const tree = openDirectory(link);
  assert.equal(tree.label, fs.realpathSync(join(temp.path, "one")));
  fs.unlinkSync(link);
  fs.symlinkSync("two", link);
  assert.equal(tree.stat("f")?.size, 3);
  assert.equal(tree.list("")?.length, 1);
});

Deno.test("openDirectory() takes a relative path", async () => {
  await using temp = tempFolder();
  fs.writeFileSync(join(temp.path, "f"), "x");
  const tree = openDirectory(relative(process.cwd(), temp.path));
  assert.equal(tree.stat("f")?.size, 1);
});

Deno.test("openDirectory() takes the root of the filesystem", { ignore: !unix }, () => {
  assert.ok(openDirectory("/").list("")?.includes("usr"));
  assert.ok(openDirectory("/").stat("usr"));
});

Deno.test("openDirectory() refuses what is no folder", async () => {
  await using temp = tempFolder();
  const file = join(temp.path, "file");
  fs.writeFileSync(file, "");
  fs.symlinkSync("nowhere", join(temp.path, "dangling"));
  assert.throws(() => openDirectory(file), fileError("FILE_NOT_FOUND", "it is a file"));
  for (const name of ["gone", "dangling", "file/below"]) {
    const path = join(temp.path, name);
    assert.throws(() => openDirectory(path), fileError("FILE_NOT_FOUND", path));
  }
});

/** What a program may see that has read access to one path only. */
const PROBE = `
  import { openDirectory } from ${
  JSON.stringify(import.meta.resolve("../../src/files/directory.ts"))
};
  const tree = openDirectory(Deno.args[0]);
  const content = tree.open("f");
  const count = content.read(new Uint8Array(9));
  const same = content.unchanged(tree.stat("f"));
  content.close();
  console.log(JSON.stringify([tree.label, tree.list(""), count, same, tree.stat("l").linkname]));
`;

/**
 * Runs the probe with just these permissions. By `Deno.Command`, as `node:child_process` passes on to a Deno it starts
 * all permissions that it has itself.
 */
function probe(folder: string, ...permissions: string[]): { stdout: string; stderr: string } {
  const file = join(folder, "../probe.ts");
  fs.writeFileSync(file, PROBE);
  const args = ["run", "--no-prompt", "--no-config", ...permissions, file, folder];
  const { stdout, stderr } = new Deno.Command(Deno.execPath(), { args }).outputSync();
  const decoder = new TextDecoder();
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

for (const name of ["ctx", "link"]) {
  Deno.test(`openDirectory() needs read access to its folder only, given as ${name}`, {
    ignore: !unix,
  }, async () => {
    await using temp = tempFolder();
    const folder = join(temp.path, "ctx");
    fs.mkdirSync(folder);
    fs.writeFileSync(join(folder, "f"), "hello");
    fs.symlinkSync("f", join(folder, "l"));
    fs.symlinkSync("ctx", join(temp.path, "link"));
    const given = join(temp.path, name);
    const { stdout, stderr } = probe(given, `--allow-read=${given}`);
    assert.equal(stderr, "");
    const [label, names, ...rest] = JSON.parse(stdout);
    assert.equal(label, given);
    assert.deepEqual(names.sort(), ["f", "l"]);
    assert.deepEqual(rest, [5, true, "f"]);
  });
}

Deno.test("openDirectory() says which permission is missing", async () => {
  await using temp = tempFolder();
  const folder = join(temp.path, "ctx");
  fs.mkdirSync(folder);
  const { stderr } = probe(folder);
  assert.match(stderr, /Cannot open the folder/);
  assert.ok(stderr.includes(`--allow-read=${folder}`), stderr);
});
