/** What the daemon keeps of a context: never stale, and only what changed is sent again. */
import assert from "node:assert/strict";
import { mkdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { builtFiles, COPY_ALL, folderOf, transferredBytes, writeFiles } from "./support.ts";

daemonTest("build() never takes a file in memory for another of its size", async ({ address }) => {
  const at = (content: string) =>
    builtFiles({
      address,
      context: {
        a: content,
        b: { content, mtime: new Date(1_700_000_000_123) },
        c: { content, mtime: new Date(0) },
      },
      dockerfile: COPY_ALL,
    });
  for (const content of ["one", "two", "one", "six"]) {
    assert.deepEqual(await at(content), { a: content, b: content, c: content });
  }
});

daemonTest("build() never takes a Dockerfile for another of its size", async ({ address }) => {
  for (const name of ["x", "y", "x"]) {
    const context = { x: "1", y: "1" };
    const dockerfile = `FROM scratch\nCOPY ${name} /\n`;
    assert.deepEqual(await builtFiles({ address, context, dockerfile }), { [name]: "1" });
  }
});

daemonTest("build() tells Dockerfiles of two folders from each other", async ({ address }) => {
  await using folder = folderOf({
    "a/Dockerfile": "FROM scratch\nCOPY x /\n",
    "b/Dockerfile": "FROM scratch\nCOPY y /\n",
    "a/Dockerfile.dockerignore": "none",
    "b/Dockerfile.dockerignore": "some",
    "context/x": "x",
    "context/y": "y",
  });
  for (const name of ["a", "b", "a"]) {
    const file = join(folder.path, name, "Dockerfile");
    utimesSync(file, 1, 1);
    utimesSync(`${file}.dockerignore`, 1, 1);
    const context = join(folder.path, "context");
    const key = name === "a" ? "x" : "y";
    assert.deepEqual(await builtFiles({ address, context, dockerfile: { path: file } }), {
      [key]: key,
    });
  }
});

daemonTest("build() gives equal images whatever the daemon had before", async (environment) => {
  const { address, peerAddress } = environment;
  const image = async (address: string, content: string) => {
    const context = { "d/f": content, "late": { content, mtime: new Date(1_700_000_000_900) } };
    const output = { type: "oci", dest: new WritableStream() } as const;
    const buildArgs = { SOURCE_DATE_EPOCH: "1" };
    const attrs = { "rewrite-timestamp": "true" };
    const plain = await build({ address, context, dockerfile: COPY_ALL, buildArgs, output });
    const rewritten = await build({
      address,
      context,
      dockerfile: COPY_ALL,
      buildArgs,
      output: { type: "oci", dest: new WritableStream(), attrs },
    });
    return [plain.metadata["containerimage.descriptor"], rewritten.digest];
  };
  const first = await image(address, "one");
  assert.notDeepEqual(await image(address, "two"), first);
  assert.deepEqual(await image(address, "one"), first);
  const [, elsewhere] = await image(peerAddress, "one");
  assert.equal(elsewhere, first[1]);
});

daemonTest("build() gives files in memory the epoch in image layers", async (environment) => {
  const { address, baseImage } = environment;
  const dockerfile = `FROM ${baseImage} AS made
COPY f late /
FROM ${baseImage}
RUN --mount=from=made,target=/m stat -c %Y /m/f /m/late > /times
FROM scratch
COPY --from=1 /times /
`;
  const context = { f: "x", late: { content: "y", mtime: new Date(1_700_000_000_999) } };
  assert.deepEqual(await builtFiles({ address, context, dockerfile }), {
    times: "0\n1700000000\n",
  });
});

const MEGABYTE = "x".repeat(1 << 20);

daemonTest("build() sends only what changed", async ({ address }) => {
  await using folder = folderOf({ Dockerfile: COPY_ALL, big: MEGABYTE, small: "1" });
  const send = () => transferredBytes({ address, context: folder.path });
  assert(await send() > 1 << 20);
  assert(await send() < 10_000);
  writeFiles(folder.path, { small: "two" });
  assert(await send() < 10_000);
  assert.equal((await builtFiles({ address, context: folder.path })).small, "two");
});

daemonTest("build() sends only what changed of files in memory", async ({ address }) => {
  const send = (small: string, extra = {}) =>
    transferredBytes({
      address,
      context: { big: MEGABYTE, small, ...extra },
      dockerfile: COPY_ALL,
    });
  await send("1");
  assert(await send("1") < 10_000);
  assert(await send("2") < 10_000);
});

daemonTest("build() keeps folders of one name and their images apart", async ({ address }) => {
  await using parent = tempFolder();
  const folders = ["one", "two"].map((name) => join(parent.path, name, "app"));
  for (const [i, folder] of folders.entries()) {
    mkdirSync(folder, { recursive: true });
    writeFiles(folder, { Dockerfile: "FROM scratch\nCOPY a big /\n", a: String(i), big: MEGABYTE });
    for (const name of ["Dockerfile", "a", "big"]) utimesSync(join(folder, name), 1, 1);
  }
  for (const context of folders) assert(await transferredBytes({ address, context }) > 1 << 20);
  for (const [i, context] of [...folders, ...folders].entries()) {
    assert(await transferredBytes({ address, context }) < 10_000);
    assert.equal((await builtFiles({ address, context })).a, String(i % 2));
  }
});

daemonTest("build() keeps programs' files in memory apart by their paths", async ({ address }) => {
  const send = (name: string) =>
    transferredBytes({ address, context: { [name]: MEGABYTE }, dockerfile: COPY_ALL });
  for (const name of ["one", "two"]) await send(name);
  for (const name of ["one", "two"]) assert(await send(name) < 10_000);
});
