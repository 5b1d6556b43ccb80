/** The part of a Dockerfile that a build failed at (buildkit solver/errdefs source.go). */
import type { ErrorSource } from "../build_error.ts";

const RULE = "-".repeat(20);

/** The lines of a snippet; none if the daemon did not say where. */
export function sourceSnippet({ filename, lines, ranges }: ErrorSource): string[] {
  const first = Math.min(...ranges.map(({ start }) => start));
  const last = Math.max(...ranges.map(({ end }) => end));
  if (ranges.length === 0 || first < 1 || first > lines.length) return [];
  const context = first === last ? 2 : 1;
  const from = Math.max(1, first - context);
  const numbered = lines.slice(from - 1, last + context).map((text, i) => {
    const line = from + i;
    const failed = ranges.some(({ start, end }) => start <= line && line <= end);
    return ` ${String(line).padStart(3)} | ${failed ? ">>>" : "   "} ${text}`;
  });
  return [`${filename}:${first}`, RULE, ...numbered, RULE];
}
