/** A time during which something ran; without an end it still does. Nanoseconds since the epoch. */
export interface Interval {
  readonly started: bigint;
  readonly completed: bigint | undefined;
}

/** The intervals in order of start, those that touch or overlap joined. One that goes on swallows all later ones. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const sorted = [...intervals].sort((a, b) => Number(a.started - b.started));
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last === undefined || endsBefore(last, next.started)) merged.push(next);
    else merged[merged.length - 1] = { started: last.started, completed: later(last, next) };
  }
  return merged;
}

/** The intervals' lengths together, in nanoseconds; `now` ends those that go on. */
export function totalTime(intervals: readonly Interval[], now: bigint): bigint {
  let total = 0n;
  for (const { started, completed = now } of intervals) {
    if (completed > started) total += completed - started;
  }
  return total;
}

function endsBefore({ completed }: Interval, time: bigint): boolean {
  return completed !== undefined && completed < time;
}

function later({ completed: a }: Interval, { completed: b }: Interval): bigint | undefined {
  if (a === undefined || b === undefined) return undefined;
  return a > b ? a : b;
}
