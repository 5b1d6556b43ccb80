/** Tables of text: columns as wide as their widest cell. What daemons say is made safe to print. */
import { safeInline } from "../progress/safe_text.ts";
import { displayWidth, padEnd } from "../progress/width.ts";

/** Columns stand this far apart. */
const GAP = "  ";

/** Renders rows below their headings, each line with its end. */
export function renderTable(
  headings: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
): string {
  return renderRows([headings, ...rows]);
}

/** Renders rows without headings, for example names and values. */
export function renderRows(rows: ReadonlyArray<readonly string[]>): string {
  const safe = rows.map((row) => row.map(safeInline));
  const widths = (safe[0] ?? []).map((_, column) =>
    Math.max(...safe.map((row) => displayWidth(row[column] ?? "")))
  );
  return safe.map((row) => renderRow(row, widths)).join("");
}

/** One row of a table that is written as it comes; the cells' text must be safe. */
export function renderRow(row: readonly string[], widths: readonly number[]): string {
  return row.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join(GAP).trimEnd() + "\n";
}
