/** The order of runs. */
import type { Sample } from "./measure.ts";
import { say } from "./suite.ts";

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
    for (const name of orderOf(names, round)) {
      const sample = await once(name, round);
      if (round > 0) samples[name].push(sample);
      const { wall, cpu, peak } = sample;
      say(`  ${name.padEnd(10)} ${wall.toFixed(2)} s  cpu ${cpu.toFixed(2)} s  ${peak | 0} MiB`);
    }
  }
  return samples;
}

/**
 * The order of one round. In as many rounds as there are names (twice as many, where their number is odd) each comes after each of
 * the others equally often, so that none has always the same one's traces before it: a Williams design.
 */
export function orderOf<Name>(names: readonly Name[], round: number): Name[] {
  const { length } = names;
  const order = names.map((_, i) => {
    const place = i % 2 === 0 ? i / 2 : length - (i + 1) / 2;
    return names[(place + round) % length]!;
  });
  return length % 2 === 1 && round % 2 === 1 ? order.reverse() : order;
}
