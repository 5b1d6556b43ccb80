/** Images of a BuildKit of its own, loaded into real engines. */
import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import { openEngine } from "../../src/docker/engine.ts";
import { engineAddresses } from "../../src/docker/engine_address.ts";
import { loadStream } from "../../src/docker/load.ts";
import { BuildError } from "../../src/build_error.ts";
import { EngineError, OptionError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { docker, runImage } from "../support/docker_images.ts";
import { daemonTest, engineTest, type TestEngine } from "../support/env.ts";
import { buildOn, greeting, uniqueName, withVariables } from "./support.ts";

const LOAD = { type: "docker", load: true } as const;

engineTest("build() loads what BuildKit made into {}", async (engine, environment) => {
  const names = [uniqueName(), uniqueName()];
  const progress: string[] = [];
  const result = await withVariables({ DOCKER_HOST: engine.host }, async () => {
    const running = build({
      ...greeting(environment, "loaded\n"),
      address: environment.address,
      output: { ...LOAD, names },
    });
    for await (const event of running) if (event.type === "vertex") progress.push(event.name);
    return await running;
  });
  assert.equal(result.builder.kind, "standalone");
  assert.equal(result.outputs[0]!.dest, engine.host);
  assert(result.outputs[0]!.bytes! > 10_000);
  assert(
    progress.includes(`loading into the Docker engine at ${engine.host}`),
    progress.join("\n"),
  );
  for (const name of names) await docker(engine.host).getImage(name).inspect();
  if (engine.runsContainers) {
    assert.equal(await runImage(engine.host, names[0]!), "hello\nloaded\n");
  }
});

/** What makes more of a result than one image. */
const SEVERAL: [what: string, options: BuildOptions][] = [
  ["for several platforms", { platforms: ["linux/amd64", "linux/arm64"] }],
  ["with attestations", { provenance: true }],
];

for (const [what, options] of SEVERAL) {
  engineTest(`build() loads an image ${what} where {} can hold it`, async (engine, environment) => {
    const name = uniqueName();
    const loading = buildOn(engine.host, {
      ...options,
      context: { a: "a" },
      dockerfile: "FROM scratch\nCOPY a /\n",
      network: "default",
      tags: [name],
      address: environment.address,
      output: LOAD,
    });
    if (!engine.containerdStore) {
      await assert.rejects(loading, (error) => {
        assert(error instanceof OptionError, String(error));
        assert(error.message.includes(`cannot hold an image ${what}`), error.message);
        return true;
      });
      return;
    }
    const { digest, outputs } = await loading;
    assert.equal(outputs[0]!.type, "docker");
    assert.equal((await docker(engine.host).getImage(name).inspect()).Id, digest);
  });
}

engineTest("build() loads into {} without provenance that is optional", async (engine, env) => {
  const name = uniqueName();
  const { metadata } = await buildOn(engine.host, {
    context: { a: "a" },
    dockerfile: "FROM scratch\nCOPY a /\n",
    network: "default",
    tags: [name],
    address: env.address,
    provenance: { inlineOnly: true, optional: true },
    output: LOAD,
  });
  assert.match(metadata["containerimage.descriptor"]?.mediaType ?? "", /manifest\.v/);
  await docker(engine.host).getImage(name).inspect();
});

engineTest("build() that fails loads nothing into {}", async (engine, environment) => {
  const name = uniqueName();
  await assert.rejects(
    buildOn(engine.host, {
      ...{
        context: {},
        dockerfile: "FROM scratch\nCOPY missing /\n",
        tags: [name],
        network: "default",
      },
      ...{ address: environment.address, output: LOAD },
    }),
    BuildError,
  );
  await assert.rejects(docker(engine.host).getImage(name).inspect(), /no such image/i);
});

daemonTest("build() without an engine to load into says what was tried", async ({ address }) => {
  await assert.rejects(
    withVariables(
      {},
      async () => await build({ address, dockerfile: "FROM scratch\n", output: LOAD }),
    ),
    (error) => {
      assert(error instanceof EngineError, String(error));
      assert.equal(error.code, "ENGINE_NOT_FOUND");
      assert.match(
        error.message,
        /docker\.sock \(default socket\): no such socket[^]*set DOCKER_HOST/,
      );
      return true;
    },
  );
});

async function writeAll({ host }: TestEngine, chunks: Uint8Array[]): Promise<void> {
  const [at] = engineAddresses((name) => name === "DOCKER_HOST" ? host : undefined);
  const writer = loadStream(await openEngine(at!), () => {}).getWriter();
  writer.closed.catch(() => {});
  for (const chunk of chunks) await writer.write(chunk);
  await writer.close();
}

const REFUSED: Array<[what: string, chunks: Uint8Array[]]> = [
  [
    "bytes that are no archive",
    Array.from({ length: 100 }, () => new Uint8Array(1 << 20).fill(65)),
  ],
  ["an archive without an image", [new Uint8Array(1024)]],
];

for (const [what, chunks] of REFUSED) {
  engineTest(`loadStream() passes on why {} refuses ${what}`, async (engine) => {
    await assert.rejects(writeAll(engine, chunks), (error) => {
      assert(error instanceof EngineError, String(error));
      assert.equal(error.code, "ENGINE_REFUSED");
      assert(error.message.includes(engine.host), error.message);
      return true;
    });
  });
}

engineTest("loadStream() aborted leaves nothing open to {}", async ({ host }) => {
  const [at] = engineAddresses((name) => name === "DOCKER_HOST" ? host : undefined);
  const writer = loadStream(await openEngine(at!), () => {}).getWriter();
  writer.closed.catch(() => {});
  await writer.write(new Uint8Array(1024));
  await writer.abort(new Error("enough"));
});
