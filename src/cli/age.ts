/** How long ago something was, for people. */

const SECOND = 1000;
const UNITS: ReadonlyArray<readonly [name: string, milliseconds: number]> = [
  ["year", 365 * 24 * 3600 * SECOND],
  ["month", 30 * 24 * 3600 * SECOND],
  ["week", 7 * 24 * 3600 * SECOND],
  ["day", 24 * 3600 * SECOND],
  ["hour", 3600 * SECOND],
  ["minute", 60 * SECOND],
  ["second", SECOND],
];

/** `5 minutes ago`: whole units, and the larger one only when there are two of it. */
export function formatAge(time: Date, now: number): string {
  const age = Math.max(0, now - time.getTime());
  const [name, length] = UNITS.find(([, length]) => age >= 2 * length) ?? UNITS.at(-1)!;
  const count = Math.floor(age / length);
  if (count === 0) return "just now";
  return `${count} ${name}${count === 1 ? "" : "s"} ago`;
}
