import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "../../src/build.ts";
import { FileError } from "../../src/errors.ts";
import type { BuildOptions, Output } from "../../src/types.ts";
import { daemonTest } from "../support/env.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";
import { buildctlBuild } from "../parts/cache_builds.ts";
import { builtFiles } from "./support.ts";

const SIMPLE: BuildOptions = { context: { a: "hello" }, dockerfile: "FROM scratch\nCOPY a /\n" };

const layout = (dest: string | URL): Output => ({ type: "oci", tar: false, dest });

const readJson = (...path: string[]) => JSON.parse(fs.readFileSync(join(...path), "utf8"));

/** All that there is in a layout, but for the times of exports. */
function describe(folder: string) {
  const blobs = join(folder, "blobs/sha256");
  return {
    blobs: fs.readdirSync(blobs).sort(),
    modes: fs.readdirSync(blobs).map((name) => fs.statSync(join(blobs, name)).mode),
    index: JSON.parse(
      fs.readFileSync(join(folder, "index.json"), "utf8").replace(/"\d{4}-[\dT:-]+Z"/g, '"time"'),
    ),
    layout: fs.readFileSync(join(folder, "oci-layout"), "utf8"),
    files: fs.readdirSync(folder).sort(),
  };
}

const ALIKE: [name: string, options: BuildOptions, args: string[], attrs: string][] = [
  ["without a name", {}, [], ""],
  ["with names", { tags: ["a:1", "r.example/b"] }, [], `,"name=a:1,r.example/b"`],
  [
    "for two platforms",
    { tags: ["a"], platforms: ["linux/amd64", "linux/arm64"] },
    ["--opt=platform=linux/amd64,linux/arm64"],
    ",name=a",
  ],
];

for (const [name, options, args, attrs] of ALIKE) {
  daemonTest(`an OCI layout ${name} is the one that buildctl writes`, async (env) => {
    await using temp = tempFolder(fastParent());
    const [ours, theirs] = [join(temp.path, "made/ours"), join(temp.path, "theirs")];
    const dockerfile = `FROM ${env.baseImage}\nARG TARGETARCH\nLABEL arch=$TARGETARCH\n`;
    const { address } = env;
    const result = await build({
      ...options,
      address,
      dockerfile,
      output: layout(pathToFileURL(ours)),
    });
    const output = `--output=type=oci,tar=false,dest=${theirs}${attrs}`;
    await buildctlBuild(env, address, dockerfile, output, ...args);
    assert.deepEqual(describe(ours), describe(theirs));
    const [{ type, dest, bytes }] = result.outputs as [
      { type: string; dest: string; bytes: number },
    ];
    assert.deepEqual([type, dest], ["oci", ours]);
    const sizes = fs.readdirSync(join(ours, "blobs/sha256"))
      .map((blob) => fs.statSync(join(ours, "blobs/sha256", blob)).size);
    assert.equal(bytes, sizes.reduce((sum, size) => sum + size));
    assert(readJson(ours, "index.json").manifests[0].digest === result.digest);
  });
}

daemonTest("OCI layouts are contexts, of either client, for either", async (env) => {
  await using temp = tempFolder(fastParent());
  const [ours, theirs] = [join(temp.path, "ours"), join(temp.path, "the:irs")];
  const { address } = env;
  const content = "FROM scratch\nCOPY <<END /made\nhere\nEND\n";
  const { digest } = await build({ address, dockerfile: content, output: layout(ours) });
  const output = `--output=type=oci,tar=false,dest=${theirs},name=r.example/img:v1`;
  await buildctlBuild(env, address, content, output);
  const dockerfile = "FROM scratch\nCOPY --from=img / /\n";
  const contexts = [
    ours,
    `${ours}:latest`,
    `${ours}@${digest}`,
    theirs,
    `${theirs}:v1`,
  ];
  for (const context of contexts) {
    const options = { address: env.peerAddress, contexts: { img: `oci-layout://${context}` } };
    assert.deepEqual(await builtFiles({ ...options, dockerfile }), { made: "here\n" });
  }
  const out = join(temp.path, "out");
  await buildctlBuild(
    env,
    env.peerAddress,
    dockerfile,
    `--oci-layout=ours=${ours}`,
    `--opt=context:img=oci-layout://ours@${digest}`,
    `--output=type=local,dest=${out}`,
  );
  assert.equal(fs.readFileSync(join(out, "made"), "utf8"), "here\n");
});

