/** Objects of a repository: loose files, and packs (gitformat-pack). */
import type { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { inflateSync } from "node:zlib";
import { readText, unlessMissing } from "./files.ts";
import { GitError } from "./git_error.ts";
import { findInPack, type PackedObject, readPacked } from "./pack.ts";
import type { Repository } from "./repository.ts";

/** Objects that deltas are made of may themselves be deltas; git makes chains of 50. */
const MAX_CHAIN = 500;

/** A commit is far smaller. */
const MAX_COMMIT = 16 << 20;

/** Folders of objects that a folder of objects may point to, one after the other. */
const MAX_ALTERNATES = 5;

const COMMIT = 1;

/**
 * The tree of a commit.
 *
 * @throws {GitError} if it is not there, or malformed
 */
export function treeOfCommit(repository: Repository, commit: string): string {
  const content = readObject(repository, commit).toString("latin1");
  const tree = /^tree ([0-9a-f]+)\n/.exec(content)?.[1];
  if (tree === undefined) throw new GitError(`the object ${commit} is not a commit`);
  return tree;
}

/** The content of a commit. */
function readObject(repository: Repository, id: string): Buffer {
  const folders = objectFolders(path.join(repository.commonFolder, "objects"));
  for (const folder of folders) {
    const loose = unlessMissing(() => readFileSync(path.join(folder, id.slice(0, 2), id.slice(2))));
    if (loose === undefined) continue;
    const bytes = inflate(loose, id);
    return bytes.subarray(bytes.indexOf(0) + 1);
  }
  const { type, content } = readFromPacks(folders, id, 0);
  if (type === COMMIT) return content;
  throw new GitError(`the object ${id} is not a commit`);
}

function readFromPacks(folders: readonly string[], id: string, depth: number): PackedObject {
  if (depth > MAX_CHAIN) throw new GitError(`the object ${id} is a delta of too many others`);
  for (const folder of folders.map((folder) => path.join(folder, "pack"))) {
    for (const name of unlessMissing(() => readdirSync(folder)) ?? []) {
      if (!name.endsWith(".idx")) continue;
      const offset = findInPack(path.join(folder, name), id);
      if (offset === undefined) continue;
      const pack = path.join(folder, name.replace(/idx$/, "pack"));
      const baseOf = (base: string) => readFromPacks(folders, base, depth + 1);
      return readPacked(pack, offset, { id, baseOf });
    }
  }
  throw new GitError(`it has no object ${id}`);
}

/** The folder and those that it borrows objects from (`git clone --shared`). */
function objectFolders(folder: string): string[] {
  const folders = [folder];
  for (let i = 0; i < folders.length && i < MAX_ALTERNATES; i++) {
    const lines = readText(path.join(folders[i]!, "info/alternates"))?.split("\n") ?? [];
    const paths = lines.filter((line) => line !== "" && !line.startsWith("#"));
    folders.push(...paths.map((line) => path.resolve(folders[i]!, line)));
  }
  return folders;
}

function inflate(bytes: Uint8Array, id: string): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: MAX_COMMIT });
  } catch (error) {
    throw new GitError(`the object ${id} is damaged: ${(error as Error).message}`);
  }
}
