import assert from "node:assert/strict";
import { existsSync, lstatSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "../../src/build.ts";
import type { BuildOptions, BuildResult, Output } from "../../src/types.ts";
import { daemonTest } from "../support/env.ts";
import { run } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { readFiles } from "./support.ts";

const DIGEST_REGEXP = /^sha256:[0-9a-f]{64}$/;
const SIMPLE: BuildOptions = { context: { a: "hello" }, dockerfile: "FROM scratch\nCOPY a /\n" };

/** A stream that keeps what is written to it. */
function collector(): { stream: WritableStream<Uint8Array>; bytes: () => Uint8Array } {
  const chunks: Uint8Array[] = [];
  let closed = false;
  const stream = new WritableStream<Uint8Array>({
    write: (chunk) => void chunks.push(chunk.slice()),
    close: () => void (closed = true),
  });
  const bytes = () => {
    assert(closed);
    return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
  };
  return { stream, bytes };
}

/** The names in a tar file. */
async function tarNames(file: string): Promise<string[]> {
  const { code, stdout, stderr } = await run("tar", ["-tf", file]);
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split("\n");
}

daemonTest("build() pushes under several names", async ({ address, registry }) => {
  const id = crypto.randomUUID();
  const tags = [`${registry}/${id}/a:1`, `${registry}/${id}/b`];
  const output: Output = { type: "image", push: true, insecure: true };
  const result = await build({ ...SIMPLE, address, tags, output });
  assert.match(result.digest ?? "", DIGEST_REGEXP);
  assert.match(result.imageId ?? "", DIGEST_REGEXP);
  assert.notEqual(result.imageId, result.digest);
  assert.deepEqual(result.names, [tags[0], `${tags[1]}:latest`]);
  assert.deepEqual(result.outputs.map(({ type }) => type), ["image"]);
  assert.deepEqual(result.metadata["containerimage.digest"], result.digest);
  assert(result.durationMs > 0);
  for (const path of [`${id}/a/manifests/1`, `${id}/b/manifests/latest`]) {
    const accept = "application/vnd.oci.image.manifest.v1+json";
    const response = await fetch(`http://${registry}/v2/${path}`, { headers: { accept } });
    await response.body?.cancel();
    assert.equal(response.headers.get("docker-content-digest"), result.digest);
  }
});

const KEPT: [name: string, options: BuildOptions, check: (result: BuildResult) => void][] = [
  ["an image by default where there are tags", { tags: ["keep"] }, (result) => {
    assert.match(result.digest ?? "", DIGEST_REGEXP);
    assert.deepEqual(result.names, ["docker.io/library/keep:latest"]);
    assert.deepEqual(result.outputs.map(({ type }) => type), ["image"]);
  }],
  ["nothing but the cache without tags", {}, (result) => {
    assert.equal(result.digest, undefined);
    assert.deepEqual(result.names, []);
    assert.deepEqual(result.outputs, [{ type: "cacheonly" }]);
  }],
  ["nothing but the cache where asked to", { tags: ["x"], output: "cacheonly" }, (result) => {
    assert.equal(result.digest, undefined);
    assert.deepEqual(result.outputs, [{ type: "cacheonly" }]);
  }],
  ["an image without a name", { output: "image" }, (result) => {
    assert.match(result.digest ?? "", DIGEST_REGEXP);
    assert.deepEqual(result.names, []);
  }],
  ["an image under other names than the tags", {
    tags: ["x"],
    output: { type: "image", names: ["y:2"] },
  }, (result) => assert.deepEqual(result.names, ["docker.io/library/y:2"])],
  ["an image with raw attributes", {
    tags: ["x"],
    output: { type: "image", attrs: { name: "raw", "oci-mediatypes": "true" } },
  }, ({ names, metadata }) => {
    assert.deepEqual(names, ["raw"]);
    const descriptor = metadata["containerimage.descriptor"];
    assert.equal(descriptor?.mediaType, "application/vnd.oci.image.manifest.v1+json");
  }],
];

for (const [name, options, check] of KEPT) {
  daemonTest(`build() keeps ${name}`, async ({ address }) => {
    check(await build({ ...SIMPLE, address, ...options }));
  });
}

for (const type of ["oci", "docker", "tar"] as const) {
  daemonTest(`build() writes ${type} to a file, a file: URL and a stream`, async ({ address }) => {
    await using folder = tempFolder();
    const [file, other] = [join(folder.path, "a.tar"), join(folder.path, "b.tar")];
    const { stream, bytes } = collector();
    const at = (dest: string | URL | WritableStream<Uint8Array>) =>
      build({ ...SIMPLE, address, tags: ["t:1"], output: { type, dest } });
    const result = await at(file);
    await at(pathToFileURL(other));
    const { outputs: [toStream] } = await at(stream);
    const size = statSync(file).size;
    assert.deepEqual(result.outputs, [{ type, dest: file, bytes: size }]);
    assert.deepEqual(toStream, { type, dest: "stream", bytes: bytes().length });
    assert.equal(readFileSync(other).length, size);
    const names = await tarNames(file);
    if (type === "tar") {
      assert.deepEqual(names, ["a"]);
      assert.equal(result.digest, undefined);
      return;
    }
    assert(names.includes("oci-layout"));
    assert.equal(names.includes("manifest.json"), type === "docker");
    assert.match(result.digest ?? "", DIGEST_REGEXP);
    assert.deepEqual(result.names, ["docker.io/library/t:1"]);
  });
}

daemonTest(
  "build() writes a folder with modes, times and links",
  async ({ address, baseImage }) => {
    await using folder = tempFolder();
    const dest = join(folder.path, "made/out");
    const dockerfile = `FROM ${baseImage} AS made
RUN mkdir -p /r/d/empty && echo x > /r/f && ln /r/f /r/d/hard && ln -s ../f /r/d/soft && \\
    chmod 4711 /r/f && chmod 700 /r/d && mkfifo /r/fifo && touch -d '2001-02-03 04:05:06' /r/f /r/d
FROM scratch
COPY --from=made /r /
`;
    const output = { type: "local", dest, privileged: true } as const;
    const result = await build({ address, dockerfile, output });
    assert.deepEqual(result.outputs, [{ type: "local", dest, bytes: 2, entries: 6 }]);
    const stat = (name: string) => lstatSync(join(dest, name));
    assert.equal(stat("f").mode & 0o7777, 0o4711);
    assert.equal(stat("d").mode & 0o7777, 0o700);
    assert.equal(stat("f").ino, stat("d/hard").ino);
    assert.equal(readlinkSync(join(dest, "d/soft")), "../f");
    assert(stat("d/empty").isDirectory());
    assert(stat("fifo").isFIFO());
    assert.equal(stat("f").mtime.toISOString(), "2001-02-03T04:05:06.000Z");
  },
);

daemonTest("build() writes several platforms into one folder", async ({ address }) => {
  await using folder = tempFolder();
  const dockerfile = "FROM scratch\nARG TARGETARCH\nCOPY <<END /arch\n$TARGETARCH\nEND\n";
  const platforms = ["linux/amd64", "linux/arm64"];
  const output: Output = { type: "local", dest: folder.path };
  const result = await build({ address, dockerfile, platforms, output });
  assert.deepEqual(readFiles(folder.path), {
    "linux_amd64/arch": "amd64\n",
    "linux_arm64/arch": "arm64\n",
  });
  assert.equal(result.outputs[0]?.bytes, 12);
});

daemonTest("build() makes several outputs at once", async ({ address, registry }) => {
  await using folder = tempFolder();
  const { stream, bytes } = collector();
  const result = await build({
    ...SIMPLE,
    address,
    tags: ["multi"],
    output: [
      { type: "tar", dest: join(folder.path, "a.tar") },
      "cacheonly",
      {
        type: "image",
        names: [`${registry}/${crypto.randomUUID()}:1`],
        push: true,
        insecure: true,
      },
      { type: "local", dest: join(folder.path, "one") },
      { type: "local", dest: join(folder.path, "two") },
      { type: "oci", dest: stream },
    ],
  });
  assert.deepEqual(await tarNames(join(folder.path, "a.tar")), ["a"]);
  assert.deepEqual(readFiles(join(folder.path, "one")), { a: "hello" });
  assert.deepEqual(readFiles(join(folder.path, "two")), { a: "hello" });
  assert(bytes().length > 1024);
  const told = result.outputs.map((
    { type, bytes, entries },
  ) => [type, bytes === undefined, entries]);
  assert.deepEqual(told, [
    ["tar", false, undefined],
    ["cacheonly", true, undefined],
    ["image", false, undefined],
    ["local", false, 1],
    ["local", false, 1],
    ["oci", false, undefined],
  ]);
  assert.match(result.digest ?? "", DIGEST_REGEXP);
});

daemonTest("build() that fails leaves no archive and aborts the stream", async ({ address }) => {
  await using folder = tempFolder();
  let aborted: unknown;
  const stream = new WritableStream<Uint8Array>({ abort: (reason) => void (aborted = reason) });
  const file = join(folder.path, "a.tar");
  const failing = build({
    address,
    dockerfile: "FROM scratch\nCOPY missing /\n",
    output: [{ type: "oci", dest: file }, { type: "tar", dest: stream }],
  });
  const error: unknown = await failing.catch((error) => error);
  assert.match(String(error), /missing/);
  assert.equal(aborted, error);
  assert(!existsSync(file));
});

daemonTest("build() names the registry that it can't push to", async ({ address }) => {
  const attempt = build({
    ...SIMPLE,
    address,
    tags: ["127.0.0.1:1/nobody/home:1"],
    output: { type: "image", push: true, insecure: true },
  });
  await assert.rejects(attempt, /127\.0\.0\.1:1.*connection refused/);
});
