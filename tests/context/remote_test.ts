import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { hideCredentials, parseRemote } from "../../src/context/remote.ts";
import { tempFolder } from "../support/temp_folder.ts";

const CASES: [text: string, kind: "git" | "http" | undefined, url?: string][] = [
  ["https://example.com/a.git", "git"],
  ["http://example.com:81/a.git#main:sub", "git"],
  ["https://example.com/a.git?branch=x", "git"],
  ["HTTPS://example.com/a.git", "git", "https://example.com/a.git"],
  ["https://example.com/a.tar.gz", "http"],
  ["https://example.com/a.git/b", "http"],
  ["https://example.com/?x=a.git", "http"],
  ["git://example.com/a", "git"],
  ["ssh://git@example.com:22/a", "git"],
  ["git@example.com:a/b.git", "git"],
  ["me@example.com:a", "git"],
  ["github.com/a/b", "git"],
  ["github.com/a/b#main", "git"],
  ["./github.com/a/b", undefined],
  ["../git@example.com:a", undefined],
  [".", undefined],
  ["/git@x:a", undefined],
  ["C:\\a", undefined],
  ["file:///a.git", undefined],
  ["example.com/a.git", undefined],
];

for (const [text, kind, url = text] of CASES) {
  Deno.test(`parseRemote() takes ${text} for ${kind ?? "a path"}`, () => {
    const remote = parseRemote(text, "context");
    assert.equal(remote?.kind, kind);
    if (remote !== undefined) assert.equal(remote.url, url);
  });
}

Deno.test("parseRemote() prefers a folder that exists to what only looks remote", async () => {
  await using folder = tempFolder();
  mkdirSync(join(folder.path, "github.com/a/b"), { recursive: true });
  const before = process.cwd();
  process.chdir(folder.path);
  try {
    assert.equal(parseRemote("github.com/a/b", "context"), undefined);
    assert.equal(parseRemote("github.com/a/c", "context")?.kind, "git");
  } finally {
    process.chdir(before);
  }
});

Deno.test("parseRemote() finds queries, also empty ones and those in fragments", () => {
  const has = (url: string) => parseRemote(url, "context")?.hasQuery;
  assert.equal(has("https://example.com/a.git?ref=x#y"), true);
  assert.equal(has("git@example.com:a.git?ref=x"), true);
  assert.equal(has("https://example.com/a.git?"), false);
  assert.equal(has("https://example.com/a.git#a?b"), false);
});

Deno.test("hideCredentials() leaves only users that are no secrets", () => {
  const cases = [
    ["https://user:token@example.com/a", "https://example.com/a"],
    ["https://token@example.com/a@b", "https://example.com/a@b"],
    ["ssh://git:secret@example.com/a", "ssh://git@example.com/a"],
    ["git@example.com:a", "git@example.com:a"],
    ["https://example.com/a@b", "https://example.com/a@b"],
  ] as const;
  for (const [url, hidden] of cases) assert.equal(hideCredentials(url), hidden);
});
