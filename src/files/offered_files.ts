import type { FileStat } from "./tree.ts";
import { isRegular } from "./mode.ts";

/** A file that the receiver may ask for, or has. */
export interface OfferedFile {
  readonly id: number;
  readonly path: string;
  /** Bytes announced. */
  readonly size: number;
}

/**
 * What was listed to the receiver, by id: the running number over all entries. All that is kept of an entry until it is
 * claimed is a path and a size, for contexts of millions of files.
 */
export class OfferedFiles {
  readonly #paths: (string | undefined)[] = [];
  readonly #sizes: number[] = [];

  /** Entries listed so far. */
  get count(): number {
    return this.#paths.length;
  }

  /** Notes the next entry of the list. Only regular files can be claimed. */
  add(entry: FileStat): void {
    const regular = isRegular(entry.mode);
    this.#paths.push(regular ? entry.path : undefined);
    this.#sizes.push(regular ? entry.size : 0);
  }

  /** The file with this id; undefined if there is none to ask for, or if it was claimed before. */
  claim(id: number): OfferedFile | undefined {
    const path = this.#paths[id];
    if (path === undefined) return undefined;
    this.#paths[id] = undefined;
    return { id, path, size: this.#sizes[id]! };
  }
}
