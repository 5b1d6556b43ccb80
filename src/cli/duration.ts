/** Durations as Go writes them, which daemons and their clients take. */
import { UsageError } from "./usage_error.ts";

const MILLISECONDS: Readonly<Record<string, number>> = {
  ...{ ns: 1e-6, us: 1e-3, "µs": 1e-3, ms: 1, s: 1000 },
  ...{ m: 60_000, h: 3_600_000, d: 86_400_000 },
};
const PART = "(?:\\d+\\.?\\d*|\\.\\d+)(?:ns|us|µs|ms|s|m|h|d)";
const DURATION_REGEXP = new RegExp(`^(?:${PART})+$`);

/** Milliseconds of `1h30m`, `45s`, `7d`. Throws a `UsageError` that names the flag. */
export function parseDuration(flag: string, text: string): number {
  const milliseconds = durationOf(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new UsageError(
    `${flag} "${text}" is not a duration`,
    "Write for example 24h, 90m or 1h30m",
  );
}

/** Like {@linkcode parseDuration}; undefined for what is no duration. */
export function durationOf(text: string): number | undefined {
  if (text === "0") return 0;
  if (!DURATION_REGEXP.test(text)) return undefined;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/([\d.]+)([a-zµ]+)/g)) {
    sum += Number(count) * MILLISECONDS[unit!]!;
  }
  return sum;
}
