/** The table of attacks in docs/trust.md. */
import { fileURLToPath } from "node:url";
import { type Marks, partOf, rowsOf, withPart } from "../support/document_part.ts";
import type { Attack } from "./attack.ts";

/** Where it stands. */
export const DOCUMENT = fileURLToPath(new URL("../../docs/trust.md", import.meta.url));

const MARKS: Marks = {
  begin: "<!-- attacks: written by tests/trust/write_table.ts -->",
  end: "<!-- end of attacks -->",
};
const HEAD = "| | The daemon | Outcome | Told | Time |\n| --- | --- | --- | --- | ---: |";

/** The line of an attack. */
export function row(attack: Attack, outcome: string, ms: number): string {
  const seconds = (ms / 1000).toFixed(1);
  return `${key(attack)} ${outcome} | ${
    attack.refused === undefined ? "" : "yes"
  } | ${seconds} s |`;
}

/** How an attack's line begins. */
export function key({ group, what }: Attack): string {
  const shown = what.replaceAll("\n", "\\n").replaceAll("|", "\\|").replaceAll("<", "&lt;");
  return `| ${group} | ${shown} |`;
}

/** The document with these lines. */
export function withTable(text: string, rows: readonly string[]): string {
  return withPart(text, MARKS, [HEAD, ...rows].join("\n"));
}

/** The lines of the document's table, without the blanks that align them. */
export function tableOf(text: string): string[] {
  return rowsOf(partOf(text, MARKS));
}
