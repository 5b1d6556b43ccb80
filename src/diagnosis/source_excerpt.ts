/** The lines of a Dockerfile that a build failed at, marked (buildkit solver/errdefs source.go). */
import type { ErrorSource } from "./details.ts";
import { readableLine } from "./readable.ts";

const RULE = "-".repeat(20);

/** The lines of an excerpt; none if the daemon did not say where. */
export function sourceExcerpt(source: ErrorSource): string[] {
  const { filename, lines, ranges } = source;
  const first = firstLine(source);
  const last = Math.max(...ranges.map(({ end }) => end));
  if (first === undefined) return [];
  const context = first === last ? 2 : 1;
  const from = Math.max(1, first - context);
  // What follows the last line's end is no line.
  const end = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  const numbered = lines.slice(from - 1, Math.min(end, last + context)).map((text, i) => {
    const mark = isFailed(source, from + i) ? ">>>" : "   ";
    return ` ${String(from + i).padStart(3)} | ${mark} ${readableLine(text)}`.trimEnd();
  });
  return [`${filename}:${first}`, RULE, ...numbered, RULE];
}

/** The first line that failed; undefined if there is none. */
export function firstLine({ lines, ranges }: ErrorSource): number | undefined {
  const first = Math.min(...ranges.map(({ start }) => start));
  return ranges.length === 0 || first < 1 || first > lines.length ? undefined : first;
}

/** The lines that failed, with their numbers from 1. */
export function failedLines(source: ErrorSource): Array<{ line: number; text: string }> {
  return source.lines.map((text, i) => ({ line: i + 1, text: readableLine(text) }))
    .filter(({ line }) => isFailed(source, line));
}

function isFailed({ ranges }: ErrorSource, line: number): boolean {
  return ranges.some(({ start, end }) => start <= line && line <= end);
}
