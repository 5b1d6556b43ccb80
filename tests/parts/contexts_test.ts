import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "../../src/build.ts";
import { OptionError } from "../../src/errors.ts";
import { contextsPart } from "../../src/parts/contexts.ts";
import type { NamedContext } from "../../src/types.ts";
import { builtFiles, COPY_ALL, folderOf } from "../build/support.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { serveFiles } from "../support/file_server.ts";
import { commitAll } from "../support/git_repository.ts";
import { serveGit } from "../support/git_server.ts";

const COPY_SRC = "FROM scratch\nCOPY --from=src . /\n";

/** What the context `src` holds. */
function filesOf(
  { address }: TestEnvironment,
  src: NamedContext,
  dockerfile = COPY_SRC,
): Promise<Record<string, string>> {
  return builtFiles({ address, dockerfile, contexts: { src } });
}

daemonTest("build() takes folders as named contexts, each with its ignore file", async (env) => {
  await using folder = folderOf({ ".dockerignore": "*.log\n.dockerignore", a: "1", "x.log": "" });
  assert.deepEqual(await filesOf(env, folder.path), { a: "1" });
  assert.deepEqual(await filesOf(env, pathToFileURL(folder.path)), { a: "1" });
});

daemonTest("build() takes files in memory as named contexts", async (env) => {
  assert.deepEqual(await filesOf(env, { a: "1", "b/c": "2" }), { a: "1", "b/c": "2" });
  assert.deepEqual(await filesOf(env, { build: "1" }), { build: "1" });
  assert.deepEqual(await filesOf(env, { build: { content: "2" } }), { build: "2" });
});

daemonTest("build() takes images as named contexts", async (env) => {
  const { baseImage, address } = env;
  const files = await filesOf(
    env,
    `docker-image://${baseImage}`,
    "FROM src AS one\nFROM scratch\nCOPY --from=one /etc/passwd /\n",
  );
  assert.match(files.passwd!, /^root:/);
  // In place of a base image that is nowhere.
  const contexts = { "nowhere.invalid/base:latest": `docker-image://${baseImage}` };
  const dockerfile = "FROM nowhere.invalid/base AS b\nFROM scratch\nCOPY --from=b /etc/passwd /\n";
  assert.deepEqual(Object.keys(await builtFiles({ address, dockerfile, contexts })), ["passwd"]);
  assert.deepEqual(
    await filesOf(env, "docker-image://scratch", "FROM src\nCOPY --from=src . /\n"),
    {},
  );
});

daemonTest("build() takes git and downloads as named contexts", async (env) => {
  await using root = folderOf({ "app.git/a": "1", "app.git/sub/b": "2" });
  commitAll(join(root.path, "app.git"));
  await using server = await serveGit(root.path);
  assert.deepEqual(await filesOf(env, `${server.url}/app.git`), { a: "1", "sub/b": "2" });
  assert.deepEqual(await filesOf(env, new URL(`${server.url}/app.git?subdir=sub`)), { b: "2" });
  await using files = await serveFiles({ "/data": "3" });
  assert.deepEqual(await filesOf(env, `${files.url}/data`), { context: "3" });
});

daemonTest("build() takes an OCI layout as named context", async (env) => {
  const { address, tools } = env;
  await using folder = folderOf({ Dockerfile: "FROM scratch\nCOPY <<E /x\n1\nE\n" });
  const layout = join(folder.path, "layout");
  const made = await new Buildctl(tools.buildctl, address).build(
    ...["--frontend=dockerfile.v0", `--local=dockerfile=${folder.path}`],
    `--output=type=oci,tar=false,dest=${layout}`,
  );
  assert.equal(made.code, 0, made.stderr);
  for (const suffix of ["", `@${made.digest}`]) {
    assert.deepEqual(await filesOf(env, `oci-layout://${layout}${suffix}`), { x: "1\n" });
  }
});

daemonTest("build() makes of named contexts what buildctl makes", async ({ address, tools }) => {
  await using main = folderOf({ Dockerfile: `${COPY_ALL}COPY --from=context b /b\n`, a: "1" });
  await using other = folderOf({ b: "2", ".dockerignore": "c", c: "3" });
  const epoch = { "build-arg:SOURCE_DATE_EPOCH": "0" };
  const ours = await build({
    address,
    context: main.path,
    contexts: { context: other.path },
    frontendAttrs: epoch,
    output: "image",
  });
  const theirs = await new Buildctl(tools.buildctl, address).build(
    "--frontend=dockerfile.v0",
    "--opt=build-arg:SOURCE_DATE_EPOCH=0",
    "--opt=context:context=local:_context",
    `--local=context=${main.path}`,
    `--local=dockerfile=${main.path}`,
    `--local=_context=${other.path}`,
    "--progress=plain",
    "--output=type=image",
  );
  assert.equal(theirs.code, 0, theirs.stderr);
  assert.equal(theirs.digest, ours.digest);
  assert.match(theirs.stderr, /CACHED/);
});

daemonTest("build() sends of a named context only what changed", async ({ address }) => {
  await using folder = folderOf({ a: "1", b: "2" });
  const options = { address, dockerfile: COPY_SRC, contexts: { src: folder.path } };
  await build(options);
  writeFileSync(join(folder.path, "b"), "22");
  const { transfers } = await build(options);
  const { files, bytes } = transfers.find(({ name }) => name === "src")!;
  assert.deepEqual({ files, bytes }, { files: 1, bytes: 2 });
});

const BAD: [name: string, contexts: Record<string, unknown>, message: RegExp][] = [
  ["a bad name", { "A b": "." }, /^Invalid contexts\["A b"\]: /],
  ["one name twice", { a: ".", "a:latest": "." }, /\["a:latest"\]: it is the same name as "a"$/],
  [
    "a missing folder",
    { a: "./no-such" },
    /^Invalid contexts\.a: there is no folder "\.\/no-such"/,
  ],
  ["a bad image", { a: "docker-image://A b" }, /^Invalid contexts\.a: "A b"/],
  ["a missing layout", { a: "oci-layout:///no-such" }, /there is no folder "\/no-such"/],
  ["a target of bake", { a: "target:x" }, /bake/],
  ["ssh as a URL", { a: "ssh://git@example.com/x" }, /only in the form git@host:path/],
  ["an unknown scheme", { a: "ftp://example.com/x" }, /neither a folder nor a URL/],
  ["a number", { a: 1 }, /1 is neither a folder nor files/],
  ["a list", { a: ["."] }, /it takes one folder/],
  ["nothing", { a: "" }, /it is empty/],
  ["files with a bad path", { a: { "../x": "" } }, /^Invalid contexts\.a\["\.\.\/x"\]: /],
];

const scope = { env: () => undefined, logger: undefined, signal: new AbortController().signal };

for (const [name, contexts, message] of BAD) {
  Deno.test(`contextsPart() refuses ${name}`, async () => {
    const attempt = contextsPart({ contexts: contexts as Record<string, NamedContext> }, scope);
    await assert.rejects(attempt, (error) => {
      assert(error instanceof OptionError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("contextsPart() writes out repositories of GitHub", async () => {
  const cases = [
    ["github.com/a/b", "https://github.com/a/b.git"],
    ["github.com/a/b.git#main:x", "https://github.com/a/b.git#main:x"],
    ["github.com/a/b?ref=v1", "https://github.com/a/b.git?ref=v1"],
    ["git@github.com:a/b.git", "git@github.com:a/b.git"],
  ] as const;
  for (const [src, value] of cases) {
    const { attrs } = await contextsPart({ contexts: { src } }, scope);
    assert.equal(attrs!["context:src"], value);
  }
});
