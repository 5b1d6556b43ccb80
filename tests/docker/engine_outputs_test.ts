import assert from "node:assert/strict";
import { checkClassicOptions } from "../../src/docker/classic_check.ts";
import { engineOutputs } from "../../src/docker/engine_outputs.ts";
import { OptionError } from "../../src/errors.ts";
import { planOutputs } from "../../src/outputs.ts";
import type { BuildOptions } from "../../src/types.ts";

const OLD = { address: "unix:///d.sock", containerdStore: false, severalOutputs: true };
const NEW = { ...OLD, containerdStore: true };

/** What an engine's BuildKit is told. */
function told(options: BuildOptions, engine: typeof OLD) {
  return engineOutputs(planOutputs(options), options, engine).map(({ exporter }) =>
    exporter && [exporter.type, Object.fromEntries(exporter.attrs)]
  );
}

const GOOD: [options: BuildOptions, engine: typeof OLD, exporter: [string, object]][] = [
  [{ tags: ["a"], output: { type: "image", push: true, unpack: false } }, OLD, [
    "moby",
    { name: "docker.io/library/a:latest", unpack: "false" },
  ]],
  [
    { annotations: { a: "1" }, output: { type: "image", compression: "zstd" } },
    NEW,
    ["moby", { "annotation.a": "1", compression: "zstd" }],
  ],
  [{ output: { type: "local", dest: "x", mode: "delete" } }, OLD, ["local", { mode: "delete" }]],
];

for (const [options, engine, exporter] of GOOD) {
  Deno.test(`engineOutputs() of ${JSON.stringify(options)}`, () => {
    assert.deepEqual(told(options, engine), [exporter]);
  });
}

const BAD: [options: BuildOptions, message: RegExp][] = [
  [{ annotations: { a: "1" }, output: "image" }, /^Invalid annotations: .* with annotations\. Use/],
  [{ output: { type: "image", compression: "zstd" } }, /^Invalid output\.compression: .* choice\./],
  [
    { tags: ["a"], output: { type: "image", push: true, pushByDigest: true } },
    /^Invalid output\.pushByDigest: the Docker engine at unix:\/\/\/d\.sock cannot make/,
  ],
  [
    { output: { type: "docker", load: true, rewriteTimestamp: true } },
    /^Invalid output\.rewriteTimestamp: .* turn on the engine's containerd image store$/,
  ],
];

for (const [options, message] of BAD) {
  Deno.test(`engineOutputs() refuses ${JSON.stringify(options)} for Docker's old store`, () => {
    assert.throws(() => told(options, OLD), (error: unknown) => {
      assert(error instanceof OptionError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

const CLASSIC: [options: BuildOptions, message: RegExp | undefined][] = [
  [{ provenance: false, sbom: false }, undefined],
  [{ provenance: { mode: "min", inlineOnly: true, optional: true } }, undefined],
  [{ tags: ["a"], output: { type: "image", push: true, unpack: false } }, undefined],
  [{ provenance: true }, /Invalid provenance: provenance needs BuildKit/],
  [{ output: { type: "image", compression: "zstd" } }, /Invalid output\.compression: this choice/],
  [{ annotations: {} }, /Invalid annotations: annotations needs BuildKit/],
];

for (const [options, message] of CLASSIC) {
  Deno.test(`checkClassicOptions() of ${JSON.stringify(options)}`, () => {
    const check = () => checkClassicOptions(options, planOutputs({ output: "image", ...options }));
    if (message === undefined) check();
    else assert.throws(check, message);
  });
}
