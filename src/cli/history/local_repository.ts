/** The address of this folder's git repository, from the files of git. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { UsageError } from "../usage_error.ts";

/** Address of the remote that the branch follows, else of `upstream`, else of `origin`. Throws a `UsageError`. */
export function localRepository(folder: string = process.cwd()): string {
  const git = gitFolder(folder);
  if (git === undefined) throw new UsageError(`--local: there is no git repository at ${folder}`);
  const config = readConfig(join(commonFolder(git), "config"));
  const branch = /^ref: refs\/heads\/(.+)/.exec(readFileSync(join(git, "HEAD"), "utf8"))?.[1];
  const followed = config.get(`branch "${branch}"`)?.get("remote");
  for (const remote of [followed, "upstream", "origin"]) {
    const url = config.get(`remote "${remote}"`)?.get("url");
    if (url !== undefined) return withoutLogin(url);
  }
  throw new UsageError(`--local: the git repository at ${folder} has no remote`);
}

/** The folder `.git` of the nearest repository, or what stands for it in a worktree or a submodule. */
function gitFolder(folder: string): string | undefined {
  for (let at = resolve(folder);; at = dirname(at)) {
    const git = join(at, ".git");
    if (existsSync(git)) {
      if (statSync(git).isDirectory()) return git;
      return resolve(at, readFileSync(git, "utf8").replace(/^gitdir: /, "").trim());
    }
    if (at === dirname(at)) return undefined;
  }
}

/** Worktrees share their configuration. */
function commonFolder(git: string): string {
  const pointer = join(git, "commondir");
  return existsSync(pointer) ? resolve(git, readFileSync(pointer, "utf8").trim()) : git;
}

/** Values by section and name (git-config, "Syntax"); the last of several counts. */
function readConfig(file: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const heading = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (heading !== undefined) {
      section = sections.get(heading) ?? new Map();
      sections.set(heading, section);
      continue;
    }
    const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) section.set(name.toLowerCase(), value!.replace(/^"(.*)"$/, "$1"));
  }
  return sections;
}

/** Records have addresses without logins. */
function withoutLogin(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, "$1");
}
