import fs from "node:fs";
import { FileError } from "../errors.ts";

/** Directories removed by all writers of this process; each may have been part of a proof. */
let removals = 0;

/**
 * Turns entry paths (relative, clean, `/`-separated, see `EntryOrder`) into absolute ones that are inside a folder.
 *
 * There is no `openat` here, so each parent directory is proven to be a real directory, not a link, before its path is used, and
 * proven anew once any writer of this process has removed a directory. The callers are synchronous, so nothing of this
 * process can come between proof and use. What remains is another local program that may write to the folder and swaps a directory
 * for a link in just that moment.
 */
export class Confinement {
  /** The folder, absolute and without links. */
  readonly root: string;
  /** Directories below the root that were proven, as of `#provenAt`. */
  readonly #proven = new Set<string>();
  #provenAt = removals;

  constructor(root: string) {
    this.root = root;
  }

  /** The absolute path of an entry whose parents are proven. Throws a `FileError` if they cannot be. */
  locate(path: string): string {
    this.prove(parentOf(path));
    return `${this.root}/${path}`;
  }

  /** Throws a `FileError` unless `directory`, and all above it, are directories; `""` is the root. */
  prove(directory: string): void {
    if (this.#provenAt !== removals) {
      this.#proven.clear();
      this.#provenAt = removals;
      if (fs.realpathSync(this.root) !== this.root) throw swapped(this.root);
    }
    const unproven: string[] = [];
    for (let path = directory; path !== "" && !this.#proven.has(path); path = parentOf(path)) {
      unproven.push(path);
    }
    for (const path of unproven.reverse()) {
      const found = fs.lstatSync(`${this.root}/${path}`, { throwIfNoEntry: false });
      if (found?.isDirectory() !== true) throw swapped(`${this.root}/${path}`);
      this.#proven.add(path);
    }
  }

  /** Takes a directory as proven that was just seen or made below proven ones. */
  add(directory: string): void {
    this.#proven.add(directory);
  }
}

/** Removes a directory with all that is in it. The only way to do so for writers, as it ends what was proven before. */
export function removeDirectory(path: string): void {
  removals++;
  fs.rmSync(path, { recursive: true, force: true });
}

/** The directory that an entry is in; `""` is the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

function swapped(path: string): FileError {
  return new FileError(
    "PATH_ESCAPE",
    path,
    `Refused to write below ${path}: it is not a directory any more; ` +
      `is something else writing to the destination?`,
  );
}
