import fs from "node:fs";

/**
 * Finds names of one tree that a file system takes for the same: `A` and `a`, or one letter written in two ways. Which file
 * systems do that cannot be asked; that two names lead to the same file can.
 */
export class NameTwins {
  readonly #root: string;
  /** Paths by what they could be taken for; nearly always one. */
  readonly #folded = new Map<string, string | string[]>();

  /** `root` is the absolute path of the folder that the tree is in. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Adds a path of the tree. */
  add(path: string): void {
    const key = fold(path);
    const same = this.#folded.get(key);
    if (same === undefined) this.#folded.set(key, path);
    else if (typeof same === "string") this.#folded.set(key, [same, path]);
    else same.push(path);
  }

  /** The other path of the tree that is the same file as `path` on disk, if there is one. */
  find(path: string): string | undefined {
    const same = this.#folded.get(fold(path));
    if (same === undefined || same === path) return undefined;
    const file = this.#identity(path);
    const others = (typeof same === "string" ? [same] : same).filter((other) => other !== path);
    return file && others.find((other) => this.#identity(other) === file);
  }

  #identity(path: string): string | undefined {
    const found = fs.lstatSync(`${this.#root}/${path}`, { bigint: true, throwIfNoEntry: false });
    return found && `${found.dev}:${found.ino}`;
  }
}

function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
