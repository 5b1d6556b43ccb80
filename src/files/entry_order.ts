/** What a received list of entries must look like before any of it touches the disk (fsutil validator.go). */
import process from "node:process";
import { FileError, ProtocolError } from "../errors.ts";
import { compareNames } from "./order.ts";

/** A directory whose children may still come, and the last child that came. */
interface OpenDirectory {
  readonly path: string;
  last: string;
}

/**
 * Checks entries one by one: clean relative paths, in order, below directories that came before. So a path that passes
 * cannot name anything outside the tree, comes once only, and never leads through a link of the same tree.
 */
export class EntryOrder {
  readonly #open: OpenDirectory[] = [{ path: "", last: "" }];

  /** Takes the next entry. Throws a `FileError` on a name that cannot be used, a `ProtocolError` on a wrong order. */
  check(path: string, isDirectory: boolean): void {
    const slash = path.lastIndexOf("/");
    const parent = path.slice(0, Math.max(slash, 0));
    const name = path.slice(slash + 1);
    checkName(path, name);
    const open = this.#open;
    while (open.length > 1 && open[open.length - 1]!.path !== parent) open.pop();
    const directory = open[open.length - 1]!;
    if (directory.path !== parent || slash === 0) throw misplaced(path);
    if (directory.last !== "" && compareNames(directory.last, name) >= 0) {
      throw new ProtocolError(
        `The builder sent ${show(path)} out of order, after ${show(directory.last)}`,
      );
    }
    directory.last = name;
    if (isDirectory) open.push({ path, last: "" });
  }
}

/** The parent is no directory of this tree: say why as precisely as can be told. */
function misplaced(path: string): Error {
  if (path.startsWith("/") || path.split("/").includes("..")) return escape(path);
  return new ProtocolError(
    `The builder sent ${show(path)}, but its parent is no directory sent before`,
  );
}

function escape(path: string): FileError {
  return new FileError(
    "PATH_ESCAPE",
    path,
    `Refused to write ${show(path)}: the builder sent a path that leads out of the destination`,
  );
}

/** What no name may hold anywhere, and what Windows gives a meaning of its own: drives, streams, devices. */
const WINDOWS_NAME_REGEXP =
  // deno-lint-ignore no-control-regex
  /[\\:*?"<>|\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

function checkName(path: string, name: string): void {
  if (name === "..") throw escape(path);
  const unusable = name === "" || name === "." || name.includes("\0") ||
    (process.platform === "win32" && WINDOWS_NAME_REGEXP.test(name));
  if (!unusable) return;
  throw new FileError(
    "FILE_NAME_UNSUPPORTED",
    path,
    `Cannot write ${show(path)}: this system has no such file names. ` +
      `Leave the file out of the result, or export with type "tar"`,
  );
}

function show(path: string): string {
  return JSON.stringify(path);
}
