import { cutPair } from "./key_value_flag.ts";
import { UsageError } from "./usage_error.ts";

/** The annotations of `--annotation [LEVEL:]KEY=VALUE`; a later one replaces an earlier one. Throws a `UsageError`. */
export function parseAnnotations(items: readonly string[]): Record<string, string> {
  const pairs = items.filter((item) => item !== "").map((item) => {
    const { key, value } = cutPair(item);
    if (value !== undefined) return [key, value] as const;
    throw new UsageError(
      `--annotation "${item}" has no value`,
      "Write --annotation KEY=VALUE, or --annotation index:KEY=VALUE",
    );
  });
  return Object.fromEntries(pairs);
}
