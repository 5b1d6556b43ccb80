/** Writes the uses into docs/permissions.md: `deno run --allow-all tests/permissions/write_table.ts`, then `deno fmt docs`. */
import { readFileSync, writeFileSync } from "node:fs";
import { DOCUMENT, withTable } from "./table.ts";

writeFileSync(DOCUMENT, withTable(readFileSync(DOCUMENT, "utf8")));
