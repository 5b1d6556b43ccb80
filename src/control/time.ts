/** Times and durations of the wire, which are nanoseconds. */

/** Milliseconds in a duration. */
export function toMilliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}

/** A duration of `milliseconds`. */
export function toNanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1e6));
}

/** A point in time, to the millisecond. */
export function toDate(nanoseconds: bigint): Date {
  return new Date(Number(nanoseconds / 1_000_000n));
}
