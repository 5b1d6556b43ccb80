/**
 * What the runtime does best in its own way: looking at what is on the disk, and under Deno locks. Deno's own `lstatSync` and
 * `readDirSync` take less than half the time of the same through `node:fs`.
 *
 * Needs read access to the folder and nothing else: `--allow-read=<folder>` is enough, also for device and inode numbers.
 */
import { isMissing } from "./read_error.ts";
import { builtin } from "../runtime/builtin.ts";
import { deno, type DenoFileInfo } from "../runtime/deno.ts";
import { native, windows } from "../runtime/path.ts";
import { mayRead } from "../runtime/permissions.ts";

/** What is known of a file without opening it. Symlinks are not followed. */
export interface RawStat {
  /** `st_mode`: type and permissions. */
  mode: number;
  size: number;
  /** Nanoseconds since the epoch. Deno gives whole milliseconds, Node the full value; each is stable. */
  mtime: bigint;
  nlink: number;
  dev: number;
  /** The inode, or undefined where the runtime gives none or cannot give it exactly. */
  inode: string | undefined;
  rdev: number;
}

/** A lock on a file, held until it is closed. */
export interface FileLock {
  close(): void;
}

/** What {@linkcode RawStat.mtime} is exact to: one runtime's times look changed to the other. */
export const TIME_UNIT: "ms" | "ns" = deno === undefined ? "ns" : "ms";

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;
const S_IFLNK = 0o120000;

/**
 * The entry at `path`, symlinks not followed. Throws the runtime's error; where that costs less, the answer is undefined if there
 * is none.
 */
export const lstat: (path: string) => RawStat | undefined = deno === undefined
  ? lstatNode
  : lstatDeno;

const LOOK = { bigint: true, throwIfNoEntry: false } as const;

/** What is known of a directory. */
export interface DirectoryFacts {
  /** What tells it from others. */
  readonly identity: string;
  /** As `chmod` takes them. */
  readonly permissions: number;
}

/** The directory at `path`, symlinks not followed; undefined if there is none. Throws the runtime's other errors. */
export function directoryFacts(path: string): DirectoryFacts | undefined {
  try {
    return factsOf(deno === undefined ? builtin("fs").lstatSync(path) : deno.lstatSync(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The identity of the directory that `path` leads to; undefined if that is none. Throws the runtime's error. */
export function identityBehind(path: string): string | undefined {
  const found = deno === undefined ? builtin("fs").statSync(path) : deno.statSync(path);
  return factsOf(found)?.identity;
}

/** Of big numbers only the upper part is exact, but of one directory it is always the same. */
function factsOf(
  { dev, ino, mode, isDirectory }: {
    dev: number;
    ino: number | null;
    mode: number | null;
    isDirectory: boolean | (() => boolean);
  },
): DirectoryFacts | undefined {
  const directory = typeof isDirectory === "boolean" ? isDirectory : isDirectoryMode(mode ?? 0);
  return directory ? { identity: `${dev}:${ino}`, permissions: (mode ?? 0) & 0o7777 } : undefined;
}

function isDirectoryMode(mode: number): boolean {
  return (mode & S_IFMT) === S_IFDIR;
}

/** The names in a directory, in any order. Throws the runtime's error. */
export const listNames: (path: string) => string[] = deno === undefined
  ? (path) => builtin("fs").readdirSync(path)
  : namesDeno;

/** A symlink's target, `/`-separated. Throws the runtime's error. */
export function readLink(path: string): string {
  const target = deno === undefined ? builtin("fs").readlinkSync(path) : deno.readLinkSync(path);
  return windows ? target.replaceAll("\\", "/") : target;
}

/** A path as seen from the working directory, absolute. */
export function absolutePath(path: string): string {
  return native.resolve(path);
}

/**
 * `path` without symlinks. Under Deno's permissions a grant for a symlink does not cover what it points to; then `path`
 * stays as it is, which reads the same files, and is not `real`.
 */
export function resolveRoot(path: string): { root: string; real: boolean } {
  const resolved = deno === undefined ? builtin("fs").realpathSync(path) : deno.realPathSync(path);
  const real = resolved === path || mayRead(resolved);
  return { root: real ? resolved : path, real };
}

/**
 * Locks a file against other processes (flock), which is made if missing; undefined while another has it. Node has no locks:
 * there it is undefined itself. Throws the runtime's error.
 */
export const tryLock:
  | ((path: string, mode: "exclusive" | "shared") => FileLock | undefined)
  | undefined = deno === undefined ? undefined : tryLockDeno;

function tryLockDeno(path: string, mode: "exclusive" | "shared"): FileLock | undefined {
  const file = deno!.openSync(path, { create: true, write: true });
  let locked = false;
  try {
    // Whoever had the lock may have removed the file: a lock on what others don't find would be none.
    locked = file.tryLockSync(mode === "exclusive") && file.statSync().ino === inodeOf(path);
  } finally {
    if (!locked) file.close();
  }
  return locked ? file : undefined;
}

function inodeOf(path: string): number | null | undefined {
  try {
    return deno!.lstatSync(path).ino;
  } catch (error) {
    // Just removed.
    if ((error as { name?: string }).name === "NotFound") return undefined;
    throw error;
  }
}

function lstatNode(path: string): RawStat | undefined {
  const stat = builtin("fs").lstatSync(path, LOOK);
  return stat && {
    mode: Number(stat.mode),
    size: Number(stat.size),
    mtime: stat.mtimeNs,
    nlink: Number(stat.nlink),
    dev: Number(stat.dev),
    inode: stat.nlink > 1n ? String(stat.ino) : undefined,
    rdev: Number(stat.rdev),
  };
}

function lstatDeno(path: string): RawStat {
  const info = deno!.lstatSync(path);
  return {
    mode: info.mode ?? typeBits(info),
    size: info.size,
    mtime: mtimeOf(info),
    nlink: info.nlink ?? 1,
    dev: info.dev,
    // Overlay filesystems number inodes near 2**63. Deno rounds those, and two files would become one.
    inode: Number.isSafeInteger(info.ino) ? String(info.ino) : undefined,
    rdev: info.rdev ?? 0,
  };
}

/** The modification time as Deno has it, in nanoseconds. */
export function mtimeOf({ mtime }: Pick<DenoFileInfo, "mtime">): bigint {
  return BigInt(mtime?.getTime() ?? 0) * 1_000_000n;
}

/** For a platform without `st_mode`. */
function typeBits(info: DenoFileInfo): number {
  if (info.isDirectory) return S_IFDIR | 0o755;
  return info.isSymlink ? S_IFLNK | 0o777 : S_IFREG | 0o755;
}

function namesDeno(path: string): string[] {
  const names: string[] = [];
  for (const entry of deno!.readDirSync(path)) names.push(entry.name);
  return names;
}
