import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import { OptionError, OutputError } from "../../src/errors.ts";
import { outputFunctionPart } from "../../src/parts/output_function.ts";
import type { BuildOptions, BuiltResult, ImageOutput } from "../../src/types.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";

const DOCKERFILE = "FROM scratch\nCOPY a /\nLABEL version=1.2\n";

function options({ address }: TestEnvironment): BuildOptions {
  return { address, context: { a: "b" }, dockerfile: DOCKERFILE };
}

interface Config {
  config: { Labels: Record<string, string> };
}

daemonTest(
  "build() asks a function for the outputs when the result is there",
  async (environment) => {
    const name = `${environment.registry}/${crypto.randomUUID()}`;
    const asked: BuiltResult[] = [];
    const result = await build({
      ...options(environment),
      output: (built) => {
        asked.push(built);
        const config = built.metadata["containerimage.config"] as Config;
        const names = [`${name}:${config.config.Labels.version}`, `${name}:latest`];
        return [{ type: "image", names, push: true }];
      },
    });
    assert.equal(asked.length, 1);
    assert.equal(asked[0]?.refs.length, 1);
    assert.deepEqual(result.names, [`${name}:1.2`, `${name}:latest`]);
    assert.deepEqual(result.outputs.map(({ type }) => type), ["image"]);
    const answer = await fetch(`http://${name.replace("/", "/v2/")}/manifests/1.2`, {
      headers: {
        accept:
          "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json",
      },
    });
    await answer.body?.cancel();
    assert.equal(answer.headers.get("docker-content-digest"), result.digest);
    // The same image as one that is asked for at the start.
    const { digest } = await build({ ...options(environment), output: { type: "image" } });
    assert.equal(result.digest, digest);
  },
);

daemonTest("build() keeps nothing where the function chooses nothing", async (environment) => {
  const result = await build({ ...options(environment), output: () => Promise.resolve([]) });
  assert.deepEqual(result.outputs, []);
  assert.equal(result.digest, undefined);
});

daemonTest("build() gives the function one reference for each platform", async (environment) => {
  let refs: readonly string[] = [];
  const output = (built: BuiltResult): ImageOutput[] => {
    refs = built.refs;
    return [];
  };
  await build({ ...options(environment), platforms: ["linux/amd64", "linux/arm64"], output });
  assert.equal(refs.length, 2);
});

const BAD: [name: string, output: () => unknown, message: RegExp][] = [
  ["throws", () => {
    throw new Error("no release today");
  }, /^The function in output failed: no release today$/],
  ["chooses no list", () => ({ type: "image" }), /failed: Invalid output: its answer is no list$/],
  ["chooses an archive", () => [{ type: "tar", dest: "a.tar" }], /can choose images, not tar$/],
  ["chooses what can't be", () => [{ type: "image", push: true }], /there is no name to push to/],
];

for (const [name, output, message] of BAD) {
  daemonTest(`build() fails with an output function that ${name}`, async (environment) => {
    const building = build({ ...options(environment), output: output as () => ImageOutput[] });
    await assert.rejects(building, (error: unknown) => {
      assert(error instanceof OutputError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("outputFunctionPart() refuses builders of Docker engines", async () => {
  const part = await outputFunctionPart({ output: () => [] });
  const engine = { address: "unix:///var/run/docker.sock", from: "DOCKER_HOST" };
  for (const kind of ["embedded", "classic"] as const) {
    await assert.rejects(async () => await part.forBuilder?.({ kind, ...engine }), OptionError);
  }
  assert.deepEqual(await part.forBuilder?.({ kind: "standalone", ...engine }), {});
});
