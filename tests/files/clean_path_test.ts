import assert from "node:assert/strict";
import { cleanPath } from "../../src/files/clean_path.ts";

const CASES: ReadonlyArray<[path: string, clean: string]> = [
  ["", "."],
  [".", "."],
  ["/", "/"],
  ["a/", "a"],
  ["a//b/./c/", "a/b/c"],
  ["a/../b", "b"],
  ["a/..", "."],
  ["../", ".."],
  ["../../a", "../../a"],
  ["/../a", "/a"],
  ["//a", "/a"],
  ["!/a/../b", "!/b"],
];

for (const [path, clean] of CASES) {
  Deno.test(`cleanPath() makes ${clean} of "${path}"`, () => {
    assert.equal(cleanPath(path), clean);
  });
}
