/** Reading what may be missing. The command does it in every build, so that Node's module is loaded only when it must be. */
import { isMissing } from "../files/read_error.ts";
import { type FileKind, fileKind, readWhole } from "../runtime/paths.ts";
import { builtin } from "../runtime/builtin.ts";
import { GitError } from "./git_error.ts";

/** A file's text; undefined if there is no such file. */
export function readText(file: string): string | undefined {
  return unlessMissing(() => new TextDecoder().decode(readWhole(file)));
}

/** What is at a path, symlinks followed; undefined for nothing. */
export function kindOf(file: string): FileKind | undefined {
  return unlessMissing(() => fileKind(file));
}

/** The result of `read`; undefined if the file, or a folder on the way to it, is missing. */
export function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A file to read pieces of, a `GitError` if it is shorter than it says; `use` gets a function that reads up to `length` bytes at `position`. */
export function withFile<T>(
  file: string,
  use: (read: (position: number, length: number) => Uint8Array, size: number) => T,
): T {
  const { closeSync, fstatSync, openSync, readSync } = builtin("fs");
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
  } catch (error) {
    // Offsets and lengths that a damaged file gives lead out of it.
    if (error instanceof RangeError) throw new GitError(`${file} is damaged: ${error.message}`);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
