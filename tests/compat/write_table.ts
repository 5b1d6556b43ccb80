/**
 * Tries all features on all builders and writes what became of them into docs/compatibility.md: `deno run --allow-all
 * tests/compat/write_table.ts`, then `deno fmt docs/compatibility.md`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pushScanner } from "../support/scanner_image.ts";
import { startServers } from "../support/servers.ts";
import { compatBuilders } from "./builders.ts";
import { outcome } from "./feature.ts";
import { FEATURES } from "./features/all.ts";
import { DOCUMENT, key, withTable } from "./table.ts";

await using servers = await startServers();
const { environment } = servers;
const scanner = await pushScanner(environment);
const outcomes = new Map<string, ReadonlyMap<string, string>>();
for (const builder of compatBuilders(environment.engines)) {
  const column = new Map<string, string>();
  await builder.use(environment, async (world) => {
    for (const feature of FEATURES) {
      const found = await outcome(feature, { ...world, scanner });
      column.set(key(feature), found);
      console.log(`${builder.name} | ${key(feature)} | ${found}`);
    }
  });
  outcomes.set(builder.name, column);
}
writeFileSync(DOCUMENT, withTable(readFileSync(DOCUMENT, "utf8"), FEATURES, outcomes));
