/** `--build-context NAME=VALUE`. */
import { cutPair } from "./key_value_flag.ts";
import { UsageError } from "./usage_error.ts";

/** The named contexts of repeated flags; a later one replaces an earlier one. Throws a `UsageError` without name or value. */
export function parseBuildContexts(items: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    items.filter((item) => item !== "").map((item) => {
      const { key, value } = cutPair(item);
      if (key !== "" && value !== undefined && value !== "") return [key, value];
      throw new UsageError(
        `--build-context "${item}" is not NAME=VALUE`,
        "Write --build-context src=../src, or src=docker-image://alpine:3 for an image",
      );
    }),
  );
}
