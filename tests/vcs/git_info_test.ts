import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Scope } from "../../src/vcs/changes.ts";
import { type GitInfo, readGitInfo } from "../../src/vcs/git_info.ts";
import { folderOf, writeFiles } from "../build/support.ts";
import { commitAll, git } from "../support/git_repository.ts";

const { signal } = new AbortController();

const FILES = {
  "a.txt": "aaa\n",
  "foo.c": "1",
  "foo/x": "2",
  "foo-bar": "3",
  "dir/ü/deep.txt": "4",
  "empty": "",
  ".gitignore": "*.log\n",
};

function infoOf(folder: string, dirty: Scope | false): Promise<GitInfo | undefined> {
  return readGitInfo(realpathSync(folder), { dirty, signal });
}

/** What git itself says. */
function gitSays(folder: string, dirty: Scope): Pick<GitInfo, "commit" | "dirty"> {
  const commit = git(folder, "rev-parse", "HEAD");
  const status = dirty === "all"
    ? git(folder, "status", "--porcelain", "--ignored")
    : git(folder, "status", "--porcelain", "--untracked-files=no");
  return { commit, dirty: status !== "" };
}

/** Each case: what is done to a repository with one commit of `FILES`, and whether that is a change to tracked files. */
const CASES: [name: string, act: (folder: string) => void, dirty: boolean, untracked?: boolean][] =
  [
    ["nothing", () => {}, false],
    ["a changed file of another size", (at) => appendFileSync(join(at, "a.txt"), "x"), true],
    ["a changed file of the same size", (at) => writeFileSync(join(at, "a.txt"), "aab\n"), true],
    [
      "a touched file",
      (at) => utimesSync(join(at, "a.txt"), 1_000_000_000, 1_000_000_000),
      false,
    ],
    [
      "a file of the same size and time, in the index's second",
      (at) => {
        git(at, "update-index", "--refresh");
        writeFileSync(join(at, "a.txt"), "aab\n");
      },
      true,
    ],
    ["a removed file", (at) => unlinkSync(join(at, "foo/x")), true],
    [
      "a file in place of a folder",
      (at) => {
        rmSync(join(at, "foo"), { recursive: true });
        writeFileSync(join(at, "foo"), "");
      },
      true,
      true,
    ],
    ["an executable file", (at) => chmodSync(join(at, "a.txt"), 0o755), true],
    ["an executable file where modes don't count", (at) => {
      git(at, "config", "core.fileMode", "false");
      chmodSync(join(at, "a.txt"), 0o755);
    }, false],
    ["a symlink in place of a file", (at) => {
      unlinkSync(join(at, "a.txt"));
      symlinkSync("foo.c", join(at, "a.txt"));
    }, true],
    ["a staged change", (at) => {
      writeFileSync(join(at, "a.txt"), "b");
      git(at, "add", ".");
    }, true],
    ["a staged change that was undone in the work tree", (at) => {
      writeFileSync(join(at, "a.txt"), "b");
      git(at, "add", ".");
      writeFileSync(join(at, "a.txt"), "aaa\n");
    }, true],
    ["a staged new file", (at) => {
      writeFileSync(join(at, "new"), "b");
      git(at, "add", ".");
    }, true],
    ["an announced file", (at) => {
      writeFileSync(join(at, "new"), "b");
      git(at, "add", "--intent-to-add", "new");
    }, true],
    ["a staged removal", (at) => git(at, "rm", "--quiet", "--cached", "a.txt"), true, true],
    ["an untracked file", (at) => writeFileSync(join(at, "new"), ""), false, true],
    ["an untracked file in a folder", (at) => writeFileSync(join(at, "dir/new"), ""), false, true],
    ["an ignored file", (at) => writeFileSync(join(at, "x.log"), ""), false, true],
    ["an empty folder", (at) => mkdirSync(join(at, "new")), false],
    [
      "a repository in it",
      (at) => {
        mkdirSync(join(at, "inner"));
        writeFileSync(join(at, "inner/x"), "");
        commitAll(join(at, "inner"));
      },
      false,
      true,
    ],
    ["a file that is assumed unchanged", (at) => {
      git(at, "update-index", "--assume-unchanged", "a.txt");
      writeFileSync(join(at, "a.txt"), "changed");
    }, false],
    ["a file that is not checked out", (at) => {
      git(at, "update-index", "--skip-worktree", "a.txt");
      unlinkSync(join(at, "a.txt"));
    }, false],
    ["a conflict", (at) => {
      git(at, "checkout", "--quiet", "-b", "other");
      writeFileSync(join(at, "a.txt"), "other");
      git(at, "commit", "--quiet", "--all", "--message=other");
      git(at, "checkout", "--quiet", "main");
      writeFileSync(join(at, "a.txt"), "main");
      git(at, "commit", "--quiet", "--all", "--message=main");
      assert.throws(() => git(at, "merge", "other"));
    }, true],
    ["an index of version 3", (at) => {
      git(at, "update-index", "--index-version=3");
      git(at, "update-index", "--skip-worktree", "foo/x");
    }, false],
    ["an index of version 4", (at) => git(at, "update-index", "--index-version=4"), false],
    ["an index of version 4 and a change", (at) => {
      git(at, "update-index", "--index-version=4");
      writeFileSync(join(at, "foo/x"), "5");
    }, true],
    ["no index", (at) => unlinkSync(join(at, ".git/index")), true, true],
    ["packed objects and refs", (at) => git(at, "gc", "--quiet"), false],
    ["packed objects and a later commit", (at) => {
      git(at, "gc", "--quiet");
      writeFileSync(join(at, "a.txt"), "later");
      git(at, "commit", "--quiet", "--all", "--message=later");
    }, false],
    ["no branch", (at) => git(at, "checkout", "--quiet", "--detach"), false],
    ["a branch of a nested name", (at) => git(at, "checkout", "--quiet", "-b", "a/b/c"), false],
    ["line ends that are converted", (at) => {
      git(at, "config", "core.autocrlf", "true");
      unlinkSync(join(at, "a.txt"));
      git(at, "checkout", "--quiet", "--", "a.txt");
      assert.equal(readFileSync(join(at, "a.txt"), "utf8"), "aaa\r\n");
      utimesSync(join(at, "a.txt"), 1_000_000_000, 1_000_000_000);
    }, false],
    ["symlinks and a changed one", (at) => {
      symlinkSync("a.txt", join(at, "link"));
      git(at, "add", ".");
      git(at, "commit", "--quiet", "--message=link");
      unlinkSync(join(at, "link"));
      symlinkSync("b.txt", join(at, "link"));
    }, true],
  ];

