import assert from "node:assert/strict";
import { csvFields } from "../../src/cli/csv_fields.ts";

const GOOD: [text: string, fields: string[]][] = [
  ["", [""]],
  ["a", ["a"]],
  ["a,b", ["a", "b"]],
  ["a,,b,", ["a", "", "b", ""]],
  ['"a,b",c', ["a,b", "c"]],
  ['a,"b ""c"""', ["a", 'b "c"']],
  ['""', [""]],
];

for (const [text, fields] of GOOD) {
  Deno.test(`csvFields() cuts ${text || "nothing"}`, () =>
    assert.deepEqual(csvFields("-o", text), fields));
}

for (const text of ['a"b', '"a', '"a"b', 'a,"']) {
  Deno.test(`csvFields() refuses ${text}`, () => {
    assert.throws(() => csvFields("-o", text), {
      name: "UsageError",
      message: `-o "${text}" has a misplaced quote`,
    });
  });
}
