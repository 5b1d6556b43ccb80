/** Ours under the profilers of Deno and Node, and the functions in which the time goes. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, measureTogether } from "./measure.ts";
import { SCENARIOS } from "./scenarios.ts";
import { table } from "./statistics.ts";
import { say, type Setting } from "./suite.ts";

const SHOWN = 25;

/** Profiles each wanted scenario of the comparison; the `.cpuprofile` files stay in a folder that is named at the end. */
export async function profile(setting: Setting): Promise<void> {
  const { buildctl, clients, scratch } = setting;
  const kept = mkdtempSync(join(tmpdir(), "moat-bench-profile-"));
  const context = join(scratch, "context");
  for (const scenario of SCENARIOS.filter(({ name }) => setting.wanted(name))) {
    scenario.setUp(context);
    for (const name of ["deno", "node"] as const) {
      const folder = join(kept, `${scenario.name.replaceAll(/\W+/g, "-")}-${name}`);
      mkdirSync(folder);
      // A run that does not count, as in the comparison.
      for (const profiled of [false, true]) {
        if (scenario.cold) await buildctl.run("prune", "--all");
        scenario.change?.(context, Number(profiled));
        const commands = scenario.commands(clients[name], context);
        await measureTogether(
          profiled ? commands.map((command) => profiling(command, folder)) : commands,
          scratch,
        );
      }
      console.log(`\n${scenario.name}, ${name}\n\n${topFunctions(folder)}`);
    }
    rmSync(context, { recursive: true, force: true });
  }
  say(`Profiles: ${kept}`);
}

/** Deno takes the flags after `run`, Node before the program. */
function profiling(command: Command, folder: string): Command {
  const [first = "", ...rest] = command.args;
  const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`];
  return {
    ...command,
    args: first === "run" ? [first, ...flags, ...rest] : [...flags, first, ...rest],
  };
}

/** The part of V8's format that is used here. */
interface CpuProfile {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
  }[];
  /** The node of each sample, and the microseconds since the one before. */
  samples: number[];
  timeDeltas: number[];
}

/** A table of the functions that took the most time themselves, without what they called. */
function topFunctions(folder: string): string {
  const times = new Map<string, number>();
  let total = 0;
  for (const file of readdirSync(folder)) {
    const { nodes, samples, timeDeltas } = JSON.parse(
      readFileSync(join(folder, file), "utf8"),
    ) as CpuProfile;
    const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
    samples.forEach((id, i) => {
      const name = names.get(id) ?? "";
      const microseconds = timeDeltas[i] ?? 0;
      if (name !== "(idle)") total += microseconds;
      times.set(name, (times.get(name) ?? 0) + microseconds);
    });
  }
  const rows = [...times].sort(([, a], [, b]) => b - a).slice(0, SHOWN).map(([name, time]) => [
    (time / 1_000).toFixed(1),
    name === "(idle)" ? "" : `${(time / total * 100).toFixed(1)}%`,
    name,
  ]);
  return table(["ms", "of what was not idle", "function"], rows);
}

function nameOf(
  { functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"],
): string {
  const name = functionName || "(anonymous)";
  return url ? `${name} ${url.split("/").slice(-2).join("/")}:${lineNumber + 1}` : name;
}
