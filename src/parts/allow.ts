/** `allow`: what a build may do beyond its sandbox (util/entitlements). */
import { OptionError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { show } from "../options.ts";
import type { BuildOptions } from "../types.ts";
import type { BuildPart } from "./part.ts";

const KNOWN = ["network.host", "security.insecure", "device"];

/** `device`, `device=NAME`, `device=NAME,alias=OTHER`. */
const DEVICE_REGEXP = /^device(?:=[^\s,"]+(?:,alias=[^\s,"]+)?)?$/;

/** Grants the entitlements, as far as the builder's own configuration does. */
export function allowPart({ allow = [] }: BuildOptions): BuildPart {
  for (const [i, item] of allow.entries()) check(item, `allow[${i}]`);
  return { entitlements: allow };
}

function check(item: string, option: string): void {
  if (item === "network.host" || item === "security.insecure" || DEVICE_REGEXP.test(item)) return;
  if (item.startsWith("device=")) {
    throw new OptionError(option, `${show(item)} is not a device`, '"device=vendor.com/gpu=all"');
  }
  const guess = nearest(item, KNOWN);
  throw new OptionError(
    option,
    `${show(item)} is nothing that can be allowed; ` +
      (guess === undefined ? `there are ${KNOWN.join(", ")}` : `did you mean ${guess}?`),
  );
}
