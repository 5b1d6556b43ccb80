/** What is said of an image's format has the same effect as the attributes that buildctl passes. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import type { BuildOptions, ImageFormat, ImageOutput } from "../../src/types.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { folderOf } from "./support.ts";

const EPOCH = 1_600_000_000;
const TWO = ["linux/amd64", "linux/arm64"];

/** Each case: our image, buildctl's attributes for it, more of our options, and whether the digest is the plain image's. */
const FORMATS: [format: ImageFormat, attrs: string, options?: BuildOptions, plain?: true][] = [
  [{}, "", {}, true],
  // The layers are there already, and have this compression.
  [{ compression: "gzip", compressionLevel: 1 }, "compression=gzip,compression-level=1", {}, true],
  [
    { compression: "zstd", compressionLevel: 19, forceCompression: true },
    "compression=zstd,compression-level=19,force-compression=true",
  ],
  [
    { compression: "estargz", forceCompression: true },
    "compression=estargz,force-compression=true",
  ],
  [
    { compression: "uncompressed", forceCompression: true, ociMediaTypes: true },
    "compression=uncompressed,force-compression=true,oci-mediatypes=true",
  ],
  [{ ociMediaTypes: false }, "oci-mediatypes=false"],
  [{ ociMediaTypes: true, ociArtifact: true }, "oci-mediatypes=true,oci-artifact=true", {}, true],
  [{ rewriteTimestamp: true }, "rewrite-timestamp=true"],
  [{ annotations: { a: "1" } }, "annotation.a=1"],
  [{}, "annotation.a=2,annotation-manifest-descriptor.b=3", {
    annotations: { a: "2", "manifest-descriptor:b": "3" },
  }],
  // The builder looks at platforms where there is an index.
  [{}, "annotation.a=1,annotation-manifest[linux/amd64].b=2", {
    annotations: { a: "1", "manifest[linux/amd64]:b": "2" },
    platforms: ["linux/amd64"],
  }, true],
  [
    { annotations: { "index,manifest[linux/arm64]:a": "1", "manifest-descriptor:d": "2" } },
    "annotation-index.a=1,annotation-manifest[linux/arm64].a=1,annotation-manifest-descriptor.d=2",
    { platforms: TWO, annotations: { "index:a": "0" } },
  ],
  [{ annotations: { "index-descriptor:i": "3" } }, "annotation-index-descriptor.i=3", {
    platforms: TWO,
  }],
];

daemonTest("build() makes images of every format as buildctl does", async (environment) => {
  await using folder = folderOf(FILES);
  const seen = new Map<string, string>();
  for (const [format, attrs, options = {}, plain] of FORMATS) {
    const mine = await build({
      ...options,
      address: environment.address,
      context: folder.path,
      sourceDateEpoch: EPOCH,
      output: { type: "image", ...format },
    });
    const output = ["type=image", ...(attrs === "" ? [] : [attrs])].join(",");
    const digest = await buildctl(environment, folder.path, output, options);
    assert.equal(mine.digest, digest, attrs);
    // An attribute that got lost on both sides would make the plain image.
    if (!plain) assert.equal(seen.get(digest), undefined, `${attrs} has no effect`);
    seen.set(digest, attrs);
  }
});

/** Times that the epoch changes, and that not. */
const FILES = {
  Dockerfile: "FROM scratch\nCOPY a b /\n",
  a: "hello ".repeat(1000),
  b: "world",
};

daemonTest("build() makes archives of every format as buildctl does", async (environment) => {
  await using folder = folderOf(FILES);
  await using out = tempFolder();
  for (const type of ["oci", "docker"] as const) {
    const mine = await build({
      address: environment.address,
      context: folder.path,
      tags: ["x:1"],
      sourceDateEpoch: EPOCH,
      annotations: { a: "1" },
      output: { type, dest: join(out.path, "mine.tar"), compression: "zstd", ociMediaTypes: true },
    });
    const theirs = await buildctl(
      environment,
      folder.path,
      `type=${type},dest=${join(out.path, "theirs.tar")},name=x:1,` +
        "compression=zstd,oci-mediatypes=true,annotation.a=1",
    );
    assert.equal(mine.digest, theirs);
    const [a, b] = ["mine", "theirs"].map((name) =>
      Deno.readFileSync(join(out.path, `${name}.tar`))
    );
    assert.equal(a!.length, b!.length);
  }
});

const STORED: [output: Omit<ImageOutput, "type">, expected: RegExp | undefined][] = [
  [{ push: true, pushByDigest: true }, undefined],
  [{ push: true, nameCanonical: true, unpack: false }, undefined],
  [{ store: false }, undefined],
  [{ danglingNamePrefix: "dangling.example/x", names: [] }, /^dangling\.example\/x@sha256:/],
];

for (const [output, expected] of STORED) {
  daemonTest(`build() stores an image with ${JSON.stringify(output)}`, async (environment) => {
    const { address, registry } = environment;
    const name = `${registry}/${crypto.randomUUID()}/app`;
    const { digest, names } = await build({
      address,
      context: { a: "x" },
      dockerfile: "FROM scratch\nCOPY a /\n",
      tags: [name],
      output: { type: "image", insecure: true, ...output },
    });
    if (expected !== undefined) assert.match(names[0] ?? "", expected);
    if (output.push !== true) return;
    const path = name.slice(registry.length + 1);
    const status = async (reference: string) => {
      const url = `http://${registry}/v2/${path}/manifests/${reference}`;
      const accept = "application/vnd.oci.image.manifest.v1+json";
      const response = await fetch(url, { headers: { accept } });
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await status(digest!), 200);
    assert.equal(await status("latest"), output.pushByDigest ? 404 : 200);
  });
}

daemonTest(
  "build() with mode delete leaves in a folder what the result has",
  async ({ address }) => {
    await using folder = tempFolder();
    writeFileSync(join(folder.path, "old"), "");
    const made = { address, context: { a: "x" }, dockerfile: "FROM scratch\nCOPY a /\n" };
    await build({ ...made, output: { type: "local", dest: folder.path, mode: "copy" } });
    assert.deepEqual(names(folder.path), ["a", "old"]);
    await build({ ...made, output: { type: "local", dest: folder.path, mode: "delete" } });
    assert.deepEqual(names(folder.path), ["a"]);
    const output = { type: "local", dest: folder.path, platformSplit: true } as const;
    await build({ ...made, platforms: ["linux/arm64"], output });
    assert.deepEqual(names(folder.path), ["a", "linux_arm64"]);
  },
);

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Builds by Go's client; its digest. */
async function buildctl(
  { tools, address }: TestEnvironment,
  folder: string,
  output: string,
  { platforms = [] }: BuildOptions = {},
): Promise<string> {
  const { digest, stderr } = await new Buildctl(tools.buildctl, address).build(
    "--frontend=dockerfile.v0",
    `--local=context=${folder}`,
    `--local=dockerfile=${folder}`,
    `--opt=build-arg:SOURCE_DATE_EPOCH=${EPOCH}`,
    ...(platforms.length > 0 ? [`--opt=platform=${platforms.join(",")}`] : []),
    `--output=${output}`,
  );
  assert(digest !== undefined, stderr);
  return digest;
}
