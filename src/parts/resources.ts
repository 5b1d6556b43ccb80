/** `resources`: limits for each container of a `RUN` (frontend/dockerui/attr.go, since BuildKit v0.31). */
import { OptionError } from "../errors.ts";
import { parseSize } from "../frontend/size.ts";
import { refuseUnknown, show } from "../options.ts";
import type { BuildOptions, Resources } from "../types.ts";
import { needsVersion } from "./needs_version.ts";
import type { BuildPart, PartBuilder } from "./part.ts";

/** The first minor version that knows them. */
const SINCE = 31;

/** How the builder reads lists of CPUs and memory nodes. */
const SET_REGEXP = /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/;

type Read = (value: unknown, option: string) => string;

/** The attribute of each limit; the compiler keeps this complete. */
const LIMITS: { readonly [Name in keyof Required<Resources>]: [attr: string, read: Read] } = {
  memory: ["memory", size],
  memorySwap: ["memswap", (value, option) => isUnlimited(value) ? "-1" : size(value, option)],
  cpuShares: ["cpushares", count],
  cpuPeriod: ["cpuperiod", count],
  cpuQuota: ["cpuquota", count],
  cpusetCpus: ["cpusetcpus", set],
  cpusetMems: ["cpusetmems", set],
};

/** Sets the limits. */
export function resourcesPart({ resources = {} }: BuildOptions): BuildPart {
  refuseUnknown(resources, Object.keys(LIMITS), "resources");
  const attrs = Object.entries(resources).flatMap(([name, value]) => {
    const [attr, read] = LIMITS[name as keyof Resources];
    return value === undefined ? [] : [[attr, read(value, `resources.${name}`)] as const];
  });
  if (attrs.length === 0) return {};
  return {
    attrs: Object.fromEntries(attrs),
    async forBuilder(builder: PartBuilder): Promise<BuildPart> {
      await needsVersion(builder, SINCE, "resources");
      return {};
    },
  };
}

function size(value: unknown, option: string): string {
  const bytes = parseSize(value as number | string, option);
  if (bytes > 0) return String(bytes);
  throw new OptionError(option, "nothing is no limit; leave it out", '"512m"');
}

function isUnlimited(value: unknown): boolean {
  return String(value).trim() === "-1";
}

function count(value: unknown, option: string): string {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return String(value);
  throw new OptionError(option, `${show(value)} is not a whole number above 0`);
}

function set(value: unknown, option: string): string {
  if (typeof value === "string" && SET_REGEXP.test(value)) return value;
  throw new OptionError(option, `${show(value)} is no list of numbers`, '"0-3", or "0,1"');
}
