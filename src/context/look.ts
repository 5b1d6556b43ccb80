import { isNotCapable } from "../environment.ts";
import { OptionError, PermissionError } from "../errors.ts";
import { isMissing, readError } from "../files/read_error.ts";
import { runWith } from "../runtime/permission.ts";
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
    if (isNotCapable(error)) {
      const text = `Cannot read ${file}: ${runWith(`--allow-read=${file}`)}`;
      throw new PermissionError(text, { cause: error });
    }
    throw new OptionError(option, readError("read", file, error).message, undefined, error);
  }
}
