import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { GROUPS } from "./all.ts";
import { DOCUMENT, key, tableOf } from "./table.ts";

Deno.test("docs/faults.md has a line for every fault, with an outcome that it may have", () => {
  const lines = tableOf(readFileSync(DOCUMENT, "utf8"));
  const cases = GROUPS.flatMap((group) => group.cases);
  assert.equal(lines.length, cases.length, "run tests/faults/write_table.ts");
  for (const [i, one] of cases.entries()) {
    const line = lines[i]!;
    assert.ok(line.startsWith(key(one)), `${line}: run tests/faults/write_table.ts`);
    assert.ok(one.outcome.some((outcome) => line.includes(`| ${outcome} |`)), line);
  }
});
