import { FileError } from "../errors.ts";
import { fromUnixMode } from "./mode.ts";
import { type OpenFile, openFile, openFlagged } from "./open_file.ts";
import { errorCode, isMissing, readError } from "./read_error.ts";
import { absolutePath, listNames, lstat, type RawStat, readLink, resolveRoot } from "./runtime.ts";
import { fileKind } from "../runtime/paths.ts";
import type { FileContent, FileStat, FileTree } from "./tree.ts";
import { parentOf, Unlinked } from "./unlinked.ts";

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFLNK = 0o120000;
const S_IFCHR = 0o020000;
const S_IFBLK = 0o060000;

/**
 * The folder at `path`, which may be a symlink to one, as a tree. Nothing is read before it is asked for, and symlinks
 * inside are entries, never followed.
 *
 * Extended attributes are left out: neither Deno nor Node has a call for them short of FFI.
 *
 * @throws {FileError} `FILE_NOT_FOUND` if there is no folder at `path`, `FILE_UNREADABLE` if it may not be looked at.
 */
export function openDirectory(path: string): FileTree {
  const absolute = absolutePath(path);
  try {
    if (!fileKind(absolute).isDirectory) {
      throw new FileError(
        "FILE_NOT_FOUND",
        absolute,
        `Cannot use ${absolute} as a folder: it is a file. Give the folder that holds it`,
      );
    }
    const { root, real } = resolveRoot(absolute);
    return new DirectoryTree(root, real ? openFile : openFlagged);
  } catch (error) {
    if (error instanceof FileError) throw error;
    if (!isMissing(error)) throw readError("open the folder", absolute, error);
    throw new FileError(
      "FILE_NOT_FOUND",
      absolute,
      `Cannot open the folder ${absolute}: it does not exist. Relative paths start at the working directory`,
      error,
    );
  }
}

class DirectoryTree implements FileTree {
  readonly label: string;
  /** The root's path with one `/` at its end. */
  readonly #prefix: string;
  readonly #unlinked: Unlinked;
  readonly #openFile: (path: string) => OpenFile;

  constructor(root: string, openFile: (path: string) => OpenFile) {
    this.label = root;
    this.#openFile = openFile;
    this.#prefix = root.endsWith("/") ? root : `${root}/`;
    this.#unlinked = new Unlinked(this.#prefix);
  }

  list(directory: string, listed = false): string[] | undefined {
    const path = this.#prefix + directory;
    try {
      if (directory === "") this.#unlinked.begin();
      const names = listNames(path);
      if (listed) this.#unlinked.check(directory);
      return names;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error instanceof FileError ? error : readError("list the folder", path, error);
    }
  }

  stat(path: string): FileStat | undefined {
    const full = this.#prefix + path;
    try {
      const raw = lstat(full);
      if (raw === undefined) return undefined;
      const linkname = (raw.mode & S_IFMT) === S_IFLNK ? readLink(full) : "";
      return describe(path, raw, linkname);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unreadable(full, error);
    }
  }

  open(path: string, listed = false): FileContent {
    const full = this.#prefix + path;
    let file: DiskFile | undefined;
    try {
      file = new DiskFile(full, this.#openFile(full));
      if (listed) this.#unlinked.check(parentOf(path));
      return file;
    } catch (error) {
      file?.close();
      throw error instanceof FileError ? error : readError("read", full, error);
    }
  }
}

function describe(path: string, raw: RawStat, linkname: string): FileStat {
  const type = raw.mode & S_IFMT;
  const device = type === S_IFCHR || type === S_IFBLK;
  const directory = type === S_IFDIR;
  const shared = raw.nlink > 1 && !directory && raw.inode !== undefined;
  return {
    path,
    mode: fromUnixMode(raw.mode),
    size: directory ? 0 : raw.size,
    modTime: raw.mtime,
    linkname,
    devmajor: device ? deviceMajor(raw.rdev) : 0,
    devminor: device ? deviceMinor(raw.rdev) : 0,
    identity: shared ? `${raw.dev}:${raw.inode}` : undefined,
  };
}

/** As fsutil stat_unix.go splits a device number; `rdev` may exceed 32 bits. */
function deviceMajor(rdev: number): number {
  return Math.floor(rdev / 0x100) & 0xfff;
}

function deviceMinor(rdev: number): number {
  return (rdev & 0xff) | (Math.floor(rdev / 0x1000) & 0xfff00);
}

function unreadable(full: string, error: unknown): FileError {
  // A symlink replaced between lstat and readlink.
  if (errorCode(error) === "EINVAL") {
    return new FileError(
      "FILE_CHANGED",
      full,
      `Cannot read ${full}: it changed while it was looked at. Keep it unchanged while the build runs`,
      error,
    );
  }
  return readError("look at", full, error);
}

class DiskFile implements FileContent {
  readonly #path: string;
  #file: OpenFile | undefined;

  constructor(path: string, file: OpenFile) {
    this.#path = path;
    this.#file = file;
  }

  read(into: Uint8Array): number {
    try {
      return this.#open().read(into);
    } catch (error) {
      throw readError("read", this.#path, error);
    }
  }

  unchanged(since: { size: number; modTime: bigint }): boolean {
    const now = this.#open().stat();
    return now.size === since.size && now.mtime === since.modTime;
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    file?.close();
  }

  #open(): OpenFile {
    if (this.#file === undefined) throw new TypeError(`${this.#path} is closed`);
    return this.#file;
  }
}
