/** Where results are kept: a file of samples for each suite, and the tables in docs/performance.md. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
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
  writeFileSync(
    document,
    placeSection(readFileSync(document, "utf8"), name, `${line}\n\n${text}`),
  );
  await runOk(Deno.execPath(), ["fmt", "--quiet", document]);
}

/** Puts a suite's text between its marks. Throws if the document has none. */
export function placeSection(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no ${begin} and ${end}`);
  return `${document.slice(0, from)}${begin}\n\n${text}\n\n${document.slice(to)}`;
}

function describe(facts: Facts): string {
  const { date, cores, load, rounds: _, ...programs } = facts;
  const list = Object.entries(programs).map(([name, version]) => `${name} ${version}`).join(", ");
  return `${date}, ${cores} cores, load ${Number(load).toFixed(1)} when it began; ${list}.`;
}
