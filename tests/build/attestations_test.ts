/** Attestations, compared with those that buildctl asks for. */
import assert from "node:assert/strict";
import { build, type BuildKitClient, connect, readAttestations } from "../../mod.ts";
import { OptionError } from "../../src/errors.ts";
import type { Attestation, BuildOptions } from "../../src/types.ts";
import { buildOn, uniqueName } from "../docker/support.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest, engineTest, type TestEnvironment } from "../support/env.ts";
import { pushScanner } from "../support/scanner_image.ts";
import { builtFiles, folderOf } from "./support.ts";

const FILES = {
  Dockerfile: "FROM scratch\nARG WORD=default\nLABEL word=$WORD\nCOPY a /\n",
  a: "hello",
};

const V1 = "https://slsa.dev/provenance/v1";
const V02 = "https://slsa.dev/provenance/v0.2";
const SPDX = "https://spdx.dev/Document";

/** Each case: our options, buildctl's attributes for them, and the kind of the attestation. */
const PROVENANCES: [options: BuildOptions, attrs: string, type: string][] = [
  [{ provenance: true }, "provenance=mode=min", V1],
  [{ provenance: "max" }, "provenance=mode=max", V1],
  [
    { provenance: { mode: "max", version: "v0.2", builderId: "https://b.example/1" } },
    "provenance=mode=max,version=v0.2,builder-id=https://b.example/1",
    V02,
  ],
  [
    { provenance: { reproducible: true, inlineOnly: true } },
    "provenance=mode=min,reproducible=true,inline-only=true",
    V1,
  ],
  [{ attestations: { provenance: {} }, platforms: ["linux/arm64"] }, "provenance=", V1],
];

for (const [options, attrs, type] of PROVENANCES) {
  daemonTest(`build() attests what buildctl does with ${attrs}`, async (environment) => {
    await using folder = folderOf(FILES);
    await using client = connect(environment.address);
    const { digest } = await build({
      ...options,
      address: environment.address,
      context: folder.path,
      buildArgs: { WORD: "w" },
      output: "image",
    });
    const mine = await readAttestations(client, digest!);
    const theirs = await buildctl(environment, client, folder.path, [
      `attest:${attrs}`,
      "build-arg:WORD=w",
      ...(options.platforms ? [`platform=${options.platforms[0]}`] : []),
    ]);
    assert.deepEqual(mine.map(({ predicateType }) => predicateType), [type]);
    assert.equal(mine[0]?.platform, options.platforms?.[0] ?? theirs[0]?.platform);
    assert.deepEqual(mine.map(shapeOf), theirs.map(shapeOf));
  });
}

daemonTest("build() has an SBOM made, as buildctl does", async (environment) => {
  const generator = await pushScanner(environment);
  await using folder = folderOf(FILES);
  await using client = connect(environment.address);
  const { digest } = await build({
    address: environment.address,
    context: folder.path,
    sbom: { generator, params: { WORD: "and, more" } },
    output: "image",
  });
  const mine = await readAttestations(client, digest!);
  const theirs = await buildctl(environment, client, folder.path, [
    `attest:sbom=generator=${generator},"WORD=and, more"`,
  ]);
  assert.deepEqual(mine.map(({ predicateType }) => predicateType), [SPDX]);
  const { comment } = mine[0]?.statement.predicate as { comment: string };
  assert.equal(comment, "./a and, more");
  assert.deepEqual(mine.map(shapeOf), theirs.map(shapeOf));
});

daemonTest("build() writes provenance beside files, unless it is to be inline", async (env) => {
  const made = { address: env.address, context: { a: "x" }, dockerfile: FILES.Dockerfile };
  const files = await builtFiles({ ...made, provenance: "min" });
  assert.deepEqual(Object.keys(files), ["a", "provenance.json"]);
  assert.equal(JSON.parse(files["provenance.json"]!).predicateType, V1);
  const without = await builtFiles({ ...made, provenance: { inlineOnly: true } });
  assert.deepEqual(without, { a: "x" });
});

