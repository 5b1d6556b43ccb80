/** The end of a failed step's output, for displays that show none. */
import { BuildError } from "../build_error.ts";

const RULE = "-".repeat(6);

/** A block as the displays have it (progressui, `errors`); empty if no step failed or it said nothing. */
export function failedOutput(error: unknown, lines: number): string {
  if (!(error instanceof BuildError) || error.log.length === 0) return "";
  const block = [RULE, ` > ${error.vertexName ?? ""}:`, ...error.log.slice(-lines), RULE];
  return block.map((line) => `${line}\n`).join("");
}
