/** Where the library's remarks go: to stderr, one line each. */
import { safeLines } from "../progress/safe_text.ts";
import type { Logger } from "../types.ts";
import type { Io } from "./io.ts";

/** Warnings always; decisions with `--debug` or MOAT_DEBUG. */
export function cliLogger(io: Io, debug: boolean): Logger {
  const write = (kind: string) => (line: string) =>
    io.stderr.write(safeLines(`${kind}: ${line}`).map((text) => `${text}\n`).join(""));
  return {
    warn: write("warning"),
    ...((debug || Boolean(io.env("MOAT_DEBUG"))) && { debug: write("debug") }),
  };
}
