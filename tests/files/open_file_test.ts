import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { openDirectory } from "../../src/files/directory.ts";
import { type OpenFile, openFlagged, openLooking } from "../../src/files/open_file.ts";
import { deno } from "../../src/runtime/deno.ts";
import { tempFolder } from "../support/temp_folder.ts";

const WAYS: readonly [name: string, open: (path: string) => OpenFile][] = [
  ["openLooking()", (path) => openLooking(deno!, path)],
  ["openFlagged()", openFlagged],
];

const unix = process.platform !== "win32";

for (const [name, open] of WAYS) {
  Deno.test(`${name} reads to the end, and tells size and time`, async () => {
    await using temp = tempFolder();
    const path = join(temp.path, "f");
    fs.writeFileSync(path, "hello");
    fs.utimesSync(path, 12, 12.5);
    const file = open(path);
    try {
      const into = new Uint8Array(9);
      assert.equal(file.read(into.subarray(0, 2)), 2);
      assert.equal(file.read(into.subarray(2)), 3);
      assert.equal(file.read(into), 0);
      assert.equal(new TextDecoder().decode(into.subarray(0, 5)), "hello");
      assert.deepEqual(file.stat(), { size: 5, mtime: 12_500_000_000n });
    } finally {
      file.close();
    }
  });

  Deno.test(`${name} does not follow a link`, { ignore: !unix }, async () => {
    await using temp = tempFolder();
    fs.writeFileSync(join(temp.path, "target"), "");
    fs.symlinkSync("target", join(temp.path, "link"));
    assert.throws(() => open(join(temp.path, "link")), { code: "ELOOP" });
  });

  Deno.test(`${name} does not wait for a pipe's writer`, { ignore: !unix }, async () => {
    await using temp = tempFolder();
    const pipe = join(temp.path, "pipe");
    execFileSync("mkfifo", [pipe]);
    try {
      const file = open(pipe);
      assert.equal(file.read(new Uint8Array(1)), 0);
      file.close();
    } catch (error) {
      assert.equal((error as { code?: string }).code, "ELOOP");
    }
  });

  Deno.test(`${name} says what is missing`, () => {
    assert.throws(() => open("/nowhere/at/all"), { code: "ENOENT" });
  });
}

Deno.test("openLooking() notices what takes a file's place", async () => {
  await using temp = tempFolder();
  const [path, other] = [join(temp.path, "f"), join(temp.path, "other")];
  fs.writeFileSync(path, "");
  fs.writeFileSync(other, "");
  const swapping = {
    ...deno!,
    lstatSync: (path: string) => {
      const stat = deno!.lstatSync(path);
      fs.renameSync(other, path);
      return stat;
    },
  };
  assert.throws(() => openLooking(swapping, path), { code: "ELOOP" });
});

/** More than are opened by Deno's own calls. */
const MANY = 600;

Deno.test("openDirectory() reads many files one like the other", async () => {
  await using temp = tempFolder();
  fs.writeFileSync(join(temp.path, "f"), "hello");
  const tree = openDirectory(temp.path);
  for (let i = 0; i < MANY; i++) {
    const content = tree.open("f");
    assert.equal(content.read(new Uint8Array(9)), 5);
    assert.ok(content.unchanged(tree.stat("f")!));
    content.close();
  }
});

Deno.test("openDirectory() refuses to read what is no file", { ignore: !unix }, async () => {
  await using temp = tempFolder();
  fs.mkdirSync(join(temp.path, "d"));
  fs.symlinkSync("nowhere", join(temp.path, "l"));
  const tree = openDirectory(temp.path);
  for (const name of ["d", "l"]) {
    const path = join(temp.path, name);
    assert.throws(() => {
      const content = tree.open(name);
      content.read(new Uint8Array(1));
    }, { code: "FILE_CHANGED", path });
  }
});
