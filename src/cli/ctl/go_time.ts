/** Times and durations as Go's programs read and write them. */
import { UsageError } from "../usage_error.ts";

/** RFC 3339 in UTC with as many digits of a second as there are, as Go's JSON has it. */
export function rfc3339Nano(nanoseconds: bigint): string {
  const { date, fraction } = split(nanoseconds);
  return `${date.toISOString().slice(0, 19)}${digits(fraction)}Z`;
}

/** What `time.Time.String()` gives in UTC: `2026-01-02 15:04:05.123 +0000 UTC`. */
export function goTime(nanoseconds: bigint): string {
  const { date, fraction } = split(nanoseconds);
  return `${date.toISOString().slice(0, 19).replace("T", " ")}${digits(fraction)} +0000 UTC`;
}

/** RFC 3339 in this machine's time zone, whole seconds. */
export function rfc3339Local(nanoseconds: bigint): string {
  const { date } = split(nanoseconds);
  const minutes = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  if (minutes === 0) return `${local}Z`;
  const pad = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}

function split(nanoseconds: bigint): { date: Date; fraction: bigint } {
  const fraction = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return { date: new Date(Number((nanoseconds - fraction) / 1_000_000n)), fraction };
}

function digits(fraction: bigint): string {
  if (fraction === 0n) return "";
  return `.${String(fraction).padStart(9, "0").replace(/0+$/, "")}`;
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Nanoseconds of a duration such as `1h30m` or `0`. Throws a `UsageError`. */
export function parseGoDuration(flag: string, text: string): bigint {
  const match = /^([+-]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
  if (match === null) {
    throw new UsageError(
      `invalid value "${text}" for flag -${flag}: it is not a duration`,
      "Write numbers with units, for example 24h or 1h30m",
    );
  }
  let sum = 0;
  for (const [, value, unit] of match[2]!.matchAll(/([\d.]+)([a-zµ]+)/g)) {
    sum += Number(value) * UNITS[unit!]!;
  }
  return BigInt(Math.round(match[1] === "-" ? -sum : sum));
}

/** A duration as Go prints it: `48h0m0s`, `1.5s`. */
export function goDuration(nanoseconds: bigint): string {
  const count = Number(nanoseconds);
  if (count === 0) return "0s";
  if (count < 1e9) {
    const unit = count < 1e3 ? "ns" : count < 1e6 ? "µs" : "ms";
    return `${count / UNITS[unit]!}${unit}`;
  }
  const seconds = count / 1e9;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${Number((seconds % 60).toFixed(9))}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
