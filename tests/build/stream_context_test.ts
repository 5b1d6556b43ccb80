import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import zlib from "node:zlib";
import { build } from "../../src/build.ts";
import { FileError } from "../../src/errors.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest } from "../support/env.ts";
import { serveFiles } from "../support/file_server.ts";
import { deadAddress } from "../support/listener.ts";
import { find } from "../support/tools.ts";
import { builtFiles, folderOf } from "./support.ts";

const FILES = { "Dockerfile": "FROM scratch\nCOPY a.txt /\n", "a.txt": "a" };

/** A tar archive of these files. */
async function archive(files: Record<string, string> = FILES): Promise<Uint8Array> {
  await using folder = folderOf(files);
  return spawnSync("tar", ["-cf", "-", "-C", folder.path, "."]).stdout;
}

function streamOf(bytes: Uint8Array, step = bytes.length): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(at, at += step));
    },
  });
}

const PACKERS: [name: string, pack: (tar: Uint8Array) => Uint8Array, present: boolean][] = [
  ["plain", (tar) => tar, true],
  ["gzip", (tar) => zlib.gzipSync(tar), true],
  ["bzip2", (input) => spawnSync("bzip2", ["-c"], { input }).stdout, find("bzip2") !== undefined],
  ["xz", (input) => spawnSync("xz", ["-c"], { input }).stdout, find("xz") !== undefined],
  ["zstd", (tar) => zlib.zstdCompressSync(tar), zlib.zstdCompressSync !== undefined],
];

for (const [name, pack, present] of PACKERS.filter(([, , present]) => present)) {
  assert(present);
  daemonTest(`build() builds from a stream of a tar archive, ${name}`, async ({ address }) => {
    const context = streamOf(pack(await archive()), 100);
    assert.deepEqual(await builtFiles({ address, context }), { "a.txt": "a" });
  });
}

/** Programs that begin an archive with a header of more than one file's header can hold: of a long name, of exact times. */
for (const format of ["pax", "gnu"]) {
  daemonTest(
    `build() builds from a stream that begins with a long header, ${format}`,
    async ({ address }) => {
      await using folder = folderOf(FILES);
      const long = join(folder.path, "x".repeat(120));
      writeFileSync(long, "");
      const args = [
        `--format=${format}`,
        "-cf",
        "-",
        "-C",
        folder.path,
        "x".repeat(120),
        "Dockerfile",
        "a.txt",
      ];
      const context = streamOf(spawnSync("tar", args).stdout, 100);
      assert.deepEqual(await builtFiles({ address, context }), { "a.txt": "a" });
    },
  );
}

daemonTest("build() builds from a stream with a Dockerfile of its own", async ({ address }) => {
  const dockerfile = "FROM scratch\nCOPY a.txt /mine\n";
  const context = streamOf(await archive());
  assert.deepEqual(await builtFiles({ address, context, dockerfile }), { mine: "a" });
});

daemonTest("build() sends a stream of chunks larger than messages", async ({ address }) => {
  await using folder = folderOf(FILES);
  const big = randomBytes(9_000_000);
  writeFileSync(join(folder.path, "big"), big);
  const all = spawnSync("tar", ["-cf", "-", "-C", folder.path, "."], { maxBuffer: 1e8 }).stdout;
  const dockerfile = "FROM scratch\nCOPY big a.txt /\n";
  const files = await builtFiles({ address, context: streamOf(all), dockerfile });
  assert.equal(files.big, big.toString("utf8"));
});

daemonTest("build() gives of a stream the image that buildctl gives of a download", async (env) => {
  const { address, tools } = env;
  const tar = await archive();
  await using server = await serveFiles({ "/a.tar": tar });
  const frontendAttrs = { "build-arg:SOURCE_DATE_EPOCH": "0" };
  const ours = await build({ address, context: streamOf(tar), frontendAttrs, output: "image" });
  const theirs = await new Buildctl(tools.buildctl, address).build(
    "--frontend=dockerfile.v0",
    `--opt=context=${server.url}/a.tar`,
    "--opt=build-arg:SOURCE_DATE_EPOCH=0",
    "--progress=plain",
    "--output=type=image",
  );
  assert.equal(theirs.code, 0, theirs.stderr);
  assert.equal(ours.digest, theirs.digest);
  assert.match(theirs.stderr, /CACHED/);
});

daemonTest("build() says why a stream can't be read", async ({ address }) => {
  const bad: [ReadableStream, RegExp][] = [
    [streamOf(new Uint8Array(0)), /^Cannot read the context's stream: it is empty$/],
    [new Blob(["FROM scratch\n"]).stream(), /: it is not a tar archive, plain or compressed/],
    [ReadableStream.from(["text"]), /: it gave a string, but an archive is bytes/],
    [
      new ReadableStream({ pull: () => Promise.reject(new Error("no more disk")) }),
      /^Cannot read the context's stream: no more disk$/,
    ],
  ];
  for (const [context, message] of bad) {
    await assert.rejects(
      async () => await build({ address, context }),
      (error) => error instanceof FileError && message.test(error.message),
    );
  }
});

daemonTest("build() cancels a stream when it is aborted", async ({ address }) => {
  const controller = new AbortController();
  let canceled: unknown;
  const head = await archive();
  const context = new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(head.subarray(0, 1024)),
    // The second pull is the daemon's wish for more.
    pull: () => {
      controller.abort(new Error("enough"));
      return new Promise(() => {});
    },
    cancel: (reason) => void (canceled = reason),
  }, { highWaterMark: 0 });
  await assert.rejects(
    async () => await build({ address, context, signal: controller.signal }),
    /enough/,
  );
  assert(canceled instanceof Error);
});

Deno.test("build() cancels a stream that nobody has asked for", async () => {
  let canceled = false;
  const context = new ReadableStream({ cancel: () => void (canceled = true) });
  const address = await deadAddress();
  await assert.rejects(async () => await build({ address, context }), /Cannot connect/);
  assert(canceled);
});

Deno.test("build() refuses a stream that is read elsewhere, or laid over files", async () => {
  const locked = new Blob(["x"]).stream();
  const reader = locked.getReader();
  await assert.rejects(
    async () => await build({ context: locked }),
    /^OptionError: Invalid context: the stream is locked/,
  );
  await reader.cancel();
  const context = [".", new Blob(["x"]).stream()] as never;
  await assert.rejects(
    async () => await build({ context }),
    /context\[1\]: a stream can't be laid/,
  );
});
