/**
 * `deno task bench [--only TEXT] [--rounds N]`: our client against buildctl, in one run on one machine.
 *
 * The tools take turns over several rounds, so that what else the machine does meets all of them. Prints a table, writes the
 * samples to `bench/results/`, and with `--write` the table into docs/performance.md.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Buildctl } from "../tests/support/buildctl.ts";
import { startBuildkitd } from "../tests/support/buildkitd.ts";
import { fastParent, tempFolder } from "../tests/support/temp_folder.ts";
import { installTools } from "../tests/support/tools.ts";
import { type Client, makeClients, versions } from "./clients.ts";
import { installTime, measure, measureTogether, type Sample } from "./measure.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";
import { type Row, tableOf, writeTable } from "./table.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      rounds: { type: "string", default: "5" },
      write: { type: "boolean", default: false },
    },
  });
  const chosen = SCENARIOS.filter(({ name }) => name.includes(values.only));
  const tools = await installTools();
  await installTime();
  await using folder = tempFolder(fastParent());
  await using daemon = await startBuildkitd({ tools });
  const clients = await makeClients(tools, daemon.address, folder.path);
  const buildctl = new Buildctl(tools.buildctl, daemon.address);
  const rows: Row[] = [];
  for (const scenario of chosen) {
    console.error(scenario.name);
    const bench = new Bench(scenario, clients, buildctl, folder.path);
    rows.push({ name: scenario.name, samples: await bench.run(Number(values.rounds)) });
  }
  console.log(tableOf(rows));
  save(rows);
  if (values.write) writeTable(rows, Number(values.rounds));
}

/** One scenario's runs. */
class Bench {
  readonly #scenario: Scenario;
  readonly #clients: Client[];
  readonly #buildctl: Buildctl;
  readonly #scratch: string;
  readonly #folder: string;

  constructor(scenario: Scenario, clients: Client[], buildctl: Buildctl, scratch: string) {
    this.#scenario = scenario;
    this.#clients = clients;
    this.#buildctl = buildctl;
    this.#scratch = scratch;
    this.#folder = join(scratch, "context");
  }

  async run(rounds: number): Promise<Record<string, Sample[]>> {
    this.#scenario.setUp(this.#folder);
    await this.#buildctl.run("prune", "--all");
    const samples: Record<string, Sample[]> = {};
    // The first round fills caches, those of the disk and of the modules too.
    for (let round = 0; round <= rounds; round++) {
      for (const client of this.#clients) {
        const sample = await this.#once(client, round);
        if (round > 0) (samples[client.name] ??= []).push(sample);
      }
    }
    rmSync(this.#folder, { recursive: true, force: true });
    return samples;
  }

  async #once(client: Client, round: number): Promise<Sample> {
    const { cold, change, commands } = this.#scenario;
    if (cold) await this.#buildctl.run("prune", "--all");
    change?.(this.#folder, round);
    const list = commands(client, this.#folder);
    const sample = list.length === 1
      ? await measure(list[0]!, this.#scratch)
      : await measureTogether(list, this.#scratch);
    const { wall, cpu, peak } = sample;
    console.error(
      `  ${client.name.padEnd(9)} ${wall.toFixed(2)} s  cpu ${cpu.toFixed(2)} s  ${
        peak.toFixed(0)
      } MiB`,
    );
    return sample;
  }
}

function save(rows: Row[]): void {
  const folder = fileURLToPath(new URL("results/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  const record = { date: new Date().toISOString(), ...versions(), rows };
  writeFileSync(join(folder, "latest.json"), JSON.stringify(record, null, 2) + "\n");
}

await main();
process.exitCode = 0;
