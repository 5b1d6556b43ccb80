import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { compareNames, comparePaths, sortNames } from "../../src/files/order.ts";

/** All in order. The last four are U+E000, U+FFFF, U+10000 and U+10FFFF. */
const NAMES = ["!", "-", "0", "A", "a", "a!", "aa", "z", "\x7f", "é", "日", "\ue000", "\uffff"]
  .concat("\u{10000}", "\u{10ffff}");

Deno.test("compareNames() is the order of the UTF-8 bytes", () => {
  for (const a of NAMES) {
    for (const b of NAMES) {
      const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
      assert.equal(Math.sign(compareNames(a, b)), expected, JSON.stringify([a, b]));
    }
  }
});

Deno.test("sortNames() sorts by UTF-8 bytes, with and without surrogates", () => {
  const ascii = NAMES.slice(0, 9);
  assert.deepEqual(sortNames([...NAMES].reverse()), NAMES);
  assert.deepEqual(sortNames([...ascii].reverse()), ascii);
});

Deno.test("comparePaths() puts a directory's content right behind it", () => {
  const paths = [
    "a",
    "a/x",
    "a/x/y",
    "a/\ue000",
    "a/\u{10000}",
    "a\tb",
    "a b",
    "a!",
    "a-b",
    "a.txt",
  ]
    .concat("aa", "b", "\ue000", "\ue000/a", "\u{1f600}", "\u{1f600}/a");
  assert.deepEqual([...paths].reverse().sort(comparePaths), paths);
  assert.equal(comparePaths("a/b", "a/b"), 0);
});
