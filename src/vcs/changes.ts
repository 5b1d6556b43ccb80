/** Whether a work tree has changes, found without git. */
import { Buffer } from "node:buffer";
import { readdirSync } from "node:fs";
import path from "node:path";
import { Turns } from "../files/turns.ts";
import { kindOf } from "./files.ts";
import { type GitIndex, type IndexEntry, readIndex } from "./index_file.ts";
import { treeOfCommit } from "./object_store.ts";
import type { Repository } from "./repository.ts";
import { treeId } from "./tree_id.ts";
import { isChanged } from "./work_tree.ts";

/** Files beyond which a work tree is not looked at: each costs a system call or more. */
const MAX_FILES = 200_000;

/** Bytes of files that may be read where their times do not tell. */
const MAX_BYTES = 1 << 30;

const SUBMODULE = 0o160000;

/** What counts: files that git tracks, or also those that it does not, ignored ones among them. */
export type Scope = "tracked" | "all";

/**
 * Whether the work tree differs from `commit`, as `git describe --dirty` has it for `tracked`, and `git status --ignored` for
 * `all`.
 *
 * @returns undefined if that would take too long to know: there are more than 200,000 files, or 1 GiB to compare
 * @throws {GitError} if the repository is not understood. Throws the signal's reason when that fires.
 */
export async function hasChanges(
  repository: Repository,
  commit: string,
  scope: Scope,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const index = readIndex(repository);
  if (index.entries.some(({ stage, intentToAdd }) => stage > 0 || intentToAdd)) return true;
  const tree = treeOfCommit(repository, commit);
  if (treeId(index.entries, repository.hash) !== tree) return true;
  if (index.entries.length > MAX_FILES) return undefined;
  const changed = await someFileChanged(repository, index, signal);
  if (changed !== false || scope === "tracked") return changed;
  return await hasUntracked(repository.root, index.entries, signal);
}

async function someFileChanged(
  repository: Repository,
  { entries, written }: GitIndex,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const turns = new Turns();
  const budget = { bytes: MAX_BYTES };
  for (const entry of entries) {
    if (turns.due()) {
      await turns.take();
      signal.throwIfAborted();
    }
    if (!entry.skip && isChanged(entry, { repository, written, budget })) return true;
  }
  return budget.bytes < 0 ? undefined : false;
}

/** Whether a file is in the work tree that is not in the index. Folders without files do not count. */
async function hasUntracked(
  root: string,
  entries: readonly IndexEntry[],
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const paths = entries.map(({ path }) => Buffer.from(path, "latin1").toString());
  const tracked = new Set(paths);
  const submodules = new Set(paths.filter((_, i) => entries[i]!.mode === SUBMODULE));
  const turns = new Turns();
  const folders = [""];
  let left = MAX_FILES;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      if (--left < 0) return undefined;
      if (turns.due()) {
        await turns.take();
        signal.throwIfAborted();
      }
      const name = `${folder}${entry.name}`;
      if (name === ".git" || submodules.has(name)) continue;
      if (!entry.isDirectory()) {
        if (!tracked.has(name)) return true;
      } else if (kindOf(path.join(root, name, ".git")) !== undefined) {
        // A repository of its own, as a whole.
        return true;
      } else folders.push(`${name}/`);
    }
  }
  return false;
}
