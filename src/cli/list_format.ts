/** The flags that say how a list is printed. */
import { UsageError } from "./usage_error.ts";

/** Flags of commands that print lists. */
export const FORMAT_FLAGS = {
  format: { value: "FORMAT", help: "table, or json: one object a line (table)" },
  json: { help: "Same as --format json" },
} as const;

/** How a list is printed. */
export type ListFormat = "table" | "pretty" | "json";

/** Reads the flags. Throws a `UsageError` for what is none of `formats`, the first of which is the default. */
export function listFormat(
  { format, json }: { format: string | undefined; json: boolean },
  formats: readonly ListFormat[] = ["table", "json"],
): ListFormat {
  if (json && format !== undefined && format !== "json") {
    throw new UsageError(`--json cannot be combined with --format ${format}`);
  }
  const wanted = json ? "json" : format ?? formats[0]!;
  const found = formats.find((name) => name === wanted);
  if (found !== undefined) return found;
  const hint = wanted.includes("{{") ? "Go templates are not read here; use --format json" : "";
  throw new UsageError(
    `--format "${wanted}" is not a format`,
    hint || `Formats are ${formats.join(" and ")}`,
  );
}

/** A list as JSON, one object a line. */
export function jsonLines(items: readonly unknown[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join("");
}
