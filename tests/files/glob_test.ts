import assert from "node:assert/strict";
import { matchGlob } from "../../src/files/glob.ts";

const CASES: ReadonlyArray<[pattern: string, name: string, matches: boolean | undefined]> = [
  ["", "", true],
  ["a*", "ab", true],
  ["a*", "a", true],
  ["*a*b", "xaxxb", true],
  ["*a*b", "xaxxbx", false],
  ["*b*b", "ab", false],
  ["*", "a/b", false],
  ["?", "😀", true],
  ["?", "/", false],
  ["[a-c]", "b", true],
  ["[^a-c]", "b", false],
  ["[!a]", "!", true],
  ["[é-ü]x", "öx", true],
  ["[*]", "*", true],
  ["[\\]]", "]", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["[", ".", undefined],
  ["[]a]", "a", undefined],
  ["[a-]", "a", undefined],
  ["[a", "a", undefined],
  ["a\\", "b", undefined],
  ["b*[", "a", false],
];

for (const [pattern, name, matches] of CASES) {
  Deno.test(`matchGlob() of ${pattern} and ${name}`, () => {
    assert.equal(matchGlob(pattern, name), matches);
  });
}
