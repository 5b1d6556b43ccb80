/** Reading what may be missing. */
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
} from "node:fs";

/** A file's text; undefined if there is no such file. */
export function readText(file: string): string | undefined {
  return unlessMissing(() => readFileSync(file, "utf8"));
}

/** What is at a path, itself if it is a symlink; undefined for nothing. */
export function lstat(file: string): Stats | undefined {
  return unlessMissing(() => lstatSync(file));
}

/** The result of `read`; undefined if the file, or a folder on the way to it, is missing. */
export function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** A file to read pieces of; `use` gets a function that reads up to `length` bytes at `position`. */
export function withFile<T>(
  file: string,
  use: (read: (position: number, length: number) => Uint8Array, size: number) => T,
): T {
  const descriptor = openSync(file, "r");
  try {
    const read = (position: number, length: number) => {
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const count = readSync(descriptor, bytes, filled, length - filled, position + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    };
    return use(read, fstatSync(descriptor).size);
  } finally {
    closeSync(descriptor);
  }
}
