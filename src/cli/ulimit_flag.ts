import { cutPair } from "./key_value_flag.ts";
import { UsageError } from "./usage_error.ts";

/** The limits of `--ulimit NAME=SOFT[:HARD]`; a later one replaces an earlier one. Throws a `UsageError`. */
export function parseUlimits(items: readonly string[]): Record<string, string> {
  const limits = new Map<string, string>();
  for (const item of items) {
    const { key, value = "" } = cutPair(item);
    if (!/^[a-z]+$/.test(key) || !/^-?\d+(:-?\d+)?$/.test(value)) {
      throw new UsageError(
        `--ulimit "${item}" is not a name and its limits`,
        "Write --ulimit nofile=1024:2048",
      );
    }
    limits.set(key, value);
  }
  return Object.fromEntries(limits);
}
