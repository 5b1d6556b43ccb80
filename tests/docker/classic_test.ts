/** The classic builder of real engines. */
import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { FileError, OptionError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { docker, runImage } from "../support/docker_images.ts";
import { engineTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { buildOn, greeting, uniqueName, withVariables } from "./support.ts";

const OPT_OUT = { MOAT_DISABLE_BUILDKIT: "1" };
/** Their steps are containers, which this machine's runc must be able to run. */
const runs = ({ runsContainers }: { runsContainers: boolean }) => runsContainers;

engineTest(
  "build() on {}'s classic builder makes an image that runs",
  async (engine, environment) => {
    const name = uniqueName();
    const variables = { ...OPT_OUT, BUILDKIT_HOST: "tcp://127.0.0.1:1" };
    const result = await buildOn(
      engine.host,
      { ...greeting(environment, "classic\n"), tags: [name] },
      variables,
    );
    assert.equal(result.builder.kind, "classic");
    assert.equal(result.builder.from, "MOAT_DISABLE_BUILDKIT");
    assert.equal((await docker(engine.host).getImage(name).inspect()).Id, result.imageId);
    assert.equal(await runImage(engine.host, name), "hello\nclassic\n");
  },
  runs,
);

engineTest("build() on {}'s classic builder passes the options on", async (engine, environment) => {
  const name = uniqueName();
  const dockerfile = `FROM ${environment.baseImage} AS base
ARG WHO=nobody
RUN echo "$WHO" > /who && grep db.local /etc/hosts > /hosts && ulimit -n > /limit && df /dev/shm | tail -1 > /shm
FROM base AS unused
RUN false
`;
  await buildOn(engine.host, {
    ...{ context: {}, dockerfile, tags: [name], target: "base", labels: { a: "b c" } },
    ...{ buildArgs: { WHO: "some one" }, addHosts: { "db.local": "10.0.0.5" } },
    ...{
      ulimits: { nofile: "1000:2000" },
      shmSize: "8m",
      platforms: ["linux/amd64"],
      network: "none",
    },
  }, OPT_OUT);
  const { Config } = await docker(engine.host).getImage(name).inspect();
  assert.deepEqual(Config.Labels, { a: "b c" });
  const printed = await runImage(engine.host, name, [
    "/bin/cat",
    "/who",
    "/hosts",
    "/limit",
    "/shm",
  ]);
  assert.match(printed, /^some one\n10\.0\.0\.5\s+db\.local\n1000\nshm\s+8192 /);
}, runs);

engineTest(
  "build() on {}'s classic builder rejects a failing step with its exit code",
  async (engine, environment) => {
    const { context } = greeting(environment, "");
    const dockerfile =
      'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "sh", "-c", "exit 7"]\n';
    await assert.rejects(
      buildOn(engine.host, { context: context!, dockerfile }, OPT_OUT),
      (error) => {
        assert(error instanceof BuildError, String(error));
        assert.equal(error.exitCode, 7);
        assert.match(error.message, /returned a non-zero code: 7/);
        return true;
      },
    );
  },
  runs,
);

const FAILING: Array<[what: string, dockerfile: string, message: RegExp]> = [
  ["a missing file", "FROM scratch\nCOPY missing /\n", /missing/],
  ["a base image that is not there", "FROM 127.0.0.1:1/nothing\n", /127\.0\.0\.1:1/],
  ["nonsense", "FROM scratch\nNONSENSE\n", /unknown instruction: NONSENSE/],
  ["an unknown target", "FROM scratch AS a\n", /target/],
];

for (const [what, dockerfile, message] of FAILING) {
  engineTest(`build() on {}'s classic builder rejects ${what}`, async (engine) => {
    const target = what === "an unknown target" ? { target: "b" } : {};
    await assert.rejects(
      buildOn(engine.host, { context: { a: "" }, dockerfile, ...target }, OPT_OUT),
      (error) => {
        assert(error instanceof BuildError, String(error));
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

const REFUSED: Array<[what: string, options: BuildOptions, option: string, message: RegExp]> = [
  [
    "several platforms",
    { platforms: ["linux/amd64", "linux/arm64"] },
    "platforms",
    /several platforms in one build needs BuildKit/,
  ],
  [
    "other outputs",
    { output: { type: "local", dest: "/nonexistent" } },
    "output",
    /output type local needs BuildKit/,
  ],
  ["running stages again", { noCacheFilter: ["a"] }, "noCacheFilter", /MOAT_DISABLE_BUILDKIT/],
  ["frontend attributes", { frontendAttrs: { a: "b" } }, "frontendAttrs.a", /needs BuildKit/],
  [
    "mounts",
    { dockerfile: "FROM scratch\nRUN --mount=type=secret,id=a cat\n" },
    "dockerfile",
    /RUN --mount \(a secret, line 2\) needs BuildKit/,
  ],
];

for (const [what, options, option, message] of REFUSED) {
  engineTest(
    `build() on {}'s classic builder refuses ${what} before anything is sent`,
    async (engine) => {
      const before = (await docker(engine.host).listImages({ all: true })).length;
      await assert.rejects(
        buildOn(engine.host, { dockerfile: "FROM scratch\nCOPY . /\n", ...options }, OPT_OUT),
        (error) => {
          assert(error instanceof OptionError, String(error));
          assert.equal(error.option, option);
          assert.match(error.message, message);
          return true;
        },
      );
      assert.equal((await docker(engine.host).listImages({ all: true })).length, before);
    },
    ({ native }) => !native,
  );
}

engineTest(
  "build() on {}'s classic builder is canceled by its signal and leaves nothing",
  async (engine, environment) => {
    const { context } = greeting(environment, "");
    const dockerfile =
      'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "sh", "-c", "echo up; sleep 60"]\n';
    await withVariables({ DOCKER_HOST: engine.host, ...OPT_OUT }, async () => {
      const controller = new AbortController();
      const running = build({
        context: context!,
        dockerfile,
        noCache: true,
        signal: controller.signal,
        network: "none",
      });
      const watching = (async () => {
        for await (const { logs } of running.statuses()) {
          if (logs.length > 0) controller.abort(new Error("enough"));
        }
      })();
      await assert.rejects(async () => await running, /^Error: enough$/);
      await watching;
    });
  },
  runs,
);

engineTest(
  "build() on {}'s classic builder names a file that changes while it is sent",
  async (engine) => {
    await using folder = tempFolder();
    const path = join(folder.path, "big");
    writeFileSync(join(folder.path, "Dockerfile"), "FROM scratch\nCOPY . /\n");
    writeFileSync(path, new Uint8Array(8 << 20));
    await withVariables({ DOCKER_HOST: engine.host, ...OPT_OUT }, async () => {
      const running = build({ context: folder.path });
      const watching = (async () => {
        for await (const { statuses } of running.statuses()) {
          if (statuses.length > 0) truncateSync(path, 9);
        }
      })();
      await assert.rejects(async () => await running, (error) => {
        assert(error instanceof FileError, String(error));
        assert.equal(error.code, "FILE_CHANGED");
        return true;
      });
      await watching;
    });
  },
);

engineTest("build() on {}'s classic builder pushes", async (engine, { registry }) => {
  const name = `${registry}/moat/classic-${crypto.randomUUID()}:1`;
  const { digest } = await buildOn(engine.host, {
    context: { a: "a" },
    dockerfile: "FROM scratch\nCOPY a /\n",
    tags: [name],
    output: { type: "image", push: true },
  }, OPT_OUT);
  assert.match(digest ?? "", /^sha256:/);
  const tags = await fetch(
    `http://${registry}/v2/${name.slice(registry.length + 1, -2)}/tags/list`,
  );
  assert.deepEqual((await tags.json()).tags, ["1"]);
});
