/** Where results are kept: a file of samples for each suite, and the tables in docs/performance.md. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { withPart } from "../tests/support/document_part.ts";
import { runOk } from "../tests/support/process.ts";
import { path } from "./runtimes.ts";
import type { Section } from "./suite.ts";

/** What a run was made with, and the machine's load before it. */
export type Facts = Record<string, string | number>;

/** Writes both. */
export async function record(name: string, { text, data }: Section, facts: Facts): Promise<void> {
  const folder = path("results");
  mkdirSync(folder, { recursive: true });
  const date = new Date().toISOString();
  const cores = availableParallelism();
  const json = { date, cores, ...facts, data };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(json, null, 2) + "\n");
  const document = path("../docs/performance.md");
  const line = describe({ date: date.slice(0, 10), cores, ...facts });
  const marks = { begin: `<!-- ${name} -->`, end: `<!-- end of ${name} -->` };
  const section = `${line}\n\n${text}`;
  writeFileSync(document, withPart(readFileSync(document, "utf8"), marks, section));
  await runOk(Deno.execPath(), ["fmt", "--quiet", document]);
}

function describe(facts: Facts): string {
  const { date, cores, load, rounds: _, ...programs } = facts;
  const list = Object.entries(programs).map(([name, version]) => `${name} ${version}`).join(", ");
  return `${date}, ${cores} cores, load ${Number(load).toFixed(1)} when it began; ${list}.`;
}
