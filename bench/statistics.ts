/** Medians, spreads and ratios of samples, and tables of them. */
import type { Sample } from "./measure.ts";

/** The middle of `values`; NaN if there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** The median of one of the samples' numbers. */
export function middle(samples: readonly Sample[], key: keyof Sample): number {
  return median(samples.map((sample) => sample[key]));
}

/** Seconds, with the least and the most. */
export function time(samples: readonly Sample[]): string {
  const walls = samples.map(({ wall }) => wall);
  const [least, most] = [Math.min(...walls), Math.max(...walls)].map((wall) => wall.toFixed(2));
  return `${middle(samples, "wall").toFixed(2)} s (${least}-${most})`;
}

/** How much more of it `samples` took than `base`. */
export function ratio(
  samples: readonly Sample[],
  base: readonly Sample[],
  key: keyof Sample,
): string {
  return (middle(samples, key) / middle(base, key)).toFixed(2);
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
