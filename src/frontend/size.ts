import { OptionError } from "../errors.ts";

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  p: 2 ** 50,
};

/** The daemon counts in 64 bits, signed. */
const MAX_SIZE = 2 ** 63;

/**
 * A size in bytes, from a number or text with a binary unit: `64m`, `1.5g`, `512kb` (docker/go-units RAMInBytes).
 *
 * @throws {OptionError} if it is not a size
 */
export function parseSize(size: number | string, option: string): number {
  const match = /^(\d+\.?\d*|\.\d+) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(String(size).trim());
  const bytes = match === null ? NaN : Number(match[1]) * UNITS[match[2]?.toLowerCase() ?? ""]!;
  if (!(bytes < MAX_SIZE)) {
    throw new OptionError(option, `"${size}" is not a size`, '"128m"');
  }
  return Math.floor(bytes);
}
