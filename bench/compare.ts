/** The comparison: the same builds by buildctl, buildx and ours. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { atRest } from "./at_rest.ts";
import { CLIENT_NAMES } from "./clients.ts";
import { interleave } from "./interleave.ts";
import { measureTogether, type Sample } from "./measure.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";
import { middle, ratio, table, time } from "./statistics.ts";
import { load, say, type Section, type Setting } from "./suite.ts";

type Name = typeof CLIENT_NAMES[number];

/** How many runs a quick scenario has for one of the others. */
const QUICK_RUNS = 3;

/** A scenario's samples by client. */
interface Row {
  name: string;
  goal: Scenario["goal"];
  /** The machine's load before it began. */
  load: number;
  samples: Record<Name, Sample[]>;
}

/** Measures all that is wanted. */
export async function compare(setting: Setting): Promise<Section | undefined> {
  const rows: Row[] = [];
  for (const scenario of SCENARIOS.filter(({ name }) => setting.wanted(name))) {
    const before = load();
    say(`${scenario.name} (load ${before.toFixed(1)})`);
    const samples = await runScenario(scenario, setting);
    rows.push({ name: scenario.name, goal: scenario.goal, load: before, samples });
  }
  if (rows.length === 0) return undefined;
  const quick = setting.rounds * QUICK_RUNS;
  const text = [
    `Medians of ${setting.rounds} rounds, of the last two ${quick}, with the least and the most.`,
    tableOf(rows),
  ].join("\n\n");
  return { text, data: rows };
}

async function runScenario(
  { setUp, cold, quick, change, commands }: Scenario,
  { buildctl, clients, daemon, scratch, rounds }: Setting,
): Promise<Row["samples"]> {
  const folder = join(scratch, "context");
  setUp(folder);
  await buildctl.run("prune", "--all");
  const runs = quick ? rounds * QUICK_RUNS : rounds;
  const samples = await interleave(CLIENT_NAMES, runs, async (name, round) => {
    if (cold || change) await buildctl.run("prune", "--all");
    if (change) {
      await measureTogether(commands(clients[name], folder), scratch);
      change(folder, round);
    }
    const run = commands(clients[name], folder);
    await atRest(daemon.pid);
    return await measureTogether(run, scratch);
  });
  rmSync(folder, { recursive: true, force: true });
  return samples;
}

const HEAD = [
  ...["scenario", "buildctl", "buildx", "ratio", "Deno", "ratio", "Node", "ratio"],
  ...["goal (Deno / Node)", "CPU ratio (buildx / Deno / Node)"],
  ...["peak MiB (buildctl / buildx / Deno / Node)", "load"],
];

function tableOf(rows: readonly Row[]): string {
  const others = ["buildx", "deno", "node"] as const;
  const lines = rows.map(({ name, goal, samples, load }) => [
    ...[name, time(samples.buildctl)],
    ...others.flatMap((client) => [
      time(samples[client]),
      ratio(samples[client], samples.buildctl, "wall"),
    ]),
    [goal.deno, goal.node].map((value) => value.toFixed(2)).join(" / "),
    others.map((client) => ratio(samples[client], samples.buildctl, "cpu")).join(" / "),
    CLIENT_NAMES.map((client) => middle(samples[client], "peak").toFixed(0)).join(" / "),
    load.toFixed(1),
  ]);
  return table(HEAD, lines);
}
