/** Text in columns as Go's text/tabwriter sets it, whose output scripts cut apart. */

/** How cells are filled up. */
export interface TabOptions {
  /** @default 1 */
  minWidth?: number;
  /** Places between columns. @default 1 */
  padding?: number;
  /** Fill with tabs of eight places, or with spaces. @default "tab" */
  fill?: "tab" | "space";
}

const TAB = 8;

/**
 * Sets lines of cells that tabs end. A column reaches over neighbouring lines that have it; what stands after a line's last
 * tab belongs to no column.
 */
export function alignTabs(text: string, options: TabOptions = {}): string {
  const { minWidth = 1, padding = 1, fill = "tab" } = options;
  const lines = text.split("\n").map((line) => line.split("\t"));
  const widths: number[][] = lines.map(() => []);
  const measure = (column: number, from: number, to: number): void => {
    for (let start = from; start < to; start++) {
      if (!hasColumn(lines[start]!, column)) continue;
      let end = start;
      let width = minWidth;
      for (; end < to && hasColumn(lines[end]!, column); end++) {
        width = Math.max(width, [...lines[end]![column]!].length + padding);
      }
      for (let line = start; line < end; line++) widths[line]![column] = width;
      measure(column + 1, start, end);
      start = end;
    }
  };
  measure(0, 0, lines.length);
  return lines.map((cells, line) =>
    cells.map((cell, column) => {
      const width = widths[line]![column];
      return width === undefined ? cell : cell + filler([...cell].length, width, fill);
    }).join("")
  ).join("\n");
}

function hasColumn(cells: readonly string[], column: number): boolean {
  return column < cells.length - 1;
}

function filler(length: number, width: number, fill: "tab" | "space"): string {
  if (fill === "space") return " ".repeat(width - length);
  const stop = Math.ceil(width / TAB) * TAB;
  return "\t".repeat(Math.ceil((stop - length) / TAB));
}
