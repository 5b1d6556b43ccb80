/**
 * Opening files to read, none of which may turn out a symlink or keep the reader waiting for the writer of a pipe.
 *
 * Node's `open` has flags for both, but under Deno its module takes 15 to 20 ms to load: a quarter of a small build. Deno's own
 * knows neither flag; there the first files are looked at before and after. What takes a file's place between the two is
 * noticed, though a pipe only when somebody writes to it.
 */
import { builtin } from "../runtime/builtin.ts";
import { deno, type DenoApi, type DenoFileInfo } from "../runtime/deno.ts";
import { mtimeOf } from "./runtime.ts";

/** An open regular file. Its methods throw the runtime's errors. */
export interface OpenFile {
  /** Reads from the current position until `into` is full or the file ends; the number of bytes read. */
  read(into: Uint8Array): number;
  /** Size and modification time in nanoseconds, as precise as `lstat` has it. */
  stat(): { size: number; mtime: bigint };
  close(): void;
}

/** So many are opened before Node's module is worth its loading: looking twice takes 8 microseconds. */
const FIRST_FILES = 500;

let opened = 0;

/** Opens a regular file by its real path: Deno's permissions are asked for that. Throws the runtime's error. */
export function openFile(path: string): OpenFile {
  return deno !== undefined && opened++ < FIRST_FILES ? openLooking(deno, path) : openFlagged(path);
}

/** By Deno's own calls. */
export function openLooking(deno: DenoApi, path: string): OpenFile {
  const expected = deno.lstatSync(path);
  if (!expected.isFile) throw notRegular();
  const file = deno.openSync(path, { read: true });
  try {
    if (!isSame(file.statSync(), expected)) throw notRegular();
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    read: (into) => fill(into, (rest) => file.readSync(rest) ?? 0),
    stat: () => {
      const info = file.statSync();
      return { size: info.size, mtime: mtimeOf(info) };
    },
    close: () => file.close(),
  };
}

function isSame(found: DenoFileInfo, expected: DenoFileInfo): boolean {
  return found.isFile && found.dev === expected.dev && found.ino === expected.ino;
}

/** As the system says it of a symlink that may not be followed. */
function notRegular(): Error {
  return Object.assign(new Error("not a regular file, or no longer the same"), { code: "ELOOP" });
}

/** By Node's, by any path. */
export function openFlagged(path: string): OpenFile {
  const { closeSync, fstatSync, openSync, readSync } = builtin("fs");
  const fd = openSync(path, openFlags());
  return {
    read: (into) => fill(into, (rest) => readSync(fd, rest)),
    stat: () => {
      const { size, mtimeNs } = fstatSync(fd, { bigint: true });
      return { size: Number(size), mtime: mtimeNs };
    },
    close: () => closeSync(fd),
  };
}

/** Neither follow a symlink, nor wait for a pipe's writer. Windows has neither flag. */
function openFlags(): number {
  const { constants } = builtin("fs");
  return constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
}

function fill(into: Uint8Array, read: (rest: Uint8Array) => number): number {
  let filled = 0;
  while (filled < into.length) {
    const count = read(filled === 0 ? into : into.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