daemonTest("images are added to a layout, and replace those of their name", async ({ address }) => {
  await using temp = tempFolder(fastParent());
  const foreign = { mediaType: "x", digest: "unknown", size: 0, annotations: { note: "keep" } };
  fs.writeFileSync(join(temp.path, "index.json"), JSON.stringify({ manifests: [foreign] }));
  const output = layout(temp.path);
  await build({ ...SIMPLE, address, tags: ["a:1"], output });
  await build({ ...SIMPLE, address, tags: ["b:1"], output, labels: { b: "1" } });
  const { digest } = await build({ ...SIMPLE, address, tags: ["a:1"], output, labels: { a: "2" } });
  const { manifests } = readJson(temp.path, "index.json");
  assert.deepEqual(manifests[0], foreign);
  const name = "io.containerd.image.name";
  assert.deepEqual(
    manifests.slice(1).map((entry: typeof foreign & { annotations: Record<string, string> }) =>
      entry.annotations[name]
    ),
    ["docker.io/library/b:1", "docker.io/library/a:1"],
  );
  assert.equal(manifests[2].digest, digest);
});

daemonTest("a layout beside another image output names what it holds", async ({ address }) => {
  await using temp = tempFolder(fastParent());
  const names = ["layout:1"];
  const result = await build({
    ...SIMPLE,
    address,
    output: [
      { ...layout(temp.path), names } as Output,
      { type: "image", compression: "zstd", forceCompression: true, names: ["other:1"] },
      { type: "local", dest: join(temp.path, "files") },
    ],
  });
  assert.deepEqual(result.outputs.map(({ type }) => type), ["oci", "image", "local"]);
  const { manifests: [entry] } = readJson(temp.path, "index.json");
  assert.equal(entry.annotations["io.containerd.image.name"], "docker.io/library/layout:1");
  const blob = readJson(temp.path, "blobs/sha256", entry.digest.slice(7));
  assert.match(blob.layers[0].mediaType, /gzip$/);
});

daemonTest("a build that fails leaves a layout's index", async ({ address, baseImage }) => {
  await using temp = tempFolder(fastParent());
  const output = layout(temp.path);
  await build({ ...SIMPLE, address, tags: ["a"], output });
  const before = describe(temp.path);
  await assert.rejects(
    build({ address, dockerfile: `FROM ${baseImage}\nRUN false\n`, tags: ["a"], output }),
  );
  // The place of unfinished blobs goes with them.
  const files = before.files.filter((name) => name !== "ingest");
  assert.deepEqual(describe(temp.path), { ...before, files });
});

daemonTest("a layout that can't be written says so", async ({ address }) => {
  await using temp = tempFolder(fastParent());
  fs.writeFileSync(join(temp.path, "file"), "");
  await assert.rejects(
    build({ ...SIMPLE, address, output: layout(join(temp.path, "file")) }),
    (error) => error instanceof FileError && /file: it is not a folder$/.test(error.message),
  );
  fs.mkdirSync(join(temp.path, "blocked"));
  fs.writeFileSync(join(temp.path, "blocked/blobs"), "");
  await assert.rejects(
    build({ ...SIMPLE, address, output: layout(join(temp.path, "blocked")) }),
    (error) => error instanceof FileError && error.code === "FILE_UNWRITABLE",
  );
});

const BROKEN: [name: string, change: (blob: string) => void, message: RegExp][] = [
  ["damaged", (blob) => fs.writeFileSync(blob, "x".repeat(fs.statSync(blob).size)), /digest/],
  ["missing", (blob) => fs.rmSync(blob), /^BuildError: .*blob sha256:[0-9a-f]{64} not found in \//],
];

for (const [name, change, message] of BROKEN) {
  daemonTest(`a context in a layout with a ${name} layer fails`, async (env) => {
    await using temp = tempFolder(fastParent());
    const content = `FROM scratch\nCOPY <<END /made\n${crypto.randomUUID()}\nEND\n`;
    const { address, peerAddress } = env;
    const { digest } = await build({ address, dockerfile: content, output: layout(temp.path) });
    const blobs = join(temp.path, "blobs/sha256");
    const { layers: [layer] } = readJson(blobs, digest!.slice(7));
    const path = join(blobs, layer.digest.slice(7));
    fs.chmodSync(path, 0o644);
    change(path);
    const contexts = { img: `oci-layout://${temp.path}` };
    const dockerfile = "FROM scratch\nCOPY --from=img / /\n";
    await assert.rejects(builtFiles({ address: peerAddress, contexts, dockerfile }), (error) => {
      assert.match(String(error), message);
      return true;
    });
  });
}
