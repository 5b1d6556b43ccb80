/** The table of features and builders in docs/compatibility.md. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Marks, partOf, withPart } from "../support/document_part.ts";
import type { Feature } from "./feature.ts";

/** Where it stands. */
export const DOCUMENT = fileURLToPath(new URL("../../docs/compatibility.md", import.meta.url));

const MARKS: Marks = {
  begin: "<!-- features: written by tests/compat/write_table.ts -->",
  end: "<!-- end of features -->",
};

/** Outcomes by the builder's name, in the order of the columns, and by the feature's {@linkcode key}. */
export type Outcomes = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The name of a feature that no other has. */
export function key({ group, what }: Pick<Feature, "group" | "what">): string {
  return `${group}: ${what}`;
}

/** What the document says; empty where it has no table yet. */
export function readTable(text = readFileSync(DOCUMENT, "utf8")): Outcomes {
  const [head, , ...lines] = partOf(text, MARKS).split("\n").map(cells);
  const columns = (head ?? []).slice(2);
  return new Map(columns.map((name, i) => [
    name,
    new Map(lines.map(([group = "", what = "", ...values]) => [
      key({ group, what }),
      values[i] ?? "",
    ])),
  ]));
}

function cells(line: string): string[] {
  return line.split("|").slice(1, -1).map((cell) => cell.trim());
}

/** The document with these outcomes. */
export function withTable(text: string, features: readonly Feature[], outcomes: Outcomes): string {
  const row = (values: readonly string[]) => `| ${values.join(" | ")} |`;
  const lines = [
    row(["", "feature", ...outcomes.keys()]),
    row(["---", "---", ...[...outcomes.keys()].map(() => "---")]),
    ...features.map((feature) =>
      row([
        feature.group,
        feature.what,
        ...[...outcomes.values()].map((column) => column.get(key(feature)) ?? ""),
      ])
    ),
  ];
  return withPart(text, MARKS, lines.join("\n"));
}
