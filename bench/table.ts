/** Samples as a Markdown table. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Sample } from "./measure.ts";

/** A scenario's samples by client. */
export interface Row {
  name: string;
  samples: Record<string, Sample[]>;
}

const OURS = ["deno", "node"];
const HEAD = [
  "scenario",
  "buildctl",
  "Deno",
  "ratio",
  "Node",
  "ratio",
  "CPU ratio (Deno / Node)",
  "peak MiB (buildctl / Deno / Node)",
];

/** A Markdown table: medians with their spread, ratios to buildctl. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ name, samples }) => {
    const base = samples.buildctl ?? [];
    const times = OURS.flatMap((client) => [
      time(samples[client] ?? []),
      ratio(samples[client] ?? [], base, "wall"),
    ]);
    const cpu = OURS.map((client) => ratio(samples[client] ?? [], base, "cpu")).join(" / ");
    const peaks = ["buildctl", ...OURS].map((client) =>
      median(samples[client] ?? [], "peak").toFixed(0)
    );
    return [name, time(base), ...times, cpu, peaks.join(" / ")];
  });
  const all = [HEAD, HEAD.map(() => "---"), ...lines];
  return all.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Puts the table between the marks in docs/performance.md. */
export function writeTable(rows: readonly Row[], rounds: number): void {
  const file = fileURLToPath(new URL("../docs/performance.md", import.meta.url));
  const text = readFileSync(file, "utf8");
  const table = `<!-- table -->\n\nMedians of ${rounds} rounds, with the least and the most.\n\n${
    tableOf(rows)
  }\n\n<!-- end -->`;
  writeFileSync(file, text.replace(/<!-- table -->[\s\S]*<!-- end -->/, table));
}

function time(samples: readonly Sample[]): string {
  const walls = samples.map(({ wall }) => wall);
  const middle = median(samples, "wall").toFixed(2);
  return `${middle} s (${Math.min(...walls).toFixed(2)}-${Math.max(...walls).toFixed(2)})`;
}

function ratio(ours: readonly Sample[], base: readonly Sample[], key: keyof Sample): string {
  return (median(ours, key) / median(base, key)).toFixed(2);
}

function median(samples: readonly Sample[], key: keyof Sample): number {
  const sorted = samples.map((sample) => sample[key]).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
