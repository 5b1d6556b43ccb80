/** What must not grow or stay: memory before a slow daemon, and anything at all after an abort. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeBigFile } from "./contexts.ts";
import { buildctl as buildctlFor, ours } from "./clients.ts";
import { measure, measureOutput, type Sample } from "./measure.ts";
import { median, table } from "./statistics.ts";
import { load, say, type Section, type Setting } from "./suite.ts";
import { startThrottle } from "./throttle.ts";

const MEBIBYTES = 1_024;
const RATE_MIB = 20;
const ABORTS = 10;
const RUNTIMES = ["deno", "node"] as const;

/** Measures both where wanted. */
export async function limits(setting: Setting): Promise<Section | undefined> {
  const slow = setting.wanted("slow daemon");
  const aborted = setting.wanted("abort");
  if (!slow && !aborted) return undefined;
  const context = join(setting.scratch, "context");
  makeBigFile(context, MEBIBYTES);
  const sections: Section[] = [];
  if (slow) sections.push(await slowDaemon(setting, context));
  if (aborted) sections.push(await aborts(setting, context));
  rmSync(context, { recursive: true, force: true });
  const text = sections.map((section) => section.text).join("\n\n");
  return { text, data: sections.map((section) => section.data) };
}

/** The same upload as fast as the daemon takes it and through a proxy that passes few bytes. */
async function slowDaemon(setting: Setting, context: string): Promise<Section> {
  const { daemon, tools, env, scratch, buildctl, runtimes } = setting;
  say(`${MEBIBYTES} MiB to a slow daemon (load ${load().toFixed(1)})`);
  await using throttle = await startThrottle(daemon.tcpAddress, RATE_MIB << 20);
  const samples: Record<string, Record<"free" | "slow", Sample>> = {};
  const clients = (address: string) => [
    buildctlFor(tools.buildctl, address, env),
    ...RUNTIMES.map((name) => ours(runtimes[name], address, env)),
  ];
  for (
    const [pace, address] of [["free", daemon.tcpAddress], ["slow", throttle.address]] as const
  ) {
    for (const client of clients(address)) {
      await buildctl.run("prune", "--all");
      const sample = await measure(client.build({ context }), scratch);
      say(`  ${client.name} ${pace}: ${sample.wall.toFixed(2)} s  ${sample.peak | 0} MiB`);
      samples[client.name] = { ...samples[client.name]!, [pace]: sample };
    }
  }
  const rows = Object.entries(samples).map(([name, { free, slow }]) => [
    name,
    ...[free, slow].flatMap(({ wall, peak }) => [`${wall.toFixed(1)} s`, peak.toFixed(0)]),
  ]);
  const head = ["client", "unhindered", "peak MiB", `at ${RATE_MIB} MiB/s`, "peak MiB"];
  const text = `${MEBIBYTES} MiB over TCP, one run each.\n\n${table(head, rows)}`;
  return { text, data: samples };
}

/** Builds that are aborted in the middle of their transfer, all in one process. */
async function aborts(setting: Setting, context: string): Promise<Section> {
  const { daemon, env, scratch, buildctl, runtimes } = setting;
  const results: Record<string, { rejected: number; closed: number }[]> = {};
  for (const name of RUNTIMES) {
    say(`${ABORTS} aborts in the middle of a transfer, ${name} (load ${load().toFixed(1)})`);
    await buildctl.run("prune", "--all");
    const command = runtimes[name].script("abort", daemon.address, context, `${ABORTS}`);
    const { output } = await measureOutput({ ...command, env }, scratch);
    results[name] = JSON.parse(output.trim().split("\n").at(-1)!);
  }
  const rows = Object.entries(results).map(([name, all]) => [
    name,
    ...(["rejected", "closed"] as const).flatMap((key) => {
      const values = all.map((one) => one[key]);
      return [median(values).toFixed(1), Math.max(...values).toFixed(1)];
    }),
  ]);
  const head = ["runtime", "rejected after (ms)", "at most", "nothing open after (ms)", "at most"];
  const text =
    `${ABORTS} builds, aborted after 32 MiB of a file: milliseconds from \`abort()\`.\n\n` +
    table(head, rows);
  return { text, data: results };
}