for (const [name, act, dirty, untracked = false] of CASES) {
  Deno.test(`readGitInfo() agrees with git about ${name}`, async () => {
    await using folder = folderOf(FILES);
    commitAll(folder.path);
    act(folder.path);
    const expected = { tracked: dirty, all: dirty || untracked };
    for (const scope of ["tracked", "all"] as const) {
      // Before git looks, which may write the index anew.
      const found = await infoOf(folder.path, scope);
      const said = gitSays(folder.path, scope);
      assert.deepEqual({ commit: found?.commit, dirty: found?.dirty }, said);
      assert.equal(found?.dirty, expected[scope]);
    }
  });
}

Deno.test("readGitInfo() knows further work trees, folders of them, and clones that share", async () => {
  await using folder = folderOf({});
  const main = join(folder.path, "main");
  writeFiles(main, FILES);
  commitAll(main);
  git(main, "worktree", "add", "--quiet", "-b", "side", "../side");
  git(join(folder.path, "side"), "commit", "--quiet", "--allow-empty", "--message=side");
  git(folder.path, "clone", "--quiet", "--shared", main, "shared");
  git(main, "repack", "--quiet", "-ad");
  for (const name of ["main", "side", "shared"]) {
    const at = join(folder.path, name);
    const found = await infoOf(join(at, "foo"), "all");
    assert.equal(found?.root, realpathSync(at));
    assert.deepEqual({ commit: found.commit, dirty: found.dirty }, gitSays(at, "all"));
    assert.equal(found.dirty, false);
  }
});

