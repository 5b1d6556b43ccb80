/** What the suites of the bench share. */
import { loadavg } from "node:os";
import type { Buildctl } from "../tests/support/buildctl.ts";
import type { Buildkitd } from "../tests/support/buildkitd.ts";
import type { Tools } from "../tests/support/tools.ts";
import type { Client } from "./clients.ts";
import type { Sample } from "./measure.ts";
import type { Runtime } from "./runtimes.ts";

/** What there is to measure with. */
export interface Setting {
  readonly tools: Tools;
  readonly daemon: Buildkitd;
  readonly buildctl: Buildctl;
  readonly clients: Record<Client["name"], Client>;
  readonly runtimes: Record<Runtime["name"], Runtime>;
  /** The environment of all clients. */
  readonly env: Record<string, string>;
  /** An empty folder, in memory where there is plenty. */
  readonly scratch: string;
  readonly rounds: number;
  /** Whether a scenario is asked for, by its name. */
  wanted(name: string): boolean;
}

/** What a suite has found. */
export interface Section {
  /** Markdown. */
  readonly text: string;
  /** The samples, for the record. */
  readonly data: unknown;
}

/** A part of the bench; it returns undefined where none of its scenarios is wanted. */
export type Suite = (setting: Setting) => Promise<Section | undefined>;

/** Says on stderr what is done. */
export const say: (line: string) => void = console.error;

/** The machine's load over the last minute, which tells a noisy run. */
export function load(): number {
  return loadavg()[0] ?? 0;
}

/** Lets all take turns, so that what else the machine does meets each of them. The first round fills caches and does not count. */
export async function interleave<Name extends string>(
  names: readonly Name[],
  rounds: number,
  once: (name: Name, round: number) => Promise<Sample>,
): Promise<Record<Name, Sample[]>> {
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Sample[]
  >;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const sample = await once(name, round);
      if (round > 0) samples[name].push(sample);
      const { wall, cpu, peak } = sample;
      say(`  ${name.padEnd(10)} ${wall.toFixed(2)} s  cpu ${cpu.toFixed(2)} s  ${peak | 0} MiB`);
    }
  }
  return samples;
}
