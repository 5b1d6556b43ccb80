/**
 * Runs all attacks and writes what became of them into docs/trust.md: `deno run --allow-all tests/trust/write_table.ts`, then
 * `deno fmt docs/trust.md`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { attempt } from "./attack.ts";
import { ATTACKS } from "./attacks/all.ts";
import { DOCUMENT, row, withTable } from "./table.ts";

const rows: string[] = [];
for (const attack of ATTACKS) {
  const { outcome, ms } = await attempt(attack);
  rows.push(row(attack, outcome, ms));
  console.log(rows.at(-1));
}
writeFileSync(DOCUMENT, withTable(readFileSync(DOCUMENT, "utf8"), rows));
