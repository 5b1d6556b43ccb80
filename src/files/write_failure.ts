import { FileError, MoatError } from "../errors.ts";
import { missingGrant, runWith } from "../runtime/refusal.ts";

/** What to do about the usual reasons, by error code. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: "grant write access to the destination, or choose another",
  EDQUOT: "the disk quota is used up",
  EMFILE: "raise the limit of open files (ulimit -n)",
  ENOSPC: "free space on the destination's disk",
  EPERM: "grant write access to the destination, or choose another",
  EROFS: "the destination's file system is read-only; choose another",
};

/**
 * The error for `path` in a destination that could not be written; an error of ours is passed on as it is. `explain` puts
 * paths that people know into the system's text.
 */
export function writeFailure(
  path: string,
  error: unknown,
  explain: (text: string) => string = (text) => text,
): MoatError {
  if (error instanceof MoatError) return error;
  const code = errorCode(error);
  if (code === "ENAMETOOLONG" || code === "EILSEQ") {
    return new FileError(
      "FILE_NAME_UNSUPPORTED",
      path,
      `Cannot write ${path}: its name or path is not possible on this file system (${code}). ` +
        `Choose a shorter destination, or export with type "tar"`,
      error,
    );
  }
  const grant = missingGrant(error);
  if (grant !== undefined) {
    // For a symlink Deno wants both permissions without any path.
    const instead = grant.includes("=") ? "" : ', or export with type "tar"';
    const message = `Cannot write ${path}: ${runWith(explain(grant))}${instead}`;
    return new FileError("PERMISSION_MISSING", path, message, error);
  }
  const reason = explain(error instanceof Error ? error.message : String(error));
  const advice = adviceFor(code);
  return new FileError("FILE_UNWRITABLE", path, `Cannot write ${path}: ${reason}${advice}`, error);
}

function adviceFor(code: string | undefined): string {
  return code !== undefined && Object.hasOwn(ADVICE, code) ? `; ${ADVICE[code]}` : "";
}

/** The `code` of a file system error, for example `EEXIST`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
