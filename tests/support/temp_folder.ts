/** Private folders for tests, gone when they are left. */
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that removes itself at the end of an `await using` block. */
export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** Free memory-backed space below which the disk is used instead. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/** Makes an empty folder; `parent` is Deno's and Node's usual place by default. */
export function tempFolder(parent: string = tmpdir()): TempFolder {
  const path = mkdtempSync(join(parent, "moat-build-"));
  return {
    path,
    [Symbol.asyncDispose]() {
      rmSync(path, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** Where a daemon's state is fastest: memory where there is plenty, else the usual place. */
export function fastParent(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    return bavail * bsize > ENOUGH_BYTES ? "/dev/shm" : tmpdir();
  } catch (error) {
    // Not every system has it.
    if ((error as { code?: string }).code === "ENOENT") return tmpdir();
    throw error;
  }
}
