/** Contexts that change while they are read, odd names, and many or big files. */
import assert from "node:assert/strict";
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { FileError } from "../../src/errors.ts";
import { daemonTest } from "../support/env.ts";
import { startProxy } from "../support/proxy.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { builtFiles, COPY_ALL, folderOf, readFiles } from "./support.ts";

const MEGABYTE = 1 << 20;

/** What happens to a file after it was listed and before it is read, and what the error then says. */
const CHANGES: [name: string, change: (file: string) => void, code: string][] = [
  ["vanishes", (file) => rmSync(file), "FILE_CHANGED"],
  ["grows", (file) => appendFileSync(file, "more"), "FILE_CHANGED"],
  ["shrinks", (file) => truncateSync(file, 10), "FILE_CHANGED"],
  ["becomes a folder", (file) => (rmSync(file), mkdirSync(file)), "FILE_CHANGED"],
];

for (const [name, change, code] of CHANGES) {
  daemonTest(`build() names a file that ${name} while it builds`, async ({ tcpAddress }) => {
    await using folder = folderOf({ Dockerfile: COPY_ALL });
    await using proxy = await startProxy(tcpAddress);
    const files = Array.from({ length: 12 }, (_, i) => join(folder.path, `big${i + 10}`));
    for (const file of files) {
      writeFileSync(file, "");
      truncateSync(file, 16 * MEGABYTE);
    }
    const held = proxy.holdAfter(MEGABYTE);
    const building = build({ address: proxy.address, context: folder.path });
    const outcome = building.then(() => undefined, (error) => error);
    await held;
    change(files.at(-1)!);
    proxy.release();
    const error = await outcome;
    assert(error instanceof FileError, String(error));
    assert.equal(error.code, code);
    assert(error.message.includes("big21"), error.message);
  });
}

const NAMES = [
  "a, b",
  "a,b",
  "new\nline",
  "emoji 🚀",
  "ünïcode/日本",
  "-dash",
  "--flag",
  "100%",
  "%41",
  "a+b",
  "a b",
  " lead",
  "trail ",
  "quo'te\"",
  "back\\slash",
  "star*",
  "[set]",
  "q?",
  "!bang",
  "#hash",
  "~",
  "tab\t",
  "$HOME",
];

daemonTest("build() sends files of any name", async ({ address }) => {
  const files = Object.fromEntries(NAMES.map((name) => [name, name]));
  await using folder = folderOf(files);
  const dockerfile = COPY_ALL;
  assert.deepEqual(await builtFiles({ address, context: folder.path, dockerfile }), files);
  assert.deepEqual(await builtFiles({ address, context: files, dockerfile }), files);
});

daemonTest("build() copies single files of any name", async ({ address }) => {
  const files = Object.fromEntries(NAMES.map((name) => [name, name]));
  await using folder = folderOf({ ...files, "not copied": "" });
  // Those that COPY and the daemon's patterns can name as they are.
  const plain = NAMES.filter((name) => !/[\n*?[\]\\$"']|^[\s!]|\s$/.test(name));
  const lines = plain.map((name) => `COPY ${JSON.stringify([name, `/${name}`])}\n`);
  const dockerfile = `FROM scratch\n${lines.join("")}`;
  const expected = Object.fromEntries(plain.map((name) => [name, name]));
  assert.deepEqual(await builtFiles({ address, context: folder.path, dockerfile }), expected);
});

daemonTest("build() sends paths deeper than 255 bytes", async ({ address }) => {
  const path = [...Array.from({ length: 12 }, (_, i) => `${i}`.padEnd(100, "x")), "f"].join("/");
  await using folder = folderOf({ [path]: "deep" });
  const dockerfile = COPY_ALL;
  const files = { [path]: "deep" };
  assert.deepEqual(await builtFiles({ address, context: folder.path, dockerfile }), files);
  assert.deepEqual(await builtFiles({ address, context: files, dockerfile }), files);
});

daemonTest("build() sends a big sparse file", async ({ address, baseImage }) => {
  await using folder = tempFolder();
  const descriptor = openSync(join(folder.path, "sparse"), "w");
  ftruncateSync(descriptor, 300 * MEGABYTE);
  closeSync(descriptor);
  const dockerfile = `FROM ${baseImage} AS count
RUN --mount=target=/c stat -c %s /c/sparse > /size
FROM scratch
COPY --from=count /size /
`;
  assert.deepEqual(await builtFiles({ address, context: folder.path, dockerfile }), {
    size: `${300 * MEGABYTE}\n`,
  });
});

for (const count of [5_000, 20_000]) {
  daemonTest(`build() takes an ignore file of ${count} lines`, async ({ address }) => {
    const lines = Array.from({ length: count }, (_, i) => `some/folder/number-${i}/*.txt`);
    const ignored = `some/folder/number-${count - 1}/x.txt`;
    await using folder = folderOf({
      ".dockerignore": [...lines, ".dockerignore"].join("\n"),
      [ignored]: "",
      "some/folder/number-1/x.md": "1",
      "kept.txt": "2",
    });
    const dockerfile = COPY_ALL;
    assert.deepEqual(await builtFiles({ address, context: folder.path, dockerfile }), {
      "kept.txt": "2",
      "some/folder/number-1/x.md": "1",
    });
  });
}

daemonTest("build() sends 20,000 files and gets them back", async ({ address }) => {
  await using folder = tempFolder();
  await using out = tempFolder();
  for (let i = 0; i < 200; i++) {
    mkdirSync(join(folder.path, `d${i}`));
    for (let j = 0; j < 100; j++) {
      writeFileSync(join(folder.path, `d${i}/f${j}`), j % 10 === 0 ? "" : `${i} ${j}`);
    }
  }
  const output = { type: "local", dest: out.path } as const;
  const options = { address, context: folder.path, dockerfile: COPY_ALL, output };
  const result = await build(options);
  assert.equal(result.outputs[0]?.entries, 20_200);
  assert.deepEqual(readFiles(out.path), readFiles(folder.path));
});
