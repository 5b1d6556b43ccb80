/** Where results of steps can be left and found again. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { build } from "../../../src/build.ts";
import type { BuildOptions } from "../../../src/types.ts";
import { traced } from "../../parts/cache_builds.ts";
import { collect } from "../../control/support.ts";
import { fastParent, tempFolder } from "../../support/temp_folder.ts";
import { clientOf } from "../client_of.ts";
import type { Feature, World } from "../feature.ts";

const group = "caches";

/** Builds with an export, forgets all, and builds again: the step must come from where it was left. */
async function comesBack(
  world: World,
  to: BuildOptions,
  from: BuildOptions,
): Promise<void> {
  const { on, baseImage } = world;
  const step = `head -c 9 /dev/urandom >/f; echo ${crypto.randomUUID()}`;
  const options: BuildOptions = {
    ...on,
    dockerfile: `FROM ${baseImage}\nRUN ${step}\n`,
    network: "none",
  };
  await build({ ...options, ...to });
  await forget(on);
  const { ran, cached } = await traced({ ...options, ...from });
  assert.deepEqual([ran.length, cached.length], [0, 1], `ran ${ran}; cached ${cached}`);
}

async function forget(on: World["on"]): Promise<void> {
  await using opened = await clientOf(on);
  await collect(opened.client.prune({ all: true }));
}

/** The kinds of caches that need nothing but a registry. */
export const CACHE_FEATURES: readonly Feature[] = [
  {
    group,
    what: "a registry",
    async attempt(world) {
      const ref = `${world.registry}/compat/${crypto.randomUUID()}:cache`;
      const entry = { type: "registry", ref, insecure: true } as const;
      const output = "cacheonly";
      await comesBack(world, { cacheTo: [{ ...entry, mode: "max" }], output }, {
        cacheFrom: [entry],
        output,
      });
    },
  },
  {
    group,
    what: "a folder",
    async attempt(world) {
      await using folder = tempFolder(fastParent());
      const path = join(folder.path, "cache");
      const output = "cacheonly";
      await comesBack(world, { cacheTo: [{ type: "local", dest: path }], output }, {
        cacheFrom: [{ type: "local", src: path }],
        output,
      });
    },
  },
  {
    group,
    what: "the image itself",
    async attempt(world) {
      const ref = `${world.registry}/compat/${crypto.randomUUID()}:1`;
      const output = { type: "image", push: true, insecure: true } as const;
      await comesBack(world, { tags: [ref], output, cacheTo: [{ type: "inline" }] }, {
        cacheFrom: [{ type: "registry", ref, insecure: true }],
        output: "cacheonly",
      });
    },
  },
  {
    group,
    what: "steps that are run again",
    async attempt({ on, baseImage }) {
      const options: BuildOptions = {
        ...on,
        dockerfile: `FROM ${baseImage} AS one\nRUN echo ${crypto.randomUUID()}\n`,
        network: "none",
        output: "cacheonly",
      };
      await build(options);
      assert.equal((await traced(options)).cached.length, 1);
      assert.equal((await traced({ ...options, noCacheFilter: ["one"] })).ran.length, 1);
      assert.equal((await traced({ ...options, noCache: true })).ran.length, 1);
    },
  },
];
