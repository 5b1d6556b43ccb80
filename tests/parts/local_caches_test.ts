import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { build } from "../../src/build.ts";
import { lockCache } from "../../src/content/cache_lock.ts";
import { folderStore } from "../../src/content/folder_store.ts";
import { readIndex } from "../../src/content/index_json.ts";
import { FileError } from "../../src/errors.ts";
import type { CacheSource, CacheTarget, Logger } from "../../src/types.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { run } from "../support/process.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";
import { buildctlBuild, traced, twoStages } from "./cache_builds.ts";

/** A logger that keeps the warnings. */
function listener(): { warnings: string[]; logger: Logger } {
  const warnings: string[] = [];
  return { warnings, logger: { warn: (line) => void warnings.push(line) } };
}

/** Its layer takes many steps to be written. */
function bigLayer({ baseImage }: TestEnvironment): string {
  const id = crypto.randomUUID();
  return `FROM ${baseImage}\nRUN head -c 50000000 /dev/urandom > /big && echo ${id}\n`;
}

daemonTest("cacheFrom a folder that buildctl has written", async (env) => {
  await using temp = tempFolder(fastParent());
  const dockerfile = twoStages(env);
  const folder = join(temp.path, "cache");
  await buildctlBuild(
    env,
    env.address,
    dockerfile,
    `--export-cache=type=local,dest=${folder},mode=max`,
  );
  const { cached } = await traced({
    dockerfile,
    address: env.peerAddress,
    cacheFrom: [{ type: "local", src: folder }],
    output: "image",
  });
  assert.equal(cached.length, 3);
});

