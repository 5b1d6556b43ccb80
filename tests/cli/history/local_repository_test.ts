import assert from "node:assert/strict";
import { localRepository } from "../../../src/cli/history/local_repository.ts";
import { folderOf } from "../../build/support.ts";

const CONFIG = '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://me:pw@test/origin.git\n';
const FORK = '[remote "fork"]\n\turl = git@test:fork.git\n[branch "work"]\n\tremote = fork\n';

const CASES: [name: string, files: Record<string, string>, folder: string, url: string][] = [
  [
    "origin, without its login",
    {
      ".git/config": CONFIG,
      ".git/HEAD": "ref: refs/heads/main\n",
      "a/b/x": "",
    },
    "a/b",
    "https://test/origin.git",
  ],
  [
    "what the branch follows",
    {
      ".git/config": CONFIG + FORK,
      ".git/HEAD": "ref: refs/heads/work\n",
    },
    "",
    "git@test:fork.git",
  ],
  [
    "upstream before origin",
    {
      ".git/config": `${CONFIG}[remote "upstream"]\nurl = "https://test/up"\n`,
      ".git/HEAD": "0123\n",
    },
    "",
    "https://test/up",
  ],
  [
    "a worktree's repository",
    {
      "main/.git/config": CONFIG,
      "main/.git/worktrees/w/HEAD": "ref: refs/heads/main\n",
      "main/.git/worktrees/w/commondir": "../..\n",
      "w/.git": "gitdir: ../main/.git/worktrees/w\n",
    },
    "w",
    "https://test/origin.git",
  ],
];

for (const [name, files, folder, url] of CASES) {
  Deno.test(`localRepository() finds ${name}`, async () => {
    await using root = folderOf(files);
    assert.equal(localRepository(`${root.path}/${folder}`), url);
  });
}

Deno.test("localRepository() refuses a folder without a repository, and one without remotes", async () => {
  await using root = folderOf({ "r/.git/config": "[core]\n", "r/.git/HEAD": "0\n", "n/x": "" });
  assert.throws(() => localRepository(`${root.path}/n`), /no git repository/);
  assert.throws(() => localRepository(`${root.path}/r`), /has no remote/);
});
