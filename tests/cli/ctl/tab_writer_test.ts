import assert from "node:assert/strict";
import { alignTabs } from "../../../src/cli/ctl/tab_writer.ts";

/** Checked against Go's text/tabwriter with the same settings. */
const CASES: [text: string, expected: string][] = [
  ["", ""],
  ["no tabs\n", "no tabs\n"],
  ["a\tb\n", "a\tb\n"],
  ["12345678\tb\nc\td\n", "12345678\tb\nc\t\td\n"],
  ["1234567\tb\n", "1234567\tb\n"],
  ["\tx:\ty\n", "\tx:\ty\n"],
  ["a\tb\n\nlonger than eight\tb\n", "a\tb\n\nlonger than eight\tb\n"],
  [
    "a\tlonger than eight\tc\nlonger than eight\tb\tc\n",
    "a\t\t\tlonger than eight\tc\nlonger than eight\tb\t\t\tc\n",
  ],
];

for (const [text, expected] of CASES) {
  Deno.test(`alignTabs() sets ${JSON.stringify(text)}`, () => {
    assert.equal(alignTabs(text), expected);
  });
}

Deno.test("alignTabs() fills up with spaces", () => {
  const text = "a:\tx\nlonger:\ty\n";
  assert.equal(alignTabs(text, { minWidth: 0, fill: "space" }), "a:      x\nlonger: y\n");
});