daemonTest("cacheTo a folder that buildctl reads, and adds to", async (env) => {
  await using temp = tempFolder(fastParent());
  const dockerfile = twoStages(env);
  const folder = join(temp.path, "cache");
  const cacheTo: CacheTarget[] = [{ type: "local", dest: folder, mode: "max", tag: "ours" }];
  await build({ dockerfile, address: env.address, cacheTo });
  const printed = await buildctlBuild(
    env,
    env.peerAddress,
    dockerfile,
    `--import-cache=type=local,src=${folder},tag=ours`,
    `--export-cache=type=local,dest=${folder},mode=max,tag=theirs`,
  );
  assert.equal(printed.match(/^#\d+ CACHED$/gm)?.length, 3, printed);
  // What only is in an index that we did not make stays.
  await build({ dockerfile: twoStages(env), address: env.address, cacheTo });
  const tags = (await readIndex(folder))!.map(({ annotations }) =>
    annotations?.["org.opencontainers.image.ref.name"]
  );
  assert.deepEqual(tags, ["theirs", "ours"]);
});

daemonTest("cacheTo the same as buildctl gives the same cache", async (env) => {
  await using temp = tempFolder(fastParent());
  const dockerfile = twoStages(env);
  const folders = ["ours", "theirs"].map((name) => join(temp.path, name)) as [string, string];
  const cacheTo: CacheTarget[] = [{ type: "local", dest: folders[0], mode: "max" }];
  // Both are to find all of it done, since a cache holds the times of its results.
  await build({ dockerfile, address: env.address });
  await build({ dockerfile, address: env.address, cacheTo });
  const [, dest] = folders;
  await buildctlBuild(
    env,
    env.address,
    dockerfile,
    `--export-cache=type=local,dest=${dest},mode=max`,
  );
  const [ours, theirs] = folders.map((folder) => ({
    blobs: fs.readdirSync(join(folder, "blobs/sha256")).sort(),
    modes: fs.readdirSync(join(folder, "blobs/sha256")).map((name) =>
      fs.statSync(join(folder, "blobs/sha256", name)).mode
    ),
    index: JSON.parse(fs.readFileSync(join(folder, "index.json"), "utf8")),
    layout: fs.readFileSync(join(folder, "oci-layout"), "utf8"),
    files: fs.readdirSync(folder).sort(),
  }));
  assert.deepEqual(ours, theirs);
});

daemonTest("cacheTo several folders that differ names each one's own manifest", async (env) => {
  await using temp = tempFolder(fastParent());
  const dockerfile = twoStages(env);
  const cacheTo: CacheTarget[] = [
    { type: "local", dest: join(temp.path, "a"), mode: "max", compression: "zstd" },
    { type: "local", dest: join(temp.path, "b"), mode: "min" },
  ];
  await build({ dockerfile, address: env.address, cacheTo });
  const entries = await Promise.all(["a", "b"].map((name) => readIndex(join(temp.path, name))));
  assert.notEqual(entries[0]![0]!.digest, entries[1]![0]!.digest);
  for (const name of ["a", "b"]) {
    const [entry] = (await readIndex(join(temp.path, name)))!;
    assert(fs.existsSync(join(temp.path, name, "blobs/sha256", entry!.digest.slice(7))), name);
  }
});

daemonTest("cacheTo a folder with reset leaves what has a tag, and nothing else", async (env) => {
  await using temp = tempFolder(fastParent());
  const dest = join(temp.path, "cache");
  const { address } = env;
  const blobs = () => fs.readdirSync(join(dest, "blobs/sha256")).length;
  const other: CacheTarget = { type: "local", dest, mode: "max", tag: "other" };
  await build({ dockerfile: twoStages(env), address, cacheTo: [other] });
  const one = blobs();
  await build({ dockerfile: twoStages(env), address, cacheTo: [{ type: "local", dest }] });
  const two = blobs();
  const { logger, warnings } = listener();
  const cacheTo: CacheTarget[] = [{ type: "local", dest, reset: true }];
  await build({ dockerfile: twoStages(env), address, logger, cacheTo });
  assert.deepEqual(warnings, []);
  assert(two > one);
  assert.equal(blobs(), two);
});

daemonTest("cacheTo with reset removes nothing while others write", async (env) => {
  await using temp = tempFolder(fastParent());
  const dest = join(temp.path, "cache");
  const { address } = env;
  await build({ dockerfile: twoStages(env), address, cacheTo: [{ type: "local", dest }] });
  const blobs = fs.readdirSync(join(dest, "blobs/sha256"));
  const { logger, warnings } = listener();
  const other = await lockCache(dest, "shared", new AbortController().signal);
  const cacheTo: CacheTarget[] = [{ type: "local", dest, reset: true }];
  await build({ dockerfile: twoStages(env), address, logger, cacheTo });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /not cleaned up: another build is writing to it$/);
  const left = fs.readdirSync(join(dest, "blobs/sha256"));
  assert.deepEqual(blobs.filter((name) => !left.includes(name)), []);
  other.close();
});

daemonTest("cacheTo one folder from two builds at once", async (env) => {
  await using temp = tempFolder(fastParent());
  const dest = join(temp.path, "cache");
  const dockerfiles = [twoStages(env), twoStages(env)] as const;
  const { address, peerAddress } = env;
  const at = (tag: string): CacheTarget[] => [{ type: "local", dest, tag, mode: "max" }];
  // The first two write the same layers.
  await build({ dockerfile: dockerfiles[0], address });
  await Promise.all([
    build({ dockerfile: dockerfiles[0], address, cacheTo: at("a") }),
    build({ dockerfile: dockerfiles[0], address, cacheTo: at("b") }),
    build({ dockerfile: dockerfiles[1], address: peerAddress, cacheTo: at("c") }),
  ]);
  const tags = (await readIndex(dest))!.map(({ annotations }) =>
    annotations?.["org.opencontainers.image.ref.name"]
  );
  assert.deepEqual(tags.sort(), ["a", "b", "c"]);
  const cacheFrom: CacheSource[] = [{ type: "local", src: dest, tag: "a" }];
  const again = await traced({
    dockerfile: dockerfiles[0],
    address: peerAddress,
    cacheFrom,
    output: "image",
  });
  assert.equal(again.cached.length, 3);
});

daemonTest(
  "cacheTo that can't be written fails the build, unless errors are ignored",
  async (env) => {
    await using temp = tempFolder(fastParent());
    const dest = join(temp.path, "cache");
    fs.mkdirSync(dest);
    fs.writeFileSync(join(dest, "blobs"), "no folder");
    const options = { dockerfile: twoStages(env), address: env.address };
    const cacheTo: CacheTarget = { type: "local", dest };
    await assert.rejects(build({ ...options, cacheTo: [cacheTo] }), (error) => {
      return error instanceof FileError && error.code === "FILE_UNWRITABLE";
    });
    await build({ ...options, cacheTo: [{ ...cacheTo, ignoreError: true }] });
    assert(!fs.existsSync(join(dest, "index.json")));
  },
);

daemonTest("cacheFrom folders without a cache builds with a warning for each", async (env) => {
  await using temp = tempFolder(fastParent());
  const folder = join(temp.path, "cache");
  const dockerfile = "FROM scratch\nLABEL a=b\n";
  const cacheTo: CacheTarget[] = [{ type: "local", dest: folder }];
  await build({ dockerfile: twoStages(env), address: env.address, cacheTo });
  fs.mkdirSync(join(temp.path, "broken"));
  fs.writeFileSync(join(temp.path, "broken/index.json"), "{");
  const { warnings, logger } = listener();
  const local = (src: string, more: object = {}): CacheSource => ({ type: "local", src, ...more });
  const digest = `sha256:${"0".repeat(64)}`;
  await build({
    dockerfile,
    address: env.address,
    logger,
    cacheFrom: [
      local(join(temp.path, "none")),
      local(folder, { tag: "none" }),
      local(folder, { digest }),
      local(join(temp.path, "broken")),
    ],
  });
  const reasons = [
    /no index\.json/,
    /it has no tag "none"/,
    /blob sha256:0+ is missing/,
    /index\.js/,
  ];
  assert.equal(warnings.length, reasons.length);
  reasons.forEach((reason, i) => assert.match(warnings[i]!, reason));
});

daemonTest("cacheTo that is canceled leaves the index and what it had", async (env) => {
  await using temp = tempFolder(fastParent());
  const dest = join(temp.path, "cache");
  const { address } = env;
  const cacheTo: CacheTarget[] = [{ type: "local", dest, mode: "max" }];
  const first = twoStages(env);
  await build({ dockerfile: first, address, cacheTo });
  const before = fs.readFileSync(join(dest, "index.json"), "utf8");
  const controller = new AbortController();
  const { signal } = controller;
  const watching = fs.watch(join(dest, "ingest"), () => controller.abort());
  await assert.rejects(build({ dockerfile: bigLayer(env), address, cacheTo, signal }));
  watching.close();
  assert.equal(fs.readFileSync(join(dest, "index.json"), "utf8"), before);
  const cacheFrom: CacheSource[] = [{ type: "local", src: dest }];
  const address2 = env.peerAddress;
  const again = await traced({ dockerfile: first, address: address2, cacheFrom, output: "image" });
  assert.equal(again.cached.length, 3);
});

daemonTest("cacheTo goes on where a process was killed", async (env) => {
  await using temp = tempFolder(fastParent());
  const dest = join(temp.path, "cache");
  const { address } = env;
  const cacheTo: CacheTarget[] = [{ type: "local", dest, compression: "uncompressed" }];
  await build({ dockerfile: twoStages(env), address, cacheTo });
  const before = fs.readFileSync(join(dest, "index.json"), "utf8");
  const program = new URL("../support/killed_export.ts", import.meta.url).pathname;
  const dockerfile = bigLayer(env);
  const options = JSON.stringify({ dockerfile, address, cacheTo });
  const args = ["run", "--allow-all", program, options, join(dest, "ingest")];
  const { code } = await run(process.execPath, args);
  assert.notEqual(code, 0);
  assert.equal(fs.readFileSync(join(dest, "index.json"), "utf8"), before);
  await build({ dockerfile, address, cacheTo });
  assert.deepEqual(fs.readdirSync(join(dest, "ingest")), []);
  const [entry] = (await readIndex(dest))!;
  assert(!before.includes(entry!.digest));
  const store = folderStore(dest);
  for await (const { digest } of store.list()) {
    const file = fs.readFileSync(join(dest, "blobs/sha256", digest.slice(7)));
    assert.equal(createHash("sha256").update(file).digest("hex"), digest.slice(7));
  }
});

daemonTest("cacheFrom a folder with a damaged blob never gives a wrong result", async (env) => {
  await using temp = tempFolder(fastParent());
  const dest = join(temp.path, "cache");
  const dockerfile = twoStages(env);
  await build({ dockerfile, address: env.address, cacheTo: [{ type: "local", dest }] });
  const blobs = join(dest, "blobs/sha256");
  for (const name of fs.readdirSync(blobs)) {
    const path = join(blobs, name);
    const content = fs.readFileSync(path);
    // A layer: compressed with gzip.
    if (content[0] !== 0x1f) continue;
    content[content.length >> 1]! ^= 1;
    fs.chmodSync(path, 0o644);
    fs.writeFileSync(path, content);
  }
  const cacheFrom: CacheSource[] = [{ type: "local", src: dest }];
  const output = { type: "tar", dest: join(temp.path, "out.tar") } as const;
  const running = build({ dockerfile, address: env.peerAddress, cacheFrom, output });
  await assert.rejects(running, /unexpected commit digest/);
});
