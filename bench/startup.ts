/** Where start-up goes: the runtime, the import, the first build, the next ones; as published and from the sources. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { installRuntimes } from "../tests/support/runtimes.ts";
import { makeSmall } from "./contexts.ts";
import { type Command, measure, measureOutput, type Sample } from "./measure.ts";
import { denoRun, path } from "./runtimes.ts";
import { median, table } from "./statistics.ts";
import { load, say, type Section, type Setting } from "./suite.ts";

/** These runs are short: more of them make a steady median. */
const RUNS_PER_ROUND = 3;
const BUILDS = 20;

/** Measures whole processes, and what happens within one. */
export async function startup(setting: Setting): Promise<Section | undefined> {
  if (!setting.wanted("start-up")) return undefined;
  const context = join(setting.scratch, "context");
  makeSmall(context, "start-up");
  const before = load();
  say(`start-up (load ${before.toFixed(1)})`);
  const processes = await wholeProcesses(setting, context);
  const within = await withinProcesses(setting, context);
  rmSync(context, { recursive: true, force: true });
  const rows = Object.entries(processes).map(([name, all]) => {
    const walls = all.map(({ wall }) => wall * 1_000);
    const values = [median(walls), Math.min(...walls), Math.max(...walls), meanCpu(all) * 1_000];
    return [name, ...values.map((value) => value.toFixed(0))];
  });
  const parts = Object.entries(within).map(([name, { imported, first, next }]) => [
    name,
    ...[imported, first, next].map((all) => median(all).toFixed(1)),
  ]);
  const text = [
    `Whole processes, in milliseconds; the build is one file from the cache. Load ${
      before.toFixed(1)
    }.`,
    table(["process", "median", "least", "most", "CPU, mean"], rows),
    "Within a program that imports the library, in milliseconds.",
    table(["runtime", "import", "first build", "each of the next"], parts),
  ].join("\n\n");
  return { text, data: { load: before, processes, within } };
}

async function wholeProcesses(
  setting: Setting,
  context: string,
): Promise<Record<string, Sample[]>> {
  const commands = { ...contestants(setting, context), ...await emptyPrograms(setting) };
  const samples: Record<string, Sample[]> = {};
  for (let i = 0; i <= setting.rounds * RUNS_PER_ROUND; i++) {
    for (const [name, command] of Object.entries(commands)) {
      const sample = await measure({ ...command, env: setting.env }, setting.scratch);
      // The first one fills caches.
      if (i > 0) (samples[name] ??= []).push(sample);
    }
  }
  return samples;
}

/** The mean, for one run's is told in hundredths of a second. */
function meanCpu(samples: readonly Sample[]): number {
  return samples.reduce((sum, { cpu }) => sum + cpu, 0) / samples.length;
}

function contestants(
  { clients, runtimes: { deno, node }, daemon }: Setting,
  context: string,
): Record<string, Command> {
  const args = clients.deno.build({ context }).args;
  const flags = args.slice(args.indexOf("build"));
  const program = ["builds", daemon.address, context, "1"] as const;
  return {
    "buildctl build": clients.buildctl.build({ context }),
    "buildx build": clients.buildx.build({ context }),
    "Deno, an empty program": deno.script("empty"),
    "Deno, a program that imports the library": deno.script("import"),
    "Deno, a program that builds once": deno.script(...program),
    "Deno, our command": clients.deno.build({ context }),
    "Deno, our command from the sources": denoRun(path("../cli.ts"), flags, [
      "--config",
      path("../deno.json"),
    ]),
    "Node, a program that imports the library": node.script("import"),
    "Node, a program that builds once": node.script(...program),
    "Node, our command": clients.node.build({ context }),
  };
}

/** What the runtimes that the package works on take for nothing at all. */
async function emptyPrograms(
  { runtimes: { node } }: Setting,
): Promise<Record<string, Command>> {
  const { args } = node.script("empty");
  return Object.fromEntries((await installRuntimes()).map(({ name, program }) => [
    `${name}, an empty program`,
    { program, args },
  ]));
}

interface Within {
  imported: number[];
  first: number[];
  next: number[];
}

async function withinProcesses(
  { runtimes, daemon, scratch, rounds, env }: Setting,
  context: string,
): Promise<Record<string, Within>> {
  const results: Record<string, Within> = {};
  for (let i = 0; i <= rounds * RUNS_PER_ROUND; i++) {
    for (const [name, runtime] of Object.entries(runtimes)) {
      const command = runtime.script("builds", daemon.address, context, `${BUILDS}`);
      const { output } = await measureOutput({ ...command, env }, scratch);
      if (i === 0) continue;
      const { imported, builds } = JSON.parse(output) as { imported: number; builds: number[] };
      const result = results[name] ??= { imported: [], first: [], next: [] };
      result.imported.push(imported);
      result.first.push(builds[0]!);
      result.next.push(median(builds.slice(1)));
    }
  }
  return results;
}
