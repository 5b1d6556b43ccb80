/** The lock of a cache's folder, which keeps its blobs while they have no name yet (client/solve.go, `cache.lock`). */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type FileLock, tryLock } from "../files/runtime.ts";
import { writeFailure } from "../files/write_failure.ts";

/** Held until it is closed. */
export type CacheLock = FileLock;

const RETRY_MS = 100;

/**
 * Locks a folder: `shared` for those who write, which waits until no other cleans up; `try-exclusive` for who cleans up, which is
 * undefined at once while others write. The file stays. Where the runtime has no locks (Node) it is as if nobody else was there.
 * Throws a `FileError`, or the signal's reason.
 */
export function lockCache(
  folder: string,
  mode: "shared",
  signal: AbortSignal,
): Promise<CacheLock>;
export function lockCache(
  folder: string,
  mode: "try-exclusive",
  signal: AbortSignal,
): Promise<CacheLock | undefined>;
export async function lockCache(
  folder: string,
  mode: "shared" | "try-exclusive",
  signal: AbortSignal,
): Promise<CacheLock | undefined> {
  const path = join(folder, "cache.lock");
  if (tryLock === undefined || mode === "try-exclusive" && !existsSync(folder)) {
    return { close: () => {} };
  }
  for (;;) {
    signal.throwIfAborted();
    const lock = attempt(path, mode === "shared" ? mode : "exclusive", tryLock);
    if (lock !== undefined || mode === "try-exclusive") return lock;
    // A lock of another process gives no sign when it is free.
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function attempt(
  path: string,
  mode: "shared" | "exclusive",
  lock: NonNullable<typeof tryLock>,
): CacheLock | undefined {
  try {
    return lock(path, mode);
  } catch (error) {
    throw writeFailure(path, error);
  }
}
