import { OptionError } from "../errors.ts";
import type { PartBuilder } from "./part.ts";

/** Versions of builders that somebody has made of an unreleased state. */
const UNRELEASED_REGEXP = /^v?0\.0\.0|-\d+-g[0-9a-f]+/;

/**
 * Says no to builders older than `v0.MINOR`: what they do not know of, they would pass over in silence.
 *
 * @throws {OptionError} that names the option and both versions
 */
export async function needsVersion(
  { address, version }: PartBuilder,
  minor: number,
  option: string,
): Promise<void> {
  const text = await version?.();
  if (text === undefined || UNRELEASED_REGEXP.test(text)) return;
  const [, major = "0", found = "0"] = /^v?(\d+)\.(\d+)/.exec(text) ?? [];
  if (Number(major) > 0 || Number(found) >= minor) return;
  // Before v0.11 they did not tell.
  const is = text === "" ? "older than v0.11" : text;
  throw new OptionError(
    option,
    `it needs BuildKit v0.${minor} or later, and the builder at ${address} is ${is}. Use a newer one`,
  );
}
