import { FileError } from "../errors.ts";
import { isDirectory } from "./mode.ts";
import type { FileContent, FileStat, FileTree } from "./tree.ts";

/**
 * `upper` laid over `lower`: directories merge, anything else in `upper` hides what `lower` has at its path, whole
 * directories included. A symlink of `lower` is never followed: where `upper` has a directory, that takes its place.
 */
export function overlayTrees(lower: FileTree, upper: FileTree): FileTree {
  return new OverlayTree(lower, upper);
}

class OverlayTree implements FileTree {
  readonly label: string;
  readonly #lower: FileTree;
  readonly #upper: FileTree;
  /** The directory last asked about and whether `lower` shows in it: questions come in runs of siblings. */
  #last: { directory: string; visible: boolean } | undefined;

  constructor(lower: FileTree, upper: FileTree) {
    this.label = `${lower.label} + ${upper.label}`;
    this.#lower = lower;
    this.#upper = upper;
  }

  list(directory: string, listed = false): string[] | undefined {
    const upper = this.#isDirectory(this.#upper, directory)
      ? this.#upper.list(directory, listed)
      : undefined;
    const lower = this.#shows(directory) ? this.#lower.list(directory, listed) : undefined;
    if (upper === undefined || lower === undefined) return upper ?? lower;
    return [...new Set([...upper, ...lower])];
  }

  stat(path: string): FileStat | undefined {
    const upper = this.#upper.stat(path);
    if (upper !== undefined && !upper.implied) return upper;
    const lower = this.#shows(parentOf(path)) ? this.#lower.stat(path) : undefined;
    if (upper === undefined) return lower;
    return lower !== undefined && isDirectory(lower.mode) ? lower : upper;
  }

  open(path: string, listed = false): FileContent {
    if (this.#upper.stat(path) !== undefined) return this.#upper.open(path, listed);
    if (this.#shows(parentOf(path))) return this.#lower.open(path, listed);
    throw new FileError("FILE_NOT_FOUND", path, `Cannot read ${path}: not in ${this.label}`);
  }

  /** Whether entries of `lower` in this directory are to be seen: it is one in `lower`, and no file of `upper` covers it. */
  #shows(directory: string): boolean {
    if (directory === "") return true;
    if (this.#last?.directory === directory) return this.#last.visible;
    const upper = this.#upper.stat(directory);
    const visible = (upper === undefined || isDirectory(upper.mode)) &&
      this.#shows(parentOf(directory)) && this.#isDirectory(this.#lower, directory);
    this.#last = { directory, visible };
    return visible;
  }

  #isDirectory(tree: FileTree, path: string): boolean {
    if (path === "") return true;
    const stat = tree.stat(path);
    return stat !== undefined && isDirectory(stat.mode);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
