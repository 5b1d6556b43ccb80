/** What can be made of a result. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../../src/build.ts";
import type { BuildOptions, Output } from "../../../src/types.ts";
import { readFiles, writeFiles } from "../../build/support.ts";
import { runOk } from "../../support/process.ts";
import { fastParent, tempFolder } from "../../support/temp_folder.ts";
import type { Feature, World } from "../feature.ts";

const group = "outputs";
const SIMPLE = { context: { a: "hello" }, dockerfile: "FROM scratch\nCOPY a /\nLABEL l=m\n" };

/** Builds something small into a folder that `check` then looks at. */
function feature(
  what: string,
  options: (at: (name: string) => string, world: World) => BuildOptions,
  check: (at: (name: string) => string, world: World) => Promise<void> | void,
): Feature {
  const attempt = async (world: World) => {
    await using folder = tempFolder(fastParent());
    const at = (name: string) => join(folder.path, name);
    const given = options(at, world);
    await build({ ...SIMPLE, ...world.on, ...given });
    await check(at, world);
  };
  return { group, what, attempt };
}

const image = (fields: Partial<Output> = {}) =>
  ({ type: "image", insecure: true, ...fields }) as Output;

const ACCEPT = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

interface Manifest {
  mediaType: string;
  annotations?: Record<string, string>;
  layers?: { mediaType: string }[];
  manifests?: { platform: { architecture: string } }[];
}

/** A manifest from the registry. */
async function manifest(name: string): Promise<Manifest> {
  const [, host, repository, tag] = /^([^/]+)\/(.*):([^:]+)$/.exec(name)!;
  const url = `http://${host}/v2/${repository}/manifests/${tag}`;
  const answer = await fetch(url, { headers: { accept: ACCEPT } });
  assert.equal(answer.status, 200, await answer.clone().text());
  return await answer.json();
}

/** A feature of images that shows in the registry. */
function pushed(
  what: string,
  options: BuildOptions & { image?: Partial<Output> },
  check: (manifest: Manifest) => void,
): Feature {
  const name = `compat/${crypto.randomUUID()}:1`;
  const { image: fields = {}, ...rest } = options;
  return feature(
    what,
    (_at, { registry }) => ({
      ...rest,
      tags: [`${registry}/${name}`],
      output: image({ push: true, ...fields } as Partial<Output>),
    }),
    async (_at, { registry }) => check(await manifest(`${registry}/${name}`)),
  );
}

/** Ways for a result to go. */
export const OUTPUT_FEATURES: readonly Feature[] = [
  feature("a folder", (at) => ({ output: { type: "local", dest: at("out") } }), (at) => {
    assert.deepEqual(readFiles(at("out")), { a: "hello" });
  }),
  feature("a folder with nothing else in it", (at) => {
    writeFiles(at("out"), { old: "gone" });
    return { output: { type: "local", dest: at("out"), mode: "delete" } };
  }, (at) => assert.deepEqual(readFiles(at("out")), { a: "hello" })),
  feature("a tar archive", (at) => ({ output: { type: "tar", dest: at("a.tar") } }), async (at) => {
    const { stdout } = await runOk("tar", ["-xOf", at("a.tar"), "a"]);
    assert.equal(stdout, "hello");
  }),
  feature(
    "an OCI archive",
    (at) => ({ output: { type: "oci", dest: at("a.tar") } }),
    async (at) => {
      assert.match((await runOk("tar", ["-tf", at("a.tar")])).stdout, /^index\.json$/m);
    },
  ),
  feature(
    "an OCI layout",
    (at) => ({ output: { type: "oci", tar: false, dest: at("l") } }),
    (at) => {
      assert(readdirSync(at("l")).includes("index.json"));
    },
  ),
  feature("an archive for Docker", (at) => ({
    output: { type: "docker", dest: at("a.tar") },
    tags: ["a.test/b:1"],
  }), async (at) => {
    assert.match((await runOk("tar", ["-xOf", at("a.tar"), "manifest.json"])).stdout, /b:1/);
  }),
  pushed("an image in a registry", {}, ({ layers }) => assert.equal(layers?.length, 1)),
  pushed(
    "zstd and OCI's media types",
    { image: { compression: "zstd", forceCompression: true, ociMediaTypes: true } },
    ({ layers }) => assert.match(layers![0]!.mediaType, /oci.*zstd$/),
  ),
  pushed(
    "several platforms",
    { platforms: ["linux/amd64", "linux/arm64"] },
    ({ manifests }) =>
      assert.deepEqual(manifests?.map(({ platform }) => platform.architecture), ["amd64", "arm64"]),
  ),
  pushed("annotations", {
    annotations: { "com.example.a": "1" },
    image: { ociMediaTypes: true },
  }, ({ annotations }) => assert.equal(annotations?.["com.example.a"], "1")),
  feature("several outputs of one build", (at) => ({
    output: [{ type: "local", dest: at("out") }, { type: "tar", dest: at("a.tar") }],
  }), async (at) => {
    assert.deepEqual(readFiles(at("out")), { a: "hello" });
    assert.equal((await runOk("tar", ["-xOf", at("a.tar"), "a"])).stdout, "hello");
  }),
  {
    group,
    what: "outputs that a function chooses",
    async attempt({ on, registry }) {
      const name = `${registry}/compat/${crypto.randomUUID()}:1`;
      const output = () => [{ type: "image" as const, names: [name], push: true, insecure: true }];
      await build({ ...SIMPLE, ...on, output });
      assert.equal((await manifest(name)).layers?.length, 1);
    },
  },
  {
    group,
    what: "the same image at any time",
    async attempt({ on }) {
      await using folder = tempFolder(fastParent());
      const options: BuildOptions = {
        ...SIMPLE,
        ...on,
        dockerfile: "FROM scratch\nWORKDIR /made\n",
        sourceDateEpoch: 1_000_000_000,
      };
      const output = {
        type: "oci",
        tar: false,
        dest: folder.path,
        rewriteTimestamp: true,
      } as const;
      await build({ ...options, output });
      const read = (digest: string) => join(folder.path, "blobs/sha256", digest.slice(7));
      const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));
      const [{ digest }] = json(join(folder.path, "index.json")).manifests;
      const [layer] = json(read(digest)).layers as { digest: string }[];
      const { stdout } = await runOk("tar", ["--utc", "--full-time", "-tvzf", read(layer!.digest)]);
      assert.match(stdout, /2001-09-09 01:46:40 made/);
    },
  },
  feature("an image in the builder's store", () => ({
    tags: [`a.test/${crypto.randomUUID()}:1`],
    output: "image",
  }), () => {}),
];
