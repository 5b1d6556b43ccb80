/** The table of faults in docs/faults.md. */
import { fileURLToPath } from "node:url";
import type { Case, Verdict } from "./fault.ts";

/** Where it stands. */
export const DOCUMENT = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));

const BEGIN = "<!-- faults: written by tests/faults/write_table.ts -->\n";
const END = "<!-- end of faults -->\n";
const HEAD = "| Fault | Stage | Outcome | Time |\n| --- | --- | --- | ---: |\n";

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
  const [before, rest] = text.split(BEGIN) as [string, string];
  return `${before}${BEGIN}\n${HEAD}${rows.join("\n")}\n\n${END}${rest.split(END)[1]}`;
}

/** The lines of the document's table, without the blanks that align them. */
export function tableOf(text: string): string[] {
  const lines = text.split(BEGIN)[1]!.split(END)[0]!.trim().split("\n");
  return lines.slice(2).map((line) => line.replace(/ +/g, " "));
}
