/** The table of attacks in docs/trust.md. */
import { fileURLToPath } from "node:url";
import type { Attack } from "./attack.ts";

/** Where it stands. */
export const DOCUMENT = fileURLToPath(new URL("../../docs/trust.md", import.meta.url));

const BEGIN = "<!-- attacks: written by tests/trust/write_table.ts -->\n";
const END = "<!-- end of attacks -->\n";
const HEAD = "| | The daemon | Outcome | Told | Time |\n| --- | --- | --- | --- | ---: |\n";

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
  const [before, rest] = text.split(BEGIN) as [string, string];
  return `${before}${BEGIN}\n${HEAD}${rows.join("\n")}\n\n${END}${rest.split(END)[1]}`;
}

/** The lines of the document's table, without the blanks that align them. */
export function tableOf(text: string): string[] {
  const lines = text.split(BEGIN)[1]!.split(END)[0]!.trim().split("\n");
  return lines.slice(2).map((line) => line.replace(/ +/g, " "));
}
