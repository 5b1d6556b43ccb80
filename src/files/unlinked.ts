import { FileError } from "../errors.ts";
import { directoryFacts } from "./runtime.ts";

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
  /** What the root was when it was last listed; undefined if that can't be told. */
  #root: string | undefined;

  /** `prefix` is the root's path with a slash at its end. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Notes what the root is: to be called before it is listed. */
  begin(): void {
    this.#root = this.#identity("");
  }

  /** Throws a `FileError` if `directory` (`""` is the root), or one above it, is a link, or gone. */
  check(directory: string): void {
    const now = performance.now();
    for (let path = directory;; path = parentOf(path)) {
      if (now - (this.#seen.get(path) ?? -Infinity) < FRESH_MS) return;
      if (!this.#isSame(path)) throw this.#swapped(path);
      if (this.#seen.size === 0) queueMicrotask(() => this.#seen.clear());
      this.#seen.set(path, now);
      if (path === "") return;
    }
  }

  #isSame(path: string): boolean {
    const found = this.#identity(path);
    if (path === "") return this.#root === undefined || found === this.#root;
    return found !== undefined;
  }

  #identity(path: string): string | undefined {
    try {
      return directoryFacts(this.#prefix + path)?.identity;
    } catch {
      // Out of reach since: whatever was read, it was not by this path.
      return undefined;
    }
  }

  #swapped(path: string): FileError {
    const full = this.#prefix + path;
    return new FileError(
      "PATH_ESCAPE",
      full,
      `Refused to read below ${full}: it is not the directory any more that it was when it was listed. ` +
        `Keep the context as it is while the build runs`,
    );
  }
}

/** The directory that an entry is in; `""` is the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
