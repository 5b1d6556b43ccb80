/** Flags of the form `KEY=VALUE`. */
import { UsageError } from "./usage_error.ts";

/**
 * The pairs of a repeated flag; a later one replaces an earlier one. `alone` gives the value of a key without one; where it
 * gives undefined, the key is dropped. Throws a `UsageError` for an empty key.
 */
export function parseKeyValues(
  flag: string,
  items: readonly string[],
  alone: (key: string) => string | undefined,
): Record<string, string> {
  const pairs = new Map<string, string>();
  for (const item of items) {
    const { key, value } = cutPair(item);
    if (key === "") throw new UsageError(`${flag} "${item}" has no key`, `Write ${flag} KEY=VALUE`);
    const given = value ?? alone(key);
    if (given !== undefined) pairs.set(key, given);
  }
  return Object.fromEntries(pairs);
}

/** Cuts at the first `=`; the value is undefined where there is none. */
export function cutPair(text: string): { key: string; value: string | undefined } {
  const at = text.indexOf("=");
  return at < 0
    ? { key: text, value: undefined }
    : { key: text.slice(0, at), value: text.slice(at + 1) };
}
