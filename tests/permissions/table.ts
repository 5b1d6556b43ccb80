/** The table of uses and flags in docs/permissions.md. */
import { fileURLToPath } from "node:url";
import { type Marks, withPart } from "../support/document_part.ts";
import { USES } from "./uses.ts";

/** Where it stands. */
export const DOCUMENT = fileURLToPath(new URL("../../docs/permissions.md", import.meta.url));

const MARKS: Marks = {
  begin: "<!-- uses: written by tests/permissions/write_table.ts -->",
  end: "<!-- end of uses -->",
};

/** The document with the table of all uses. */
export function withTable(text: string): string {
  const rows = USES.map(({ use, flags }) => `| ${use} | ${inOne(Object.keys(flags))} |`);
  return withPart(text, MARKS, ["| what for | flags |", "| --- | --- |", ...rows].join("\n"));
}

/** As they are written on a command line: of each kind one, with its values after another. */
function inOne(flags: readonly string[]): string {
  const kinds = new Map<string, string[]>();
  for (const flag of flags) {
    const [kind, value] = flag.split("=") as [string, string | undefined];
    kinds.set(kind, [...kinds.get(kind) ?? [], ...(value === undefined ? [] : [value])]);
  }
  const all = [...kinds].map(([kind, values]) =>
    values.length === 0 ? kind : `${kind}=${values.join(",")}`
  );
  return all.map((flag) => `\`${flag}\``).join(" ");
}

/** Without the blanks that align a table. */
export function unaligned(text: string): string {
  return text.replace(/ +/g, " ").replace(/-{3,}/g, "---");
}
