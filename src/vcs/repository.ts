/** Where a work tree's repository is (gitrepository-layout). */
import { type GitConfig, parseConfig } from "./config.ts";
import { kindOf, readText } from "./files.ts";
import { GitError } from "./git_error.ts";
import { native as path } from "../runtime/path.ts";

/** A work tree with its repository. */
export interface Repository {
  /** The work tree's top folder. */
  readonly root: string;
  /** What belongs to this work tree: HEAD and the index. */
  readonly gitFolder: string;
  /** What all work trees share: objects, branches, configuration. Mostly the same folder. */
  readonly commonFolder: string;
  readonly config: GitConfig;
  /** Of the ids of objects. */
  readonly hash: "sha1" | "sha256";
}

/**
 * Finds the repository that `folder` is in, from there upward. Variables such as GIT_DIR are not looked at: they are about
 * somebody's shell, not about the folder.
 *
 * @returns undefined if it is in none
 * @throws {GitError} if it is in one that is broken
 */
export function findRepository(folder: string): Repository | undefined {
  for (let root = path.resolve(folder);; root = path.dirname(root)) {
    const found = repositoryAt(root);
    if (found !== undefined) return found;
    if (root === path.dirname(root)) return undefined;
  }
}

/** The repository of which `root` is the top folder. */
export function repositoryAt(root: string): Repository | undefined {
  const gitFolder = gitFolderOf(root);
  if (gitFolder === undefined || readText(path.join(gitFolder, "HEAD")) === undefined) {
    return undefined;
  }
  const common = readText(path.join(gitFolder, "commondir"))?.trim();
  const commonFolder = common === undefined ? gitFolder : path.resolve(gitFolder, common);
  const config = parseConfig(readText(path.join(commonFolder, "config")) ?? "");
  const hash = config.get("extensions.objectformat") ?? "sha1";
  if (hash === "sha1" || hash === "sha256") {
    return { root, gitFolder, commonFolder, config, hash };
  }
  throw new GitError(`its objects have ids of the unknown format ${hash}`);
}

/** `.git`, or where the file of that name points: so it is in submodules and further work trees. */
function gitFolderOf(root: string): string | undefined {
  const entry = path.join(root, ".git");
  const found = kindOf(entry);
  if (found === undefined) return undefined;
  if (!found.isFile) return entry;
  const target = /^gitdir: (.*)/.exec(readText(entry) ?? "")?.[1]?.trimEnd();
  if (target === undefined) throw new GitError(`${entry} does not say where the repository is`);
  return path.resolve(root, target);
}
