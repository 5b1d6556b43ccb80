/** Contexts that this machine holds: folders, and files in memory. */
import { OptionError } from "../errors.ts";
import { openDirectory } from "../files/directory.ts";
import { absolutePath } from "../files/runtime.ts";
import type { FileTree } from "../files/tree.ts";
import { virtualTree } from "../files/virtual.ts";
import { resolveVirtualFiles } from "../files/virtual_files.ts";
import { show } from "../options.ts";
import { pathOf } from "../outputs.ts";
import type { ContextSource, VirtualFiles } from "../types.ts";
import { look } from "./look.ts";
import { hideCredentials } from "./remote.ts";

/**
 * Opens one folder, or takes in files of one map.
 *
 * @throws {OptionError} if there is no such folder, or a file can't be taken
 */
export async function openSource(
  source: ContextSource,
  option: string,
  signal: AbortSignal | undefined,
): Promise<FileTree> {
  if (!isVirtual(source)) return openFolder(source, option);
  if (!isPlainObject(source)) {
    throw new OptionError(option, `${show(source)} is neither a folder nor files`, '"."');
  }
  return virtualTree(await resolveVirtualFiles(source, signal, option));
}

/** Whether a source is files in memory; else it is a folder. */
export function isVirtual(source: ContextSource): source is VirtualFiles {
  return typeof source !== "string" && !(source instanceof URL);
}

/** Whether a value was written as `{ ... }`. */
export function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The full paths of those sources that are folders. */
export function absoluteFolders(sources: readonly ContextSource[]): string[] {
  return foldersOf(sources).map((folder) => absolutePath(folder));
}

/** The paths, as given, of those sources that are folders. */
export function foldersOf(sources: readonly ContextSource[]): string[] {
  return sources.flatMap((source) => isVirtual(source) ? [] : [pathOf(source, "context")]);
}

function openFolder(source: string | URL, option: string): FileTree {
  const text = String(source);
  if (/^(?!file:)[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new OptionError(
      option,
      `"${hideCredentials(text)}" is neither a folder nor a URL that a builder can load`,
      '"./app", or "https://github.com/owner/app.git"',
    );
  }
  const folder = pathOf(source, option);
  const found = look(folder, option);
  if (found === undefined) throw new OptionError(option, `there is no folder "${folder}"`, '"."');
  if (!found.isDirectory) throw new OptionError(option, `"${folder}" is not a folder`, '"."');
  return openDirectory(folder);
}
