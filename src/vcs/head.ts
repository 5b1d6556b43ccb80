/** What a work tree is at: its branch and commit. */
import { readText } from "./files.ts";
import { GitError } from "./git_error.ts";
import type { Repository } from "./repository.ts";
import { native as path } from "../runtime/path.ts";

/** What HEAD says. */
export interface Head {
  /** For example `main`; undefined where it is not on a branch. */
  readonly branch: string | undefined;
  /** The commit's id; undefined before the first commit. */
  readonly commit: string | undefined;
}

/** As many names may stand for each other. */
const MAX_LINKS = 5;

/** In place of a ref's name where refs are kept in another way. */
const REFTABLE = "refs/heads/.invalid";

const ID_REGEXP = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Reads HEAD and follows it to a commit.
 *
 * @throws {GitError} if it leads nowhere
 */
export function readHead(repository: Repository): Head {
  let name = "HEAD";
  for (let links = 0; links <= MAX_LINKS; links++) {
    const value = readRef(repository, name);
    const target = /^ref:\s*(.*)/.exec(value ?? "")?.[1];
    if (target === REFTABLE) {
      throw new GitError("it keeps its refs as reftable, which is not understood");
    }
    if (target === undefined) {
      if (value !== undefined && !ID_REGEXP.test(value)) throw new GitError(`${name} is malformed`);
      return { branch: /^refs\/heads\/(.*)/.exec(name)?.[1], commit: value };
    }
    name = target;
  }
  throw new GitError("HEAD leads in a circle");
}

function readRef({ gitFolder, commonFolder }: Repository, name: string): string | undefined {
  if (name !== "HEAD" && (!name.startsWith("refs/") || name.split("/").includes(".."))) {
    throw new GitError(`HEAD leads to "${name}", which is no ref`);
  }
  const loose = readText(path.join(gitFolder, name)) ?? readText(path.join(commonFolder, name));
  if (loose !== undefined) return loose.trim();
  // A loose ref hides a packed one.
  for (const line of readText(path.join(commonFolder, "packed-refs"))?.split("\n") ?? []) {
    const [id, packed] = line.trimEnd().split(" ");
    if (packed === name) return id;
  }
  return undefined;
}
