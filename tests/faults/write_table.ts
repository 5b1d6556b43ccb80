/**
 * Runs all faults and writes what became of the builds into docs/faults.md: `deno run --allow-all tests/faults/write_table.ts`,
 * then `deno fmt docs/faults.md`. With names of groups it runs these, and writes nothing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { startBuilder } from "../support/servers.ts";
import { byLength, GROUPS, runGroup } from "./all.ts";
import type { Group } from "./fault.ts";
import { DOCUMENT, row, withTable } from "./table.ts";

const names = process.argv.slice(2);
const groups = GROUPS.filter(({ name }) => names.length === 0 || names.includes(name));
await using builder = await startBuilder();
const { tools, buildkitd: { address, tcpAddress }, registry, baseImage } = builder;
const grounds = { tools, address, tcpAddress, registry: registry.host, baseImage };
const start = performance.now();
const rows = new Map<Group, string[]>();
await Promise.all(
  byLength(groups).map(async (group) => {
    const verdicts = await runGroup(group, grounds);
    console.log(`${group.name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    rows.set(group, group.cases.map((one, i) => row(one, verdicts[i]!)));
  }),
);
const table = groups.flatMap((group) => rows.get(group)!);
console.log(table.join("\n"));
if (names.length === 0) {
  writeFileSync(DOCUMENT, withTable(readFileSync(DOCUMENT, "utf8"), table));
}
