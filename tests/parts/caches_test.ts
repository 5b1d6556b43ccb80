import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "../../src/build.ts";
import type { BuildOptions, CacheSource, CacheTarget } from "../../src/types.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";
import { traced, twoStages } from "./cache_builds.ts";

/** Exports on one builder, imports on another: the image must be the same, and its first stage only with `max`. */
async function assertRoundTrip(
  { address, peerAddress }: TestEnvironment,
  dockerfile: string,
  { to, from, mode }: { to: CacheTarget[]; from: CacheSource[]; mode: "min" | "max" },
): Promise<void> {
  await using temp = tempFolder(fastParent());
  const output = { type: "oci", dest: join(temp.path, "image.tar") } as const;
  const first = await traced({ dockerfile, address, cacheTo: to, output });
  assert.equal(first.ran.length, 3);
  const again = await traced({ dockerfile, address: peerAddress, cacheFrom: from, output });
  assert.deepEqual(again.cached, first.ran);
  assert.equal(again.result.digest, first.result.digest);
  const stage = await traced({
    dockerfile,
    address: peerAddress,
    target: "first",
    cacheFrom: from,
    output: { type: "tar", dest: join(temp.path, "stage.tar") },
  });
  assert.equal(stage.cached.length, mode === "max" ? 1 : 0);
}

for (const mode of ["min", "max"] as const) {
  daemonTest(`cacheTo and cacheFrom a folder, mode ${mode}`, async (env) => {
    await using temp = tempFolder(fastParent());
    const dest = join(temp.path, "cache");
    await assertRoundTrip(env, twoStages(env), {
      to: [{ type: "local", dest: pathToFileURL(dest), mode, tag: "v1" }],
      from: [{ type: "local", src: dest, tag: "v1" }],
      mode,
    });
    assert.deepEqual(fs.readdirSync(join(dest, "ingest")), []);
    const names = ["blobs", "cache.lock", "index.json", "ingest", "oci-layout"];
    assert.deepEqual(fs.readdirSync(dest).sort(), names);
  });

  daemonTest(`cacheTo and cacheFrom a registry, mode ${mode}`, async (env) => {
    const ref = `${env.registry}/cache/${crypto.randomUUID()}:x`;
    await assertRoundTrip(env, twoStages(env), {
      to: [{ type: "registry", ref, insecure: true, mode }],
      from: [{ type: "registry", ref, insecure: true }],
      mode,
    });
  });
}

const INLINE: [name: string, options: BuildOptions][] = [
  ["cacheTo inline", { cacheTo: [{ type: "inline" }] }],
  ["the build argument BUILDKIT_INLINE_CACHE", { buildArgs: { BUILDKIT_INLINE_CACHE: "1" } }],
];

for (const [name, options] of INLINE) {
  daemonTest(`${name} puts the cache into the image`, async (env) => {
    const image = `${env.registry}/cache/${crypto.randomUUID()}:1`;
    const dockerfile = twoStages(env);
    const output = { type: "image", push: true, insecure: true } as const;
    await build({ ...options, dockerfile, address: env.address, tags: [image], output });
    const again = await traced({
      dockerfile,
      address: env.peerAddress,
      cacheFrom: [image],
      output: "image",
    });
    assert.equal(again.cached.length, 3);
  });
}

daemonTest("BUILDKIT_INLINE_CACHE=0 asks for nothing", async ({ address }) => {
  const result = await build({
    address,
    dockerfile: "FROM scratch\nLABEL a=b\n",
    buildArgs: { BUILDKIT_INLINE_CACHE: "0" },
    output: "image",
  });
  assert.equal(JSON.stringify(result.metadata).includes("moby.buildkit.cache"), false);
});
