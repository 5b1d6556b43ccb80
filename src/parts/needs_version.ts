import { UnsupportedError } from "../errors.ts";
import type { PartBuilder } from "./part.ts";

/** Versions of builders that somebody has made of an unreleased state. */
const UNRELEASED_REGEXP = /^v?0\.0\.0|-\d+-g[0-9a-f]+/;

/** The first minor version that tells which one it is. */
const TELLING = 11;

/**
 * Says no to builders older than `v0.MINOR`: what they do not know of, they would pass over in silence.
 *
 * @throws {UnsupportedError} that names the option and both versions
 */
export async function needsVersion(
  { kind, address, version }: PartBuilder,
  minor: number,
  option: string,
): Promise<void> {
  const text = await version?.();
  if (text === undefined || UNRELEASED_REGEXP.test(text)) return;
  // A daemon that does not tell may be new enough. In Docker engines those are v0.8 all.
  if (text === "" && minor < TELLING && kind === "standalone") return;
  const [, major = "0", found = "0"] = /^v?(\d+)\.(\d+)/.exec(text) ?? [];
  if (Number(major) > 0 || Number(found) >= minor) return;
  const is = text === "" ? `older than v0.${TELLING}` : text;
  throw new UnsupportedError(
    option,
    `${option} needs BuildKit v0.${minor} or later, and the builder at ${address} is ${is}. Use a newer one`,
  );
}
