import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import type { BuildOptions } from "../../src/types.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest } from "../support/env.ts";
import { serveFiles } from "../support/file_server.ts";
import { commitAll, git } from "../support/git_repository.ts";
import { serveGit } from "../support/git_server.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { builtFiles, folderOf, writeFiles } from "./support.ts";

const FILES = {
  "Dockerfile": "FROM scratch\nCOPY a.txt sub/b.txt /\n",
  "deploy/Other": "FROM scratch\nCOPY a.txt /other.txt\n",
  "a.txt": "a",
  "sub/b.txt": "b",
  "sub/Dockerfile": "FROM scratch\nCOPY b.txt /only.txt\n",
};

/** A root folder with the repository `app.git` in it. */
function repositories(): { path: string; commit: string } & AsyncDisposable {
  const root = tempFolder();
  const app = join(root.path, "app.git");
  mkdirSync(app);
  writeFiles(app, FILES);
  const commit = commitAll(app);
  git(app, "branch", "old");
  writeFiles(app, { "a.txt": "newer" });
  git(app, "commit", "--quiet", "--all", "--message=second");
  // So that a commit can be asked for by its name.
  git(app, "config", "uploadpack.allowAnySHA1InWant", "true");
  return { path: root.path, commit, [Symbol.asyncDispose]: () => root[Symbol.asyncDispose]() };
}

const GIT_CASES: [
  name: string,
  options: (url: string, commit: string) => BuildOptions,
  files: Record<string, string>,
][] = [
  ["a repository", (url) => ({ context: url }), { "a.txt": "newer", "b.txt": "b" }],
  ["a repository as URL", (url) => ({ context: new URL(url) }), {
    "a.txt": "newer",
    "b.txt": "b",
  }],
  ["a branch", (url) => ({ context: `${url}#old` }), { "a.txt": "a", "b.txt": "b" }],
  ["a commit", (url, commit) => ({ context: `${url}#${commit}` }), {
    "a.txt": "a",
    "b.txt": "b",
  }],
  ["a folder of a branch", (url) => ({ context: `${url}#main:sub` }), { "only.txt": "b" }],
  ["a query", (url) => ({ context: `${url}?branch=old&subdir=sub` }), { "only.txt": "b" }],
  ["a Dockerfile's path in it", (url) => ({
    context: url,
    dockerfile: { path: "./deploy/Other" },
  }), { "other.txt": "newer" }],
  ["a Dockerfile as content", (url) => ({
    context: url,
    dockerfile: "FROM scratch\nCOPY sub/b.txt /inline.txt\n",
  }), { "inline.txt": "b" }],
];

for (const [name, options, files] of GIT_CASES) {
  daemonTest(`build() builds from git with ${name}`, async ({ address }) => {
    await using root = repositories();
    await using server = await serveGit(root.path);
    const asked = options(`${server.url}/app.git`, root.commit);
    assert.deepEqual(await builtFiles({ address, ...asked }), files);
  });
}

daemonTest("build() builds from git with a Dockerfile of this machine", async ({ address }) => {
  await using root = repositories();
  await using server = await serveGit(root.path);
  await using folder = folderOf({ My: "FROM scratch\nCOPY a.txt /mine.txt\n" });
  const dockerfile = { path: join(folder.path, "My") };
  const context = `${server.url}/app.git`;
  assert.deepEqual(await builtFiles({ address, context, dockerfile }), { "mine.txt": "newer" });
});

daemonTest("build() gives of git the image that buildctl gives", async ({ address, tools }) => {
  await using root = repositories();
  await using server = await serveGit(root.path);
  const context = `${server.url}/app.git#old`;
  const frontendAttrs = { "build-arg:SOURCE_DATE_EPOCH": "0" };
  const ours = await build({ address, context, frontendAttrs, output: "image" });
  const theirs = await new Buildctl(tools.buildctl, address).build(
    "--frontend=dockerfile.v0",
    `--opt=context=${context}`,
    "--opt=build-arg:SOURCE_DATE_EPOCH=0",
    "--progress=plain",
    "--output=type=image",
  );
  assert.equal(theirs.code, 0, theirs.stderr);
  assert.equal(ours.digest, theirs.digest);
  assert.match(theirs.stderr, /CACHED/);
});

