import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ATTACKS } from "./attacks/all.ts";
import { DOCUMENT, key, tableOf } from "./table.ts";

Deno.test("docs/trust.md has a line for every attack, with an outcome that it may have", () => {
  const lines = tableOf(readFileSync(DOCUMENT, "utf8"));
  assert.equal(lines.length, ATTACKS.length, "run tests/trust/write_table.ts");
  for (const [i, attack] of ATTACKS.entries()) {
    const line = lines[i]!;
    assert.ok(line.startsWith(key(attack)), `${line}: run tests/trust/write_table.ts`);
    assert.ok([attack.outcome].flat().some((one) => line.includes(`| ${one} |`)), line);
  }
});
