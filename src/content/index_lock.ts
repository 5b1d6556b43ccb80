/** The lock of a folder's index.json against other programs that change it (client/ociindex/ociindex.go). */
import fs from "node:fs";
import { errorCode } from "../files/read_error.ts";
import { tryLock } from "../files/runtime.ts";
import { writeFailure } from "../files/write_failure.ts";
import { FileError } from "../errors.ts";

/** An index is locked for the time it takes to write a small file. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 20;
/** Without real locks: age from which a lock file was left behind by a program that was killed. */
const ABANDONED_MS = 30_000;

/**
 * Does `action` while nobody else changes the index whose lock file is at `path`. Throws a `FileError` if somebody else keeps
 * the lock.
 */
export async function withIndexLock<T>(path: string, action: () => T): Promise<T> {
  const unlock = await lock(path);
  try {
    return action();
  } finally {
    unlock();
  }
}

async function lock(path: string): Promise<() => void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const unlock = attempt(path);
    if (unlock !== undefined) return unlock;
    if (performance.now() > deadline) {
      throw new FileError(
        "FILE_UNWRITABLE",
        path,
        `Cannot lock ${path}: another program has it. Run again when that is done; if there is none, remove the file`,
      );
    }
    // A lock of another process gives no sign when it is free.
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Undefined while another has the lock. The file is removed with the lock, as buildctl does. */
function attempt(path: string): (() => void) | undefined {
  try {
    const held = tryLock === undefined ? createLock(path) : tryLock(path, "exclusive");
    if (held === undefined) return undefined;
    return () => {
      fs.rmSync(path, { force: true });
      held.close();
    };
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/** The next best where there are no locks: a file that only one can make. */
function createLock(path: string): { close(): void } | undefined {
  try {
    fs.closeSync(fs.openSync(path, "wx"));
    return { close: () => {} };
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    const found = fs.statSync(path, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > ABANDONED_MS) fs.rmSync(path, { force: true });
    return undefined;
  }
}
