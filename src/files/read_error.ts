/** One translation of the runtimes' filesystem errors into ours. */
import { FileError, type FileErrorCode } from "../errors.ts";
import { runWith } from "../runtime/refusal.ts";

/** The `code` of a system error, for example `ENOENT`; Deno's refused permissions count as `NOT_CAPABLE`. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error.name === "NotCapable") return "NOT_CAPABLE";
  return (error as { code?: string }).code ?? "";
}

/** Whether `error` says that there is nothing at a path, or that a part of the path is not a directory. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** A `FileError` for a failed read: what was tried, on which path, why it failed, and what to do. */
export function readError(action: string, path: string, error: unknown): FileError {
  const [code, reason] = explain(error, path);
  return new FileError(code, path, `Cannot ${action} ${path}: ${reason}`, error);
}

function explain(error: unknown, path: string): [FileErrorCode, string] {
  switch (errorCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return ["FILE_NOT_FOUND", "it does not exist"];
    case "EACCES":
    case "EPERM":
      return [
        "FILE_UNREADABLE",
        "permission denied; make it readable for this user, or exclude it in .dockerignore",
      ];
    case "NOT_CAPABLE":
      return ["PERMISSION_MISSING", runWith(`--allow-read=${path}`)];
    case "EMFILE":
    case "ENFILE":
      return ["FILE_UNREADABLE", "too many files are open; raise the limit (ulimit -n)"];
    case "ELOOP":
    case "ENXIO":
    case "EISDIR":
      return [
        "FILE_CHANGED",
        "it no longer is a regular file; keep it unchanged while the build runs",
      ];
    case "ENAMETOOLONG":
      return ["FILE_NAME_UNSUPPORTED", "the path is too long; shorten it"];
    default:
      return ["FILE_UNREADABLE", error instanceof Error ? error.message : String(error)];
  }
}
