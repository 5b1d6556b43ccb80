/** Builds whose result a function makes: how they end. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { build, runFrontend } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import type { GatewayResult } from "../../src/gateway/result.ts";
import type { BuildFunction } from "../../src/gateway/solve.ts";
import type { BuildOptions } from "../../src/types.ts";
import { folderOf } from "../build/support.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { DOCKERFILE, EVALUATED } from "./support.ts";

const REASON = new Error("my reason");
const FILES = { Dockerfile: "FROM scratch\nCOPY a /\nLABEL x=1\n", a: "1" };

daemonTest("runFrontend() makes the image of build() and of buildctl", async (env) => {
  const { address, registry, tools } = env;
  await using folder = folderOf(FILES);
  for (const platforms of [["linux/amd64"], ["linux/amd64", "linux/arm64"]]) {
    const options: BuildOptions = {
      address,
      platforms,
      context: folder.path,
      tags: [`${registry}/gateway:1`],
      frontendAttrs: { "build-arg:SOURCE_DATE_EPOCH": "1" },
    };
    const { digest } = await runFrontend(DOCKERFILE, options);
    assert.equal(digest, (await build(options)).digest);
    const buildctl = await new Buildctl(tools.buildctl, address).build(
      "--frontend=dockerfile.v0",
      ...[`--local=context=${folder.path}`, `--local=dockerfile=${folder.path}`],
      `--opt=platform=${platforms}`,
      "--opt=build-arg:SOURCE_DATE_EPOCH=1",
      `--output=type=image,name=${registry}/gateway:1`,
    );
    assert.equal(digest, buildctl.digest);
  }
});

daemonTest("runFrontend() with nothing returned makes an empty result", async ({ address }) => {
  await using folder = tempFolder();
  const output = { type: "local", dest: folder.path } as const;
  await runFrontend(() => {}, { address, output });
  assert.deepEqual(readdirSync(folder.path), []);
});

for (
  const [name, frontend] of Object.entries({ lazy: DOCKERFILE, evaluated: EVALUATED })
) {
  for (
    const dockerfile of [
      "FROM missing/x:1\n",
      "FROM scratch\nNONSENSE\n",
      "FROM scratch\nCOPY b /\n",
    ]
  ) {
    const what = dockerfile.trim().split("\n").at(-1);
    daemonTest(
      `runFrontend() that is ${name} fails as build() does: ${what}`,
      async ({ address }) => {
        const options = { address, dockerfile, platforms: ["linux/amd64"] };
        const [direct, ours] = await Promise.all([
          failureOf(options),
          failureOf(options, frontend),
        ]);
        assert.deepEqual(comparable(ours), comparable(direct));
        const facts = (error: BuildError) => error.details.map(({ type }) => type).sort();
        const known = facts(ours).filter((type) => type !== "stack" && type !== "solve");
        assert.deepEqual(known, facts(direct).filter((type) => type !== "stack"));
      },
    );
  }
}

daemonTest("runFrontend() fails with what its function throws", async ({ address }) => {
  const frontend = () => {
    throw REASON;
  };
  await assert.rejects(runFrontend(frontend, { address }), (error) => error === REASON);
});

daemonTest("runFrontend() fails with an error that wraps the daemon's", async ({ address }) => {
  const frontend: BuildFunction = async (client) => {
    try {
      return await client.solve({ frontend: "none.v0" });
    } catch (cause) {
      assert(cause instanceof BuildError);
      throw new Error("mine", { cause });
    }
  };
  await assert.rejects(runFrontend(frontend, { address }), { message: "mine" });
});

daemonTest(
  "runFrontend() can be canceled while its function never returns",
  async ({ address }) => {
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    const frontend: BuildFunction = (_, signal) => {
      seen = signal;
      controller.abort(REASON);
      return new Promise<void>(() => {});
    };
    const building = runFrontend(frontend, { address, signal: controller.signal });
    await assert.rejects(building, (error) => error === REASON);
    assert.equal(seen?.aborted, true);
  },
);

daemonTest("runFrontend() refuses references of another build", async ({ address }) => {
  const dockerfile = "FROM scratch\nCOPY <<END /x\nEND\n";
  let other: GatewayResult | void;
  await runFrontend(async (client, signal) => {
    other = await DOCKERFILE(client, signal);
    return other;
  }, { address, dockerfile });
  await assert.rejects(runFrontend(() => other, { address }), /a reference of another build/);
});

daemonTest("runFrontend() is canceled in the middle of a step", async ({ address, baseImage }) => {
  const dockerfile = `FROM ${baseImage}\nRUN echo begun; sleep 60\n`;
  const options = { address, dockerfile, network: "none", noCache: true } as const;
  const building = runFrontend(EVALUATED, options);
  for await (const status of building.statuses()) {
    if (status.logs.length > 0) building.cancel(REASON);
  }
  await assert.rejects(building, (error) => error === REASON);
});

daemonTest("runFrontend() leaves a client that can't be used afterwards", async ({ address }) => {
  let late = (): Promise<unknown> => Promise.resolve();
  await runFrontend((client) => {
    late = () => client.inputs();
  }, { address });
  await assert.rejects(late(), /its build is over/);
});

/** What two failures have in common: each build has digests and references of its own. */
function comparable(error: BuildError): unknown {
  const { originalMessage, vertex: _, ...rest } = error.toJSON();
  return { ...rest, originalMessage: originalMessage.replace(/of ref \S+/, "") };
}

async function failureOf(options: BuildOptions, frontend?: BuildFunction): Promise<BuildError> {
  try {
    await (frontend === undefined ? build(options) : runFrontend(frontend, options));
  } catch (error) {
    assert(error instanceof BuildError, String(error));
    return error;
  }
  throw new Error("it did not fail");
}
