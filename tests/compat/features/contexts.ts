/** What a build can read. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../../src/build.ts";
import { builtFiles, COPY_ALL, folderOf, writeFiles } from "../../build/support.ts";
import { serveFiles } from "../../support/file_server.ts";
import { commitAll, git } from "../../support/git_repository.ts";
import { serveGit } from "../../support/git_server.ts";
import { runOk } from "../../support/process.ts";
import { fastParent, tempFolder } from "../../support/temp_folder.ts";
import type { Feature, World } from "../feature.ts";

const group = "contexts";
const FILES = { "a.txt": "a", "sub/b.txt": "b" };

function feature(what: string, attempt: (world: World) => Promise<void>): Feature {
  return { group, what, attempt };
}

/** A tar archive of these files. */
async function archiveOf(files: Record<string, string>): Promise<Uint8Array<ArrayBuffer>> {
  await using folder = folderOf(files);
  await using out = tempFolder();
  const archive = join(out.path, "context.tar");
  await runOk("tar", ["-cf", archive, "-C", folder.path, "."]);
  return Uint8Array.from(readFileSync(archive));
}

/** What a build reads, and how. */
export const CONTEXT_FEATURES: readonly Feature[] = [
  feature("a folder, with a .dockerignore", async ({ on }) => {
    const ignored = { ".dockerignore": "c\n.dockerignore\nDockerfile\n", c: "c" };
    await using folder = folderOf({ ...FILES, ...ignored, Dockerfile: COPY_ALL });
    assert.deepEqual(await builtFiles({ ...on, context: folder.path }), FILES);
  }),
  feature("files in memory, over a folder", async ({ on }) => {
    await using folder = folderOf({ ...FILES, Dockerfile: "FROM nothing\n" });
    const context = [folder.path, { "a.txt": "other" }];
    const files = await builtFiles({ ...on, context, dockerfile: "FROM scratch\nCOPY a.txt /\n" });
    assert.deepEqual(files, { "a.txt": "other" });
  }),
  feature("only what has changed is sent again", async ({ on }) => {
    await using folder = folderOf({ ...FILES, Dockerfile: COPY_ALL, big: "x".repeat(1 << 16) });
    await builtFiles({ ...on, context: folder.path });
    const { transfers } = await build({ ...on, context: folder.path, output: "cacheonly" });
    const context = transfers.find(({ name }) => name === "context");
    assert.deepEqual([context?.entries, context?.files], [5, 0]);
  }),
  feature("an archive by HTTP", async ({ on }) => {
    const archive = await archiveOf({ ...FILES, Dockerfile: COPY_ALL });
    await using server = await serveFiles({ "/context.tar": archive });
    const files = await builtFiles({ ...on, context: `${server.url}/context.tar` });
    assert.equal(files["sub/b.txt"], "b");
  }),
  feature("an archive as a stream", async ({ on }) => {
    const archive = await archiveOf({ ...FILES, Dockerfile: COPY_ALL });
    const files = await builtFiles({ ...on, context: new Blob([archive]).stream() });
    assert.equal(files["sub/b.txt"], "b");
  }),
  feature("a git repository", async ({ on }) => {
    await using folder = tempFolder();
    writeFiles(join(folder.path, "app"), { ...FILES, Dockerfile: COPY_ALL });
    commitAll(join(folder.path, "app"));
    await using server = await serveGit(folder.path);
    const files = await builtFiles({ ...on, context: `${server.url}/app/.git#main:` });
    assert.equal(files["sub/b.txt"], "b");
  }),
  feature("more contexts by name", async ({ on, baseImage }) => {
    await using folder = folderOf(FILES);
    const files = await builtFiles({
      ...on,
      dockerfile:
        "FROM base AS b\nFROM scratch\nCOPY --from=one / /one/\nCOPY --from=b /etc/passwd /\nCOPY --from=two / /two/\n",
      contexts: { one: folder.path, two: { x: "y" }, base: `docker-image://${baseImage}` },
    });
    assert.deepEqual(Object.keys(files).sort(), ["one/a.txt", "one/sub/b.txt", "passwd", "two/x"]);
  }),
  feature("an OCI layout as a context", async ({ on, baseImage }) => {
    await using folder = tempFolder(fastParent());
    const dest = join(folder.path, "layout");
    const dockerfile = `FROM ${baseImage}\nRUN --network=none echo made >/made\n`;
    await build({ ...on, dockerfile, output: { type: "oci", tar: false, dest } });
    const files = await builtFiles({
      ...on,
      dockerfile: "FROM base AS b\nFROM scratch\nCOPY --from=b /made /\n",
      contexts: { base: `oci-layout://${dest}` },
    });
    assert.deepEqual(files, { made: "made\n" });
  }),
  feature("another build as a context", async ({ on }) => {
    const inner = { context: { made: "by the inner one" }, dockerfile: COPY_ALL };
    const files = await builtFiles({
      ...on,
      dockerfile: "FROM scratch\nCOPY --from=inner /made /\n",
      contexts: { inner: { build: inner } },
    });
    assert.deepEqual(files, { made: "by the inner one" });
  }),
  feature("git's revision in the labels", async ({ on }) => {
    await using folder = folderOf({ ...FILES, Dockerfile: COPY_ALL });
    const revision = commitAll(folder.path);
    git(folder.path, "remote", "add", "origin", "https://git.example/app.git");
    await using out = tempFolder();
    const dest = join(out.path, "image.tar");
    await build({
      ...on,
      context: folder.path,
      vcs: { labels: true },
      output: { type: "oci", dest },
    });
    assert(readFileSync(dest).includes(revision));
  }),
];
