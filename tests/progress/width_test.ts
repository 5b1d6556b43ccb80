import assert from "node:assert/strict";
import { displayWidth, padEnd, truncate } from "../../src/progress/width.ts";

Deno.test("displayWidth() counts columns", () => {
  const cases: Array<[string, number]> = [
    ["", 0],
    ["abc", 3],
    ["äöü", 3],
    ["e\u0301", 1],
    ["日本語", 6],
    ["한국", 4],
    ["ｆｕｌｌ", 8],
    ["😀", 2],
    ["👩‍👩‍👧", 2],
    ["🇩🇪", 2],
    ["❤️", 2],
    ["❤", 1],
    ["a\u200bb", 2],
    ["𠀀", 2],
  ];
  for (const [text, width] of cases) assert.equal(displayWidth(text), width, text);
});

Deno.test("truncate() never goes over the columns and never halves a character", () => {
  const cases: Array<[string, number, string]> = [
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["日本語", 6, "日本語"],
    ["日本語", 5, "日本…"],
    ["日本語", 4, "日…"],
    ["👩‍👩‍👧x", 2, "…"],
    ["abc", 1, "…"],
    ["abc", 0, ""],
  ];
  for (const [text, columns, expected] of cases) assert.equal(truncate(text, columns), expected);
});

Deno.test("padEnd() fills up by width", () => {
  assert.equal(padEnd("日", 4), "日  ");
  assert.equal(padEnd("abc", 2), "abc");
});
