/** The seam between where files come from (a directory, memory, both) and what is done with them. */

/** One entry of a file tree, as the wire describes it. */
export interface FileStat {
  /** Relative to the tree's root, `/`-separated, no leading or trailing slash. */
  path: string;
  /** Go's `os.FileMode` bits, not `st_mode`; see mode.ts. Unsigned. */
  mode: number;
  /** Bytes; 0 for directories, the target's length for symlinks. */
  size: number;
  /** Nanoseconds since the epoch. */
  modTime: bigint;
  /** A symlink's target, or the path of the first entry of the same file for a hard link; else empty. */
  linkname: string;
  devmajor: number;
  devminor: number;
  /** Extended attributes, or undefined where there are none. */
  xattrs?: Map<string, Uint8Array> | undefined;
  /** Names the underlying file when it has several names, so that hard links can be told; else undefined. */
  identity?: string | undefined;
  /** Set for a directory that nobody asked for: it is there to hold a file, and in an overlay gives way to a real one. */
  implied?: boolean | undefined;
}

/** Sequential reads of one file. */
export interface FileContent {
  /** Reads up to `into.length` bytes; 0 means the end. Blocking, and never short before the end of a regular file. */
  read(into: Uint8Array): number;
  /** Whether the file still has this size and modification time: those that `stat` gave before it was opened. */
  unchanged(since: Pick<FileStat, "size" | "modTime">): boolean;
  close(): void;
}

/**
 * A readable tree. All methods are synchronous: what they touch is a local disk or memory, and per-file promises cost more
 * than the calls. Whoever walks gives the event loop its turns.
 */
export interface FileTree {
  /** For messages: the directory's path, or `(virtual)`. */
  readonly label: string;
  /**
   * The names in a directory (`""` is the root), in any order; undefined if it vanished since it was seen. Throws a
   * `FileError` if it cannot be read, or, where it is known from a list (`listed`), if a link is on its path by now.
   */
  list(directory: string, listed?: boolean): string[] | undefined;
  /** The entry at `path`, symlinks not followed; undefined if there is none. Hard links are not resolved here: linkname is set for symlinks only. */
  stat(path: string): FileStat | undefined;
  /** Opens a regular file. Throws a `FileError` that names it; `listed` as for `list`. */
  open(path: string, listed?: boolean): FileContent;
}