daemonTest("readAttestations() of an image without any is empty", async ({ address }) => {
  await using client = connect(address);
  const options = { address, context: { a: "x" }, dockerfile: FILES.Dockerfile };
  const { digest } = await build({ ...options, output: "image" });
  assert.deepEqual(await readAttestations(client, digest!), []);
  const several = await build({
    ...options,
    platforms: ["linux/amd64", "linux/arm64"],
    provenance: true,
    output: "image",
  });
  const platforms = (await readAttestations(client, several.digest!)).map((one) => one.platform);
  assert.deepEqual(platforms, ["linux/amd64", "linux/arm64"]);
});

daemonTest("build() adds recorded provenance to the metadata", async ({ address }) => {
  const options = { address, context: { a: "x" }, dockerfile: FILES.Dockerfile };
  const none = await build(options);
  assert.equal(none.metadata["buildx.build.provenance"], undefined);
  const { metadata: min } = await build({ ...options, metadataProvenance: "min" });
  const least = min["buildx.build.provenance"];
  assert.equal(least?.buildType, "https://mobyproject.org/buildkit@v1");
  assert.equal(least.invocation.configSource.entryPoint, "Dockerfile");
  assert.deepEqual(Object.keys(least).sort(), ["builder", "buildType", "invocation"].sort());
  for (const version of ["v1", "v0.2"] as const) {
    const { metadata } = await build({
      ...options,
      platforms: ["linux/amd64", "linux/arm64"],
      metadataProvenance: "max",
      provenance: { mode: "max", version },
    });
    for (const platform of ["linux/amd64", "linux/arm64"]) {
      const most = metadata[`buildx.build.provenance/${platform}`] as typeof least;
      assert.equal(most?.buildType, least.buildType);
      assert.deepEqual(
        Object.keys(most).sort(),
        [
          ...["builder", "buildType", "invocation", "buildConfig", "metadata"],
        ].sort(),
      );
      assert.deepEqual(Object.keys(most.metadata ?? {}), [
        ...["buildInvocationID", "buildStartedOn", "buildFinishedOn", "completeness"],
        ...["reproducible", "https://mobyproject.org/buildkit@v1#metadata"],
      ]);
    }
  }
});

engineTest("build() on {} attests where it can", async (engine) => {
  const options = { context: { a: "x" }, dockerfile: FILES.Dockerfile, tags: [uniqueName()] };
  const optional = { mode: "min", inlineOnly: true, optional: true } as const;
  await buildOn(engine.host, { ...options, provenance: optional });
  const attempt = buildOn(engine.host, { ...options, provenance: true });
  if (engine.containerdStore) {
    const { digest } = await attempt;
    assert.match(digest ?? "", /^sha256:/);
  } else {
    await assert.rejects(attempt, (error: unknown) => {
      assert(error instanceof OptionError, String(error));
      assert.match(error.message, /^Invalid provenance: the Docker engine at .* containerd image/);
      return true;
    });
  }
});

/** Builds by Go's client; what it has attested. */
async function buildctl(
  { tools, address }: TestEnvironment,
  client: BuildKitClient,
  folder: string,
  attrs: string[],
): Promise<Attestation[]> {
  const { digest, stderr } = await new Buildctl(tools.buildctl, address).build(
    "--frontend=dockerfile.v0",
    `--local=context=${folder}`,
    `--local=dockerfile=${folder}`,
    ...attrs.map((attr) => `--opt=${attr}`),
    "--opt=filename=Dockerfile",
    "--output=type=image",
  );
  assert(digest !== undefined, stderr);
  return await readAttestations(client, digest);
}

/** An attestation without what differs from build to build. */
function shapeOf({ subject: _subject, ...rest }: Attestation): unknown {
  return JSON.parse(JSON.stringify(rest), (key, value) => {
    if (/^(?:started|finished|build(?:Started|Finished))On$/.test(key)) return "time";
    if (/^(?:invocationId|buildInvocationID)$/.test(key)) return "id";
    if (key === "sysUsage") return "usage";
    // buildctl has a gateway between itself and the frontend.
    if (key === "root") return undefined;
    if (key === "created") return "time";
    if (key === "digestMapping") return Object.values(value).sort();
    return typeof value === "string" && /^(?:sha256:)?[0-9a-f]{64}$/.test(value) ? "digest" : value;
  });
}
