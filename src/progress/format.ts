/** Numbers as the displays print them: sizes, durations, times. */

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/** A size in decimal units with two digits: `123B`, `1.23kB`, `4.50GB`. */
export function formatBytes(bytes: number | bigint): string {
  let value = Number(bytes);
  let unit = 0;
  while (Math.abs(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${value}B` : `${value.toFixed(2)}${UNITS[unit]}`;
}

/** Seconds in `nanoseconds`. */
export function toSeconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}

/** Milliseconds in `nanoseconds`, to within a microsecond for times since the epoch. */
export function toMilliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1000n) / 1000;
}

/** A duration with one decimal: `12.3s`. */
export function formatDuration(seconds: number): string {
  return `${seconds.toFixed(1)}s`;
}

/** The time in front of a log line: about four digits, fewer decimals as it grows. */
export function formatLogTime(seconds: number): string {
  return seconds.toFixed(seconds < 10 ? 3 : seconds < 100 ? 2 : 1);
}

/** `1.23kB / 4.56kB` where the total is known, else what is done so far, else nothing. */
export function formatAmount(current: bigint, total: bigint): string {
  if (total !== 0n) return `${formatBytes(current)} / ${formatBytes(total)}`;
  return current === 0n ? "" : formatBytes(current);
}