Deno.test("readGitInfo() compares submodules by their commits", async () => {
  await using folder = folderOf({});
  const [main, sub] = ["main", "sub"].map((name) => join(folder.path, name)) as [string, string];
  writeFiles(main, FILES);
  writeFiles(sub, FILES);
  commitAll(sub);
  commitAll(main);
  git(main, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", sub, "mod");
  git(main, "commit", "--quiet", "--message=sub");
  const commit = git(main, "rev-parse", "HEAD");
  assert.deepEqual((await infoOf(main, "all"))?.dirty, false);
  assert.equal((await infoOf(join(main, "mod"), "all"))?.commit, git(sub, "rev-parse", "HEAD"));
  git(join(main, "mod"), "commit", "--quiet", "--allow-empty", "--message=x");
  const found = await infoOf(main, "tracked");
  assert.deepEqual({ commit: found?.commit, dirty: found?.dirty }, { commit, dirty: true });
  // Not checked out, as after a plain clone.
  rmSync(join(main, "mod"), { recursive: true });
  mkdirSync(join(main, "mod"));
  assert.equal((await infoOf(main, "tracked"))?.dirty, false);
  assert.equal(gitSays(main, "tracked").dirty, false);
});

Deno.test("readGitInfo() reads commits that are deltas in a pack", async () => {
  await using folder = folderOf(FILES);
  commitAll(folder.path);
  // Long messages that are nearly the same.
  const text = Array.from({ length: 200 }, (_, i) => `line ${i} of a long message`).join("\n");
  for (let i = 0; i < 8; i++) {
    git(folder.path, "commit", "--quiet", "--allow-empty", `--message=${text}\n${i}`);
  }
  for (const offsets of ["true", "false"]) {
    git(folder.path, "config", "repack.useDeltaBaseOffset", offsets);
    git(folder.path, "repack", "--quiet", "-adf", "--depth=50", "--window=50");
    const pack = git(folder.path, "rev-parse", "--git-dir") + "/objects/pack";
    const listed = execFileSync("sh", ["-c", `git verify-pack -v ${pack}/*.idx`], {
      cwd: folder.path,
      encoding: "utf8",
    });
    assert.match(listed, /^[0-9a-f]{40} commit \d+ \d+ \d+ [1-9]/m);
    for (const id of git(folder.path, "rev-list", "HEAD").split("\n")) {
      git(folder.path, "checkout", "--quiet", id);
      const found = await infoOf(folder.path, "tracked");
      assert.deepEqual([found?.commit, found?.dirty], [id, false]);
    }
    git(folder.path, "checkout", "--quiet", "main");
  }
});

Deno.test("readGitInfo() reads repositories of SHA-256", async () => {
  await using folder = folderOf(FILES);
  git(folder.path, "init", "--quiet", "--object-format=sha256");
  commitAll(folder.path);
  git(folder.path, "gc", "--quiet");
  const found = await infoOf(folder.path, "all");
  assert.match(found?.commit ?? "", /^[0-9a-f]{64}$/);
  assert.equal(found?.dirty, false);
  writeFileSync(join(folder.path, "a.txt"), "aab\n");
  assert.equal((await infoOf(folder.path, "tracked"))?.dirty, true);
});

Deno.test("readGitInfo() takes a file of Git LFS for what its pointer says", async () => {
  const oid = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 3\n`;
  await using folder = folderOf({ big: pointer });
  commitAll(folder.path);
  writeFileSync(join(folder.path, "big"), "abc");
  // As after a checkout, which notes the size of what it wrote.
  const index = join(folder.path, ".git/index");
  const bytes = readFileSync(index);
  bytes.writeUInt32BE(3, 12 + 36);
  writeFileSync(index, bytes);
  assert.equal((await infoOf(folder.path, "tracked"))?.dirty, false);
  writeFileSync(join(folder.path, "big"), "abd");
  assert.equal((await infoOf(folder.path, "tracked"))?.dirty, true);
});

Deno.test("readGitInfo() knows no commit before the first one, and nothing outside", async () => {
  await using folder = folderOf({ a: "" });
  assert.equal(await infoOf(folder.path, "all"), undefined);
  git(folder.path, "init", "--quiet");
  git(folder.path, "remote", "add", "origin", "https://me:token@example.com/a.git");
  assert.deepEqual(await infoOf(folder.path, "all"), {
    root: realpathSync(folder.path),
    commit: undefined,
    dirty: undefined,
    source: "https://example.com/a.git",
  });
});

const REMOTES: [name: string, config: string[][], source: string | undefined][] = [
  ["none", [], undefined],
  ["origin", [["remote.origin.url", "git@example.com:a"]], "git@example.com:a"],
  ["upstream", [["remote.upstream.url", "/a"], ["remote.x.url", "/b"]], "/a"],
  [
    "the branch's own",
    [["remote.origin.url", "/a"], ["remote.fork.url", "/b"], ["branch.main.remote", "fork"]],
    "/b",
  ],
  ["a quoted one", [["remote.origin.url", '/a "b" # c; \\ \t d ']], '/a "b" # c; \\ \t d '],
];

for (const [name, config, source] of REMOTES) {
  Deno.test(`readGitInfo() finds the remote: ${name}`, async () => {
    await using folder = folderOf({ a: "" });
    commitAll(folder.path);
    for (const [key, value] of config) git(folder.path, "config", key!, value!);
    assert.equal((await infoOf(folder.path, false))?.source, source);
  });
}

const BROKEN: [name: string, act: (folder: string) => void, message: RegExp][] = [
  ["a circle", (at) => writeFileSync(join(at, ".git/HEAD"), "ref: HEAD\n"), /circle/],
  ["a path", (at) => writeFileSync(join(at, ".git/HEAD"), "ref: refs/../../x\n"), /is no ref/],
  ["garbage as HEAD", (at) => writeFileSync(join(at, ".git/HEAD"), "x\n"), /HEAD is malformed/],
  [
    "reftable",
    (at) => writeFileSync(join(at, ".git/HEAD"), "ref: refs/heads/.invalid\n"),
    /reftable/,
  ],
  ["no objects", (at) => {
    renameSync(join(at, ".git/objects"), join(at, ".git/gone"));
  }, /it has no object [0-9a-f]{40}/],
  ["garbage as index", (at) => writeFileSync(join(at, ".git/index"), "x".repeat(100)), /not an/],
  ["half an index", (at) => {
    const index = join(at, ".git/index");
    writeFileSync(index, readFileSync(index).subarray(0, 100));
  }, /cut short/],
  ["a split index", (at) => git(at, "update-index", "--split-index"), /split in two/],
  ["a strange .git", (at) => {
    rmSync(join(at, ".git"), { recursive: true });
    writeFileSync(join(at, ".git"), "x");
  }, /does not say where/],
];

for (const [name, act, message] of BROKEN) {
  Deno.test(`readGitInfo() says what it can't read: ${name}`, async () => {
    await using folder = folderOf(FILES);
    commitAll(folder.path);
    act(folder.path);
    await assert.rejects(infoOf(folder.path, "tracked"), (error: Error) => {
      assert.equal(error.name, "GitError");
      assert.match(error.message, message);
      return true;
    });
  });
}
