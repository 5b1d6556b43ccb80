/** Builds whose named contexts are the results of other builds. */
import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { check } from "../../src/calls.ts";
import { OptionError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { builtFiles, folderOf } from "../build/support.ts";
import { daemonTest, engineTest } from "../support/env.ts";
import { buildOn } from "../docker/support.ts";
import { tempFolder } from "../support/temp_folder.ts";

daemonTest("contexts: { build } is the result of another build", async ({ address }) => {
  await using inner = folderOf({ "docker/Dockerfile": "FROM scratch\nCOPY a /\n", a: "inner" });
  const files = await builtFiles({
    address,
    context: { a: "outer" },
    dockerfile: "FROM base\nCOPY a /b\nCOPY --from=lib /x /y\n",
    contexts: {
      base: {
        build: {
          context: inner.path,
          dockerfile: { path: `${inner.path}/docker/Dockerfile` },
        },
      },
      lib: {
        build: {
          context: { c: "lib" },
          dockerfile: "FROM scratch AS one\nARG N\nCOPY c /$N\nFROM scratch AS two\n",
          target: "one",
          buildArgs: { N: "x" },
        },
      },
    },
  });
  assert.deepEqual(files, { a: "inner", b: "outer", y: "lib" });
});

daemonTest("contexts: { build } keeps the image's config", async (env) => {
  const { address, baseImage } = env;
  const files = await builtFiles({
    address,
    network: "none",
    dockerfile:
      "FROM base AS made\nRUN echo $GREETING > /x; pwd >> /x\nFROM scratch\nCOPY --from=made /x /\n",
    contexts: {
      base: { build: { dockerfile: `FROM ${baseImage}\nENV GREETING=hello\nWORKDIR /w\n` } },
    },
  });
  assert.deepEqual(files, { x: "hello\n/w\n" });
});

daemonTest("contexts: { build } is built for all platforms of the outer build", async (env) => {
  await using out = tempFolder();
  const options: BuildOptions = {
    address: env.address,
    platforms: ["linux/amd64", "linux/arm64"],
    dockerfile: "FROM base\n",
    contexts: {
      base: {
        build: {
          context: { "amd64": "1", "arm64": "2" },
          dockerfile: "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /arch\n",
        },
      },
    },
  };
  await build({ ...options, output: { type: "local", dest: out.path } });
  const read = (platform: string) => Deno.readTextFileSync(`${out.path}/${platform}/arch`);
  assert.deepEqual([read("linux_amd64"), read("linux_arm64")], ["1", "2"]);
});

daemonTest("contexts: { build } for other platforms than a stage wants is refused", async (env) => {
  const building = build({
    address: env.address,
    dockerfile: "FROM --platform=linux/s390x base\n",
    contexts: {
      base: {
        build: {
          dockerfile: "FROM scratch\nCOPY <<END /x\nEND\n",
          platforms: ["linux/amd64", "linux/arm64"],
        },
      },
    },
  });
  await assert.rejects(building, /base, which is built for linux\/amd64, linux\/arm64 alone/);
});

daemonTest("contexts: { build } has the secrets of the outer build", async (env) => {
  const run = "RUN --mount=type=secret,id=s,required cp /run/secrets/s /s";
  const files = await builtFiles({
    address: env.address,
    network: "none",
    secrets: { s: "secret" },
    dockerfile: "FROM scratch\nCOPY --from=base /s /\n",
    contexts: { base: { build: { dockerfile: `FROM ${env.baseImage}\n${run}\n`, noCache: true } } },
  });
  assert.deepEqual(files, { s: "secret" });
});

daemonTest("contexts: { build } is recorded in the provenance", async ({ address, registry }) => {
  const name = `${registry}/inner-build:1`;
  const { metadata } = await build({
    address,
    tags: [name],
    provenance: "max",
    output: { type: "image", push: true, insecure: true },
    dockerfile: "FROM base\nCOPY <<END /y\nEND\n",
    contexts: {
      base: { build: { context: { a: "1" }, dockerfile: "FROM scratch\nCOPY a /inner\n" } },
    },
  });
  const fetchJson = async (path: string, accept: string) => {
    const answer = await fetch(`http://${registry}/v2/inner-build/${path}`, {
      headers: { accept },
    });
    return JSON.parse(await answer.text());
  };
  const index = "application/vnd.oci.image.index.v1+json";
  const { manifests } = await fetchJson(`manifests/${metadata["containerimage.digest"]}`, index);
  const statement = await fetchJson(
    `manifests/${manifests[1].digest}`,
    "application/vnd.oci.image.manifest.v1+json",
  );
  const text = JSON.stringify(await fetchJson(`blobs/${statement.layers[0].digest}`, "*/*"));
  // Both builds' steps are in it.
  assert(text.includes("/inner") && text.includes("/y"), text);
});

daemonTest("contexts: { build } that is empty is scratch", async ({ address }) => {
  const files = await builtFiles({
    address,
    dockerfile: "FROM base\nCOPY <<END /x\nEND\n",
    contexts: { base: { build: { dockerfile: "FROM scratch\n" } } },
  });
  assert.deepEqual(files, { x: "" });
});

daemonTest("contexts: { build } fails with the inner Dockerfile's lines", async (env) => {
  const { address, baseImage } = env;
  const building = build({
    address,
    dockerfile: "FROM base\n",
    network: "none",
    contexts: {
      base: { build: { dockerfile: `FROM ${baseImage}\nRUN exit 3\n`, network: "none" } },
    },
  });
  await assert.rejects(building, (error) => {
    assert(error instanceof BuildError, String(error));
    assert.deepEqual([error.code, error.exitCode], ["COMMAND_FAILED", 3]);
    assert.equal(error.sources[0]?.lines[1], "RUN exit 3");
    return true;
  });
});

daemonTest("contexts: { build } tells of its transfers", async ({ address }) => {
  await using folder = folderOf({ Dockerfile: "FROM scratch\nCOPY a /\n", a: crypto.randomUUID() });
  const options: BuildOptions = {
    address,
    dockerfile: "FROM base\n",
    contexts: { base: { build: { context: folder.path } } },
  };
  const bytes = async () => {
    const { transfers } = await build(options);
    return transfers.find(({ name }) => name === "base/context")?.bytes;
  };
  // The daemon keeps its copy of the inner context, too.
  assert.deepEqual([await bytes(), await bytes()], [36, 0]);
});

daemonTest("contexts: { build } is there for checks, too", async ({ address }) => {
  const { passed } = await check({
    address,
    dockerfile: "FROM base\n",
    contexts: { base: { build: { dockerfile: "FROM scratch\nCOPY <<END /x\nEND\n" } } },
  });
  assert.equal(passed, true);
});

daemonTest("contexts: { build } with a file that is missing names it", async ({ address }) => {
  const building = build({
    address,
    dockerfile: "FROM base\n",
    contexts: { base: { build: { context: {}, dockerfile: "FROM scratch\nCOPY a /\n" } } },
  });
  await assert.rejects(building, { code: "SOURCE_NOT_FOUND" });
});

const REFUSED: Array<[name: string, options: BuildOptions, option: string, problem: RegExp]> = [
  ["an unknown option", inner({ tagz: [] }), "contexts.base.build.tagz", /no such option/],
  ["outputs", inner({ output: "image" }), "contexts.base.build.output", /no such option/],
  ["a stream", inner({ context: new ReadableStream() }), "contexts.base.build.context", /stream/],
  ["no folder", inner({ context: "/missing" }), "contexts.base.build.context", /no folder/],
  ["a bad name", inner({ buildArgs: { "a b": "" } }), "contexts.base.build.buildArgs", /a name/],
  [
    "too few platforms",
    { ...inner({ platforms: ["linux/amd64", "linux/386"] }), platforms: ["linux/arm64"] },
    "contexts.base.build.platforms",
    /lacks linux\/arm64/,
  ],
];

for (const [name, options, option, problem] of REFUSED) {
  Deno.test(`contexts: { build } refuses ${name}`, async () => {
    await assert.rejects(build({ address: "tcp://127.0.0.1:1", ...options }), (error) => {
      assert(error instanceof OptionError, String(error));
      assert.equal(error.option, option);
      assert.match(error.problem, problem);
      return true;
    });
  });
}

function inner(build: object): BuildOptions {
  const all = { dockerfile: "FROM scratch\n", ...build };
  return { dockerfile: "FROM base\n", contexts: { base: { build: all } } };
}

engineTest("contexts: { build } needs more than the frontend of {}", async ({ host }) => {
  const building = buildOn(host, {
    dockerfile: "FROM base\n",
    contexts: { base: { build: { context: { a: "" }, dockerfile: "FROM scratch\nCOPY a /\n" } } },
  });
  await assert.rejects(building, { capability: "local-sessionid" });
}, ({ name }) => parseInt(name) < 27);

engineTest("contexts: { build } works on {}", async ({ host }) => {
  const { imageId } = await buildOn(host, {
    dockerfile: "FROM base\n",
    contexts: { base: { build: { context: { a: "" }, dockerfile: "FROM scratch\nCOPY a /\n" } } },
  });
  assert.match(imageId!, /^sha256:/);
}, ({ name }) => !(parseInt(name) < 27));
