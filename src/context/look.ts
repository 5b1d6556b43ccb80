import { type Stats, statSync } from "node:fs";
import { isNotCapable } from "../environment.ts";
import { OptionError, PermissionError } from "../errors.ts";
import { isMissing, readError } from "../files/read_error.ts";

/**
 * What is at a path, symlinks followed; undefined for nothing.
 *
 * @throws {OptionError | PermissionError} if that can't be known
 */
export function look(file: string, option: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (isNotCapable(error)) {
      throw new PermissionError(`Cannot read ${file}: run with --allow-read=${file}`, {
        cause: error,
      });
    }
    throw new OptionError(option, readError("read", file, error).message, undefined, error);
  }
}
