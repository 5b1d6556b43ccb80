import { nearest } from "../nearest.ts";
import type { Resources } from "../types.ts";
import { cutPair } from "./key_value_flag.ts";
import { UsageError } from "./usage_error.ts";

/** The limits by their names on the command line; those that are numbers, and those that are text. */
const TEXTS = {
  memory: "memory",
  "memory-swap": "memorySwap",
  "cpuset-cpus": "cpusetCpus",
  "cpuset-mems": "cpusetMems",
} as const;
const NUMBERS = {
  "cpu-shares": "cpuShares",
  "cpu-period": "cpuPeriod",
  "cpu-quota": "cpuQuota",
} as const;

const NAMES = [...Object.keys(TEXTS), ...Object.keys(NUMBERS)];

/** The limits of `--resource NAME=VALUE`; a later one replaces an earlier one. Throws a `UsageError`. */
export function parseResources(items: readonly string[]): Resources {
  const resources: Resources = {};
  for (const item of items) {
    const { key, value = "" } = cutPair(item);
    const [name, text] = [key.trim(), value.trim()];
    if (text === "") {
      throw new UsageError(`--resource "${item}" has no value`, "Write --resource memory=512m");
    }
    if (Object.hasOwn(TEXTS, name)) resources[TEXTS[name as keyof typeof TEXTS]] = text;
    else if (!Object.hasOwn(NUMBERS, name)) throw unknown(item, name);
    else if (/^\d+$/.test(text)) resources[NUMBERS[name as keyof typeof NUMBERS]] = Number(text);
    else throw new UsageError(`--resource "${item}": ${name} is a whole number, not "${text}"`);
  }
  return resources;
}

function unknown(item: string, name: string): UsageError {
  const guess = nearest(name, NAMES);
  return new UsageError(
    `--resource "${item}": "${name}" is not a limit`,
    guess === undefined ? `Limits are ${NAMES.join(", ")}` : `Did you mean ${guess}?`,
  );
}
