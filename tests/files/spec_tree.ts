/** A tree made from a description, for tests of what is done with trees. */
import { FileError } from "../../src/errors.ts";
import {
  isDirectory,
  MODE_CHAR_DEVICE,
  MODE_DEVICE,
  MODE_DIR,
  MODE_NAMED_PIPE,
  MODE_SOCKET,
  MODE_SYMLINK,
} from "../../src/files/mode.ts";
import type { FileStat, FileTree } from "../../src/files/tree.ts";

/**
 * Entries by path: `file`, `dir`, `-> target`, `= the path of the same file`, `fifo`, `socket`, `device`; or, to try one's
 * patience: `unreadable` (a directory), `vanished` (listed, but not there), `emptied` (a directory that vanishes later).
 */
export type TreeSpec = Readonly<Record<string, string>>;

const MODES: Readonly<Record<string, number>> = {
  file: 0o644,
  dir: MODE_DIR + 0o755,
  unreadable: MODE_DIR + 0o755,
  emptied: MODE_DIR + 0o755,
  fifo: MODE_NAMED_PIPE + 0o644,
  socket: MODE_SOCKET + 0o755,
  device: MODE_DEVICE + MODE_CHAR_DEVICE + 0o666,
};

/** `asked` gets every path that `stat` is called with. */
export function specTree(spec: TreeSpec, asked: string[] = []): FileTree {
  const children = new Map<string, string[]>();
  for (const path of Object.keys(spec)) {
    const siblings = children.get(parentOf(path));
    if (siblings === undefined) children.set(parentOf(path), [nameOf(path)]);
    else siblings.push(nameOf(path));
  }
  const linked = new Set(Object.values(spec).filter(isHardLink).map((kind) => kind.slice(2)));
  return {
    label: "(spec)",
    list(directory) {
      if (spec[directory] === "emptied") return undefined;
      if (spec[directory] !== "unreadable") return [...children.get(directory) ?? []];
      throw new FileError("FILE_UNREADABLE", directory, `Cannot read ${directory}`);
    },
    stat(path) {
      asked.push(path);
      return spec[path] === undefined || spec[path] === "vanished"
        ? undefined
        : stat(spec, linked, path);
    },
    open(path) {
      throw new FileError("FILE_UNREADABLE", path, "No content here");
    },
  };
}

function stat(spec: TreeSpec, linked: Set<string>, path: string): FileStat {
  const kind = spec[path]!;
  if (isHardLink(kind)) return { ...stat(spec, linked, kind.slice(2)), path };
  const target = kind.startsWith("-> ") ? kind.slice(3) : "";
  const mode = target === "" ? MODES[kind]! : MODE_SYMLINK + 0o777;
  return {
    path,
    mode,
    size: isDirectory(mode) ? 0 : 7,
    modTime: 0n,
    linkname: target,
    devmajor: 0,
    devminor: 0,
    identity: linked.has(path) ? path : undefined,
  };
}

function isHardLink(kind: string): boolean {
  return kind.startsWith("= ");
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
