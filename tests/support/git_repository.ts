/** Repositories made by the real git. */
import { execFileSync } from "node:child_process";
import process from "node:process";

/** Nothing of the machine's own configuration, and commits that are the same in each run. */
const SETTINGS = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_AUTHOR_DATE: "2020-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.com",
  GIT_COMMITTER_DATE: "2020-01-01T00:00:00Z",
};

/** Runs git in a folder and gives its output without the last line break; throws if it fails. */
export function git(folder: string, ...args: string[]): string {
  const output = execFileSync("git", args, {
    cwd: folder,
    env: { ...process.env, ...SETTINGS },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return output.replace(/\n$/, "");
}

/** Makes a folder a repository with the branch `main`, commits everything in it and gives the commit. */
export function commitAll(folder: string): string {
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message=first");
  return git(folder, "rev-parse", "HEAD");
}
