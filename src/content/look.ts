import fs from "node:fs";
import { isMissing, readError } from "../files/read_error.ts";

/** What is at a path, symlinks followed; undefined for nothing. Throws a `FileError` if it can't be seen. */
export function look(path: string): "folder" | "other" | undefined {
  try {
    const found = fs.statSync(path, { throwIfNoEntry: false });
    return found && (found.isDirectory() ? "folder" : "other");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw readError("read", path, error);
  }
}