const GIT_FAILURES: [end: string, code: string, message: RegExp][] = [
  ["app.git#nope", "GIT_NOT_FOUND", /the repository has no branch, tag or commit nope/],
  [`app.git#${"a".repeat(40)}`, "GIT_NOT_FOUND", /no branch, tag or commit a{40}/],
  ["app.git#main:nope", "GIT_NOT_FOUND", /the repository has no folder nope/],
  ["nope.git", "GIT_NOT_FOUND", /there is no repository http:\S+\/nope.git/],
];

daemonTest("build() says why a repository can't be loaded", async ({ address }) => {
  await using root = repositories();
  await using server = await serveGit(root.path);
  await using locked = await serveGit(root.path, "Basic x");
  const cases = [
    ...GIT_FAILURES.map(([end, ...rest]) => [`${server.url}/${end}`, ...rest] as const),
    [`${locked.url}/app.git`, "GIT_DENIED", /GIT_AUTH_TOKEN\.127\.0\.0\.1:\d+/] as const,
    ["http://127.0.0.1:1/app.git", "GIT_UNREACHABLE", /can't reach 127\.0\.0\.1:1\n/] as const,
  ];
  for (const [context, code, message] of cases) {
    await assert.rejects(
      async () => await build({ address, context }),
      (error) => error instanceof BuildError && error.code === code && message.test(error.message),
      context,
    );
  }
});

/** A tar archive of `FILES`. */
async function archive(): Promise<Uint8Array> {
  await using folder = folderOf(FILES);
  return spawnSync("tar", ["-cf", "-", "-C", folder.path, "."]).stdout;
}

daemonTest("build() builds from archives and Dockerfiles over HTTP", async ({ address }) => {
  await using server = await serveFiles({
    "/a.tar": await archive(),
    "/Dockerfile": "FROM scratch\nCOPY <<E /x\n1\nE\n",
  });
  assert.deepEqual(await builtFiles({ address, context: `${server.url}/a.tar` }), {
    "a.txt": "a",
    "b.txt": "b",
  });
  const dockerfile = { path: "deploy/Other" };
  assert.deepEqual(await builtFiles({ address, context: `${server.url}/a.tar`, dockerfile }), {
    "other.txt": "a",
  });
  const inline = "FROM scratch\nCOPY a.txt /i.txt\n";
  assert.deepEqual(
    await builtFiles({ address, context: new URL(`${server.url}/a.tar`), dockerfile: inline }),
    { "i.txt": "a" },
  );
  assert.deepEqual(await builtFiles({ address, context: `${server.url}/Dockerfile` }), {
    "x": "1\n",
  });
});

daemonTest("build() says that an archive is not there", async ({ address }) => {
  await using server = await serveFiles({});
  await assert.rejects(
    async () => await build({ address, context: `${server.url}/a.tar` }),
    (error) =>
      error instanceof BuildError && error.code === "DOWNLOAD_FAILED" && /404/.test(error.message),
  );
  const dockerfile = "FROM scratch\nCOPY --from=a / /\n";
  await assert.rejects(
    async () => await build({ address, dockerfile, contexts: { a: "http://127.0.0.1:1/x" } }),
    (error) => error instanceof BuildError && error.code === "DOWNLOAD_FAILED",
  );
});

daemonTest("build() builds from a private repository with a secret", async ({ address }) => {
  await using root = repositories();
  const token = "s3cret-of-the-test";
  const authorization = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  await using server = await serveGit(root.path, authorization);
  const context = `${server.url}/app.git`;
  const { host } = new URL(server.url);
  const files = { "a.txt": "newer", "b.txt": "b" };
  assert.deepEqual(
    await builtFiles({ address, context, secrets: { [`GIT_AUTH_TOKEN.${host}`]: token } }),
    files,
  );
  assert.deepEqual(
    await builtFiles({
      address,
      dockerfile: "FROM scratch\nCOPY --from=src a.txt sub/b.txt /\n",
      contexts: { src: context },
      noCache: true,
      secrets: { GIT_AUTH_HEADER: authorization },
    }),
    files,
  );
  await assert.rejects(
    async () => await build({ address, context: `${context}#other` }),
    (error: Error) => !error.message.includes(token),
  );
});
