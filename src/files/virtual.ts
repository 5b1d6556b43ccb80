import { FileError } from "../errors.ts";
import { fromUnixMode, isRegular } from "./mode.ts";
import type { FileContent, FileStat, FileTree } from "./tree.ts";
import type { ResolvedVirtualFile, ResolvedVirtualFiles } from "./virtual_files.ts";

export { resolveVirtualFiles } from "./virtual_files.ts";

const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;
const S_IFLNK = 0o120000;

const NO_CONTENT = new Uint8Array(0);

/** Files in memory as a tree. Directories that the paths imply are there, with mode 0755 and the epoch as their time. */
export function virtualTree(files: ResolvedVirtualFiles): FileTree {
  return new VirtualTree(files);
}

interface Node {
  readonly stat: FileStat;
  readonly content: Uint8Array;
  /** The names in it, for directories. */
  readonly names: string[] | undefined;
}

class VirtualTree implements FileTree {
  readonly label = "(virtual)";
  readonly #nodes = new Map<string, Node>();

  constructor(files: ResolvedVirtualFiles) {
    this.#nodes.set("", impliedDirectory(""));
    for (const [path, file] of files) this.#add(path, nodeOf(path, file));
  }

  list(directory: string): string[] | undefined {
    return this.#nodes.get(directory)?.names?.slice();
  }

  stat(path: string): FileStat | undefined {
    const node = this.#nodes.get(path);
    // A copy: whoever walks may write into it.
    return node === undefined ? undefined : { ...node.stat };
  }

  open(path: string): FileContent {
    const node = this.#nodes.get(path);
    if (node !== undefined && isRegular(node.stat.mode)) return new MemoryFile(node.content);
    throw new FileError("FILE_NOT_FOUND", path, `Cannot read ${path}: no such virtual file`);
  }

  #add(path: string, node: Node): void {
    // A directory that its children have implied before it is given itself.
    const implied = this.#nodes.get(path);
    if (implied === undefined) this.#nameInParent(path);
    this.#nodes.set(path, implied === undefined ? node : { ...node, names: implied.names });
  }

  #nameInParent(path: string): void {
    const slash = path.lastIndexOf("/");
    const parent = path.slice(0, Math.max(0, slash));
    if (!this.#nodes.has(parent)) this.#add(parent, impliedDirectory(parent));
    this.#nodes.get(parent)!.names?.push(path.slice(slash + 1));
  }
}

function impliedDirectory(path: string): Node {
  const node = nodeOf(path, { type: "directory", mode: 0o755, modTime: 0n });
  return { ...node, stat: { ...node.stat, implied: true } };
}

function nodeOf(path: string, file: ResolvedVirtualFile): Node {
  const stat = { path, modTime: file.modTime, linkname: "", devmajor: 0, devminor: 0 };
  switch (file.type) {
    case "file": {
      const { content } = file;
      const mode = fromUnixMode(S_IFREG | file.mode);
      return { stat: { ...stat, mode, size: content.length }, content, names: undefined };
    }
    case "directory": {
      const mode = fromUnixMode(S_IFDIR | file.mode);
      return { stat: { ...stat, mode, size: 0 }, content: NO_CONTENT, names: [] };
    }
    case "symlink": {
      const mode = fromUnixMode(S_IFLNK | 0o777);
      const size = new TextEncoder().encode(file.target).length;
      const linkname = file.target;
      return { stat: { ...stat, mode, size, linkname }, content: NO_CONTENT, names: undefined };
    }
  }
}

class MemoryFile implements FileContent {
  readonly #content: Uint8Array;
  #at = 0;

  constructor(content: Uint8Array) {
    this.#content = content;
  }

  read(into: Uint8Array): number {
    const part = this.#content.subarray(this.#at, this.#at + into.length);
    into.set(part);
    this.#at += part.length;
    return part.length;
  }

  unchanged(): boolean {
    return true;
  }

  close(): void {}
}
