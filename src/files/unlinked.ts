import { FileError } from "../errors.ts";
import { lstat } from "./runtime.ts";

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;

/**
 * Milliseconds that a look at a directory counts, and only while nothing is waited for: a look for each small file would take as
 * long as reading it.
 */
const FRESH_MS = 1;

/**
 * Tells whether directories below a root are still what they were listed as. There is no `openat` here: a directory that
 * was swapped for a link is noticed by a look at it after something was read through it.
 */
export class Unlinked {
  readonly #prefix: string;
  /** When each directory was looked at, until the end of the turn: neighbours are read one after another. */
  readonly #seen = new Map<string, number>();

  /** `prefix` is the root's path with a slash at its end. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Throws a `FileError` if `directory` (`""` is the root), or one above it, is a link, or gone. */
  check(directory: string): void {
    const now = performance.now();
    for (let path = directory; path !== ""; path = parentOf(path)) {
      if (now - (this.#seen.get(path) ?? -Infinity) < FRESH_MS) return;
      if (!isDirectory(this.#prefix + path)) throw this.#swapped(path);
      if (this.#seen.size === 0) queueMicrotask(() => this.#seen.clear());
      this.#seen.set(path, now);
    }
  }

  #swapped(path: string): FileError {
    const full = this.#prefix + path;
    return new FileError(
      "PATH_ESCAPE",
      full,
      `Refused to read below ${full}: it was a directory when it was listed, and is none any more. ` +
        `Keep the context as it is while the build runs`,
    );
  }
}

function isDirectory(path: string): boolean {
  try {
    return (lstat(path).mode & S_IFMT) === S_IFDIR;
  } catch {
    // Gone, or out of reach since: whatever was read, it was not by this path.
    return false;
  }
}

/** The directory that an entry is in; `""` is the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
