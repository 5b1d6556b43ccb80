import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { findIgnoreFile, parseIgnoreFile } from "../../src/files/ignore_file.ts";
import { virtualTree } from "../../src/files/virtual.ts";
import { resolveVirtualFiles } from "../../src/files/virtual_files.ts";
import type { FileTree } from "../../src/files/tree.ts";

async function tree(files: Record<string, string>): Promise<FileTree> {
  return virtualTree(await resolveVirtualFiles(files, undefined, "context"));
}

const CASES: Record<string, string[]> = {
  "": [],
  "\ufeff# comment\n#x": [],
  "\ufeffa": ["a"],
  "a\r\nb\r\n": ["a", "b"],
  "  a  \n\tb\t": ["a", "b"],
  " # no comment": ["# no comment"],
  "/a/\n//b//c\n./d\n/\n.": ["a", "b/c", "d", "/", "."],
  "!a\n! /a/b/\n!\n!/c": ["!a", "!a/b", "!", "!c"],
  "a/../b\n../c": ["b", "../c"],
  "**/*.md\n!docs/**": ["**/*.md", "!docs/**"],
};

Deno.test("parseIgnoreFile() reads rules as the builder does", () => {
  for (const [text, patterns] of Object.entries(CASES)) {
    const asText = parseIgnoreFile(text).map(({ pattern }) => pattern);
    const asBytes = parseIgnoreFile(new TextEncoder().encode(text)).map(({ pattern }) => pattern);
    assert.deepEqual([asText, asBytes], [patterns, patterns], JSON.stringify(text));
  }
});

Deno.test("parseIgnoreFile() keeps the line and its text", () => {
  assert.deepEqual(parseIgnoreFile("# first\n\n ! /a/ \n"), [
    { line: 3, text: "! /a/", pattern: "!a" },
  ]);
});

Deno.test("parseIgnoreFile() refuses a line that the builder refuses", () => {
  assert.throws(() => parseIgnoreFile(`a\n${"x".repeat(65536)}`), (error) => {
    return error instanceof OptionError && /^Invalid \.dockerignore: line 2 /.test(error.message);
  });
});

Deno.test("findIgnoreFile() takes the Dockerfile's own before the context's", async () => {
  const context = await tree({ ".dockerignore": "common", "own.dockerignore": "" });
  const folder = await tree({ "own.dockerignore": "own", "empty.dockerignore": "" });
  const found = (name: string) => {
    const file = findIgnoreFile(context, folder, name);
    return [file?.name, file?.rules[0]?.pattern];
  };
  assert.deepEqual(found("own"), ["own.dockerignore", "own"]);
  assert.deepEqual(found("other"), [".dockerignore", "common"]);
  assert.deepEqual(found("empty"), [".dockerignore", "common"]);
  assert.equal(findIgnoreFile(folder, folder, "other"), undefined);
});
