/** The table of faults in docs/faults.md. */
import { fileURLToPath } from "node:url";
import { type Marks, partOf, rowsOf, withPart } from "../support/document_part.ts";
import type { Case, Verdict } from "./fault.ts";

/** Where it stands. */
export const DOCUMENT = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));

const MARKS: Marks = {
  begin: "<!-- faults: written by tests/faults/write_table.ts -->",
  end: "<!-- end of faults -->",
};
const HEAD = "| Fault | Stage | Outcome | Time |\n| --- | --- | --- | ---: |";

/** The line of a case. */
export function row(one: Case, { outcome, seconds }: Verdict): string {
  return `${key(one)} ${outcome} | ${seconds.toFixed(1)} s |`;
}

/** How a case's line begins. */
export function key({ fault, stage }: Case): string {
  return `| ${fault} | ${stage} |`;
}

/** The document with these lines. */
export function withTable(text: string, rows: readonly string[]): string {
  return withPart(text, MARKS, [HEAD, ...rows].join("\n"));
}

/** The lines of the document's table, without the blanks that align them. */
export function tableOf(text: string): string[] {
  return rowsOf(partOf(text, MARKS));
}
