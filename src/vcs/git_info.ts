/** What a folder's git repository says of it. */
import type { Scope } from "./changes.ts";
import { readHead } from "./head.ts";
import { remoteUrl } from "./remote_url.ts";
import { findRepository } from "./repository.ts";

/** What is known of a work tree. */
export interface GitInfo {
  /** Its top folder. */
  readonly root: string;
  /** The commit; undefined before the first one. */
  readonly commit: string | undefined;
  /** Whether there are changes; undefined if that was not asked for, or can't be known in a reasonable time. */
  readonly dirty: boolean | undefined;
  /** The URL that it comes from, without credentials. */
  readonly source: string | undefined;
}

/**
 * Reads the repository that `folder` is in, without running git. `folder` must be free of symlinks, since the way up from it
 * is taken by its name.
 *
 * @returns undefined if it is in none
 * @throws {GitError} if the repository is not understood, and what the file system throws
 */
export async function readGitInfo(
  folder: string,
  options: { dirty: Scope | false; signal: AbortSignal },
): Promise<GitInfo | undefined> {
  const repository = findRepository(folder);
  if (repository === undefined) return undefined;
  const { branch, commit } = readHead(repository);
  const { dirty: scope, signal } = options;
  const dirty = scope === false || commit === undefined
    ? undefined
    : await (await import("./changes.ts")).hasChanges(repository, commit, scope, signal);
  return {
    root: repository.root,
    commit,
    dirty,
    source: remoteUrl(repository, branch),
  };
}
