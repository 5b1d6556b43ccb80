import assert from "node:assert/strict";
import { csvLine } from "../../src/frontend/csv.ts";

const CASES: [fields: string[], line: string][] = [
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a,b"],
  [["a,b", "c"], '"a,b",c'],
  [['say "x"'], '"say ""x"""'],
  [[" lead", "trail "], '" lead",trail '],
  [["two\nlines"], '"two\nlines"'],
  [["", "x"], '"",x'],
];

for (const [fields, line] of CASES) {
  Deno.test(`csvLine() of ${JSON.stringify(fields)}`, () => assert.equal(csvLine(fields), line));
}
