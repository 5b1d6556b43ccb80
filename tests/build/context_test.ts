import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { OptionError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { build } from "../../src/build.ts";
import { daemonTest } from "../support/env.ts";
import { builtFiles, COPY_ALL, folderOf } from "./support.ts";

/** Each case: options for a folder that holds `FILES`, and the files that the image must then have. */
const FILES = {
  "Dockerfile": COPY_ALL,
  ".dockerignore": "*\n!*.txt\n!sub/*.txt\n",
  "a.txt": "a",
  "sub/b.txt": "b",
  "deploy/Other": "FROM scratch\nCOPY a.txt /other.txt\n",
  "deploy/Other.dockerignore": "!a.txt\n",
};

const encode = (text: string) => new TextEncoder().encode(text);

const CASES: [name: string, options: (folder: string) => BuildOptions, files: object][] = [
  ["a folder", (context) => ({ context }), { "a.txt": "a", "sub/b.txt": "b" }],
  ["a file: URL", (folder) => ({ context: pathToFileURL(folder) }), {
    "a.txt": "a",
    "sub/b.txt": "b",
  }],
  ["files in memory", () => ({ context: { Dockerfile: COPY_ALL, "x/y": "1" } }), {
    "Dockerfile": COPY_ALL,
    "x/y": "1",
  }],
  ["files in memory of every kind", () => ({
    context: {
      "dockerfile": COPY_ALL,
      ".dockerignore": "dockerfile\n.dockerignore\nno",
      "no": "ignored",
      "text": "ü",
      "bytes": encode("bytes"),
      "stream": new Blob(["stream"]).stream(),
      "iterable": { content: ReadableStream.from([encode("a"), encode("b")]), mode: 0o600 },
      "empty": "",
    },
  }), { bytes: "bytes", empty: "", iterable: "ab", stream: "stream", text: "ü" }],
  ["files in memory over a folder", (folder) => ({
    context: [folder, { "a.txt": "new", "sub/c.txt": "c" }],
  }), { "a.txt": "new", "sub/b.txt": "b", "sub/c.txt": "c" }],
  ["a folder over files in memory", (folder) => ({
    context: [{ "a.txt": "old", "d.txt": "d" }, folder],
  }), { "a.txt": "a", "d.txt": "d", "sub/b.txt": "b" }],
  ["an ignore file in memory over a folder", (folder) => ({
    context: [folder, { ".dockerignore": "*\n!sub\n" }],
  }), { "sub/b.txt": "b" }],
  [
    "a Dockerfile as content without any file",
    () => ({ dockerfile: "FROM scratch\nCOPY <<E /x\n1\nE\n" }),
    {
      x: "1\n",
    },
  ],
  ["a Dockerfile as content over a folder", (context) => ({
    context,
    dockerfile: "FROM scratch\nCOPY sub /\n",
  }), { "b.txt": "b" }],
  ["a Dockerfile as content with files in memory", () => ({
    context: { f: "1" },
    dockerfile: COPY_ALL,
  }), { f: "1" }],
  ["a Dockerfile of the context under another name, with its own ignore file", (context) => ({
    context,
    dockerfile: { path: join(context, "deploy/Other") },
  }), { "other.txt": "a" }],
  ["a Dockerfile outside the context", (folder) => ({
    context: join(folder, "sub"),
    dockerfile: { path: join(folder, "Dockerfile") },
  }), { "b.txt": "b" }],
  ["a Dockerfile by file: URL", (folder) => ({
    context: { "a.txt": "virtual" },
    dockerfile: { path: pathToFileURL(join(folder, "deploy/Other")) },
  }), { "other.txt": "virtual" }],
  ["a Dockerfile among files in memory", (folder) => ({
    context: [folder, { "x/My file": "FROM scratch\nCOPY a.txt /my.txt\n" }],
    dockerfile: { path: "./x/My file" },
  }), { "my.txt": "a" }],
  ["an ignore file beside a Dockerfile among files in memory", () => ({
    context: {
      "d/App": COPY_ALL,
      "d/App.dockerignore": "d\n.dockerignore\n",
      ".dockerignore": "*",
      f: "1",
    },
    dockerfile: { path: "d/App" },
  }), { f: "1" }],
];

for (const [name, options, files] of CASES) {
  daemonTest(`build() takes ${name}`, async ({ address }) => {
    await using folder = folderOf(FILES);
    assert.deepEqual(await builtFiles({ address, ...options(folder.path) }), files);
  });
}

daemonTest("build() finds `dockerfile` in lower case", async ({ address }) => {
  await using folder = folderOf({ dockerfile: "FROM scratch\nCOPY a /\n", a: "1" });
  assert.deepEqual(await builtFiles({ address, context: folder.path }), { a: "1" });
});

daemonTest("build() follows a context that is a symlink", async ({ address }) => {
  await using folder = folderOf({ "real/Dockerfile": "FROM scratch\nCOPY a /\n", "real/a": "1" });
  symlinkSync("real", join(folder.path, "link"));
  const context = join(folder.path, "link");
  assert.deepEqual(await builtFiles({ address, context }), { a: "1" });
});

/** Nobody listens there: an error of any other class would mean that it was tried. */
const NOWHERE = "tcp://127.0.0.1:1";

const MISSING: [name: string, options: (folder: string) => object, message: RegExp][] = [
  [
    "a missing context",
    (folder) => ({ context: `${folder}/no` }),
    /^Invalid context: there is no folder ".*\/no" \(for/,
  ],
  [
    "a missing folder of a list",
    (folder) => ({ context: [folder, `${folder}/no`] }),
    /^Invalid context\[1\]: there is no folder/,
  ],
  [
    "a file as context",
    (folder) => ({ context: `${folder}/a.txt` }),
    /"\S+\/a.txt" is not a folder/,
  ],
  ["a context below a file", (folder) => ({ context: `${folder}/a.txt/x` }), /there is no folder/],
  ["an empty path", () => ({ context: "" }), /there is no folder ""/],
  ["an empty list", () => ({ context: [] }), /the list is empty/],
  ["a path with NUL", () => ({ context: "a\0b" }), /'a\\x00b' is not a path/],
  [
    "a number as context",
    () => ({ context: 5 }),
    /^Invalid context: 5 is neither a folder nor files/,
  ],
  ["a Map as context", () => ({ context: new Map([["a", "b"]]) }), /neither a folder nor files/],
  [
    "a URL that no builder can load",
    () => ({ context: new URL("ftp://me:secret@example.com/x") }),
    /^Invalid context: "ftp:\/\/me@example.com\/x" is neither a folder nor a URL that a builder/,
  ],
  ["a bad URL", () => ({ context: "https://" }), /"https:\/\/" is not a valid URL/],
  [
    "a remote context in a list",
    () => ({ context: [".", "https://example.com/x.git"] }),
    /^Invalid context\[1\]: a remote context can't be laid over other files/,
  ],
  [
    "a Dockerfile outside of a remote context",
    () => ({ context: "https://example.com/x.git", dockerfile: { path: "../Dockerfile" } }),
    /^Invalid dockerfile\.path: "\.\.\/Dockerfile" is not in the context; .* give its full path/,
  ],
  ["a bad path in memory", () => ({ context: { "../x": "" } }), /^Invalid context\["\.\.\/x"\]: /],
  [
    "a folder without Dockerfile",
    (folder) => ({ context: `${folder}/sub` }),
    /there is no Dockerfile in \S+\/sub/,
  ],
  [
    "files in memory without Dockerfile",
    () => ({ context: {} }),
    /there is no Dockerfile in \(virtual\)/,
  ],
  [
    "a missing Dockerfile",
    () => ({ dockerfile: { path: "no/such" } }),
    /^Invalid dockerfile\.path: there is no file "\S+\/no\/such"$/,
  ],
  [
    "a path from the wrong folder",
    (context) => ({ context, dockerfile: { path: "deploy/Other" } }),
    /there is no file .* \(for example { path: "\S+\/deploy\/Other" }\)$/,
  ],
  ["a folder as Dockerfile", (folder) => ({ dockerfile: { path: folder } }), /is not a file/],
  [
    "a path as content",
    () => ({ dockerfile: "deploy/Dockerfile" }),
    /\(for example { path: "deploy\/Dockerfile" }\)$/,
  ],
  ["an empty Dockerfile", () => ({ dockerfile: " \n" }), /^Invalid dockerfile: it is empty/],
  [
    "a Dockerfile without path",
    () => ({ dockerfile: {} }),
    /^Invalid dockerfile\.path: undefined is not a path/,
  ],
  [
    "a misspelled field",
    () => ({ dockerfile: { pth: "x" } }),
    /^Invalid dockerfile\.pth: .*did you mean path\?/,
  ],
  ["an array as Dockerfile", () => ({ dockerfile: ["FROM x"] }), /neither content nor { path }/],
];

for (const [name, options, message] of MISSING) {
  Deno.test(`build() refuses ${name} before it connects`, async () => {
    await using folder = folderOf(FILES);
    const attempt = build({ address: NOWHERE, ...options(folder.path) } as BuildOptions);
    await assert.rejects(attempt, (error: unknown) => {
      assert(error instanceof OptionError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}
