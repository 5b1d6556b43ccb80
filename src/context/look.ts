import { OptionError } from "../errors.ts";
import { isMissing, readError } from "../files/read_error.ts";
import { readRefused } from "../runtime/refusal.ts";
import { type FileKind, fileKind } from "../runtime/paths.ts";

/**
 * What is at a path, symlinks followed; undefined for nothing.
 *
 * @throws {OptionError | PermissionError} if that can't be known
 */
export function look(file: string, option: string): FileKind | undefined {
  try {
    return fileKind(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    const problem = readError("read", file, error).message;
    throw readRefused(file, error) ?? new OptionError(option, problem, undefined, error);
  }
}
