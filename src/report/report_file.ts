import { statSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { FileError, OptionError, PermissionError } from "../errors.ts";
import { missingForFolder, runWith } from "../runtime/refusal.ts";
import type { StatusResponse } from "../gen/control.ts";
import { initialState, type ProgressState, reduce } from "../progress/model.ts";
import { type ReportFacts, toReport } from "./build_report.ts";
import { renderReport } from "./render.ts";

export { reportInputs, reportOutputs, reportTitle } from "./build_facts.ts";

/** Lines of output that are kept of each step: the last ones. */
const KEPT_LINES = 5_000;

/** Follows a build and writes its report at the end. */
export class ReportFile {
  /** What is known of the build so far. */
  readonly state: ProgressState = initialState();
  readonly #path: string;
  readonly #startedAt = new Date();
  /** By the clock that nobody sets. */
  readonly #start = performance.now();

  /** Throws an `OptionError` if there is no folder for a file at this path, a `PermissionError` if it may not be looked at. */
  constructor(file: string) {
    const folder = path.dirname(path.resolve(file));
    if (!hasFolder(folder)) {
      throw new OptionError("report", `there is no folder "${folder}"`, '"build.html"');
    }
    this.#path = file;
  }

  /** Takes one message of the status stream. */
  update(status: StatusResponse): void {
    reduce(this.state, status);
    for (const { vertex } of status.logs) this.state.byVertex.get(vertex)?.log.keepLast(KEPT_LINES);
  }

  /**
   * Writes the report. Whoever reads the file while that is done finds the whole old or new one.
   *
   * @throws {FileError} if it can't be written
   */
  async write(facts: Omit<ReportFacts, "startedAt" | "seconds">): Promise<void> {
    const seconds = (performance.now() - this.#start) / 1000;
    const page = renderReport(
      toReport(this.state, { ...facts, startedAt: this.#startedAt, seconds }),
    );
    await writePage(this.#path, page);
  }
}

function hasFolder(folder: string): boolean {
  const grant = missingForFolder(folder);
  if (grant !== undefined) {
    throw new PermissionError(`Cannot write a report into ${folder}: ${runWith(grant)}`);
  }
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Writes a page in one step.
 *
 * @throws {FileError} if it can't be written
 */
export async function writePage(file: string, page: string): Promise<void> {
  const temporary = `${file}.${crypto.randomUUID()}.tmp`;
  try {
    await writeFile(temporary, page, { flag: "wx" });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Cannot write the report ${file}: ${reason}; choose another place for it`;
    throw new FileError("FILE_UNWRITABLE", file, message, error);
  }
}
