/** Questions to the Dockerfile's frontend, and that buildctl gets the same answers. */
import assert from "node:assert/strict";
import { build } from "../src/build.ts";
import { BuildError } from "../src/build_error.ts";
import { call, check, describeCalls, outline, startCall, targets } from "../src/calls.ts";
import { UnsupportedError } from "../src/errors.ts";
import { withVariables } from "./docker/support.ts";
import { folderOf } from "./build/support.ts";
import { Buildctl } from "./support/buildctl.ts";
import { daemonTest, engineTest } from "./support/env.ts";

const DOCKERFILE = `# the base
FROM scratch as base
ARG VERSION=1
# a file
COPY <<END /x
END

# app is what we ship
FROM base AS app
ARG NAME
ENV A b
RUN --mount=type=secret,id=token,required --mount=type=ssh --mount=type=cache,target=/c,id=c true
`;

daemonTest("check() finds warnings and their places", async ({ address }) => {
  const { passed, warnings, error } = await check({ address, dockerfile: DOCKERFILE });
  assert.equal(passed, false);
  assert.equal(error, undefined);
  assert.deepEqual(
    warnings.map(({ rule, source }) => [rule, source?.filename, source?.ranges]),
    [
      ["FromAsCasing", "Dockerfile", [{ start: 2, end: 2 }]],
      ["LegacyKeyValueFormat", "Dockerfile", [{ start: 11, end: 11 }]],
    ],
  );
  assert.equal(warnings[0]!.detail, "'as' and 'FROM' keywords' casing do not match");
  assert.match(warnings[0]!.url, /^https:\/\/docs\.docker\.com\//);
  assert.equal(warnings[0]!.source!.lines[1], "FROM scratch as base");
});

daemonTest("check() passes what is well", async ({ address }) => {
  const dockerfile = "FROM scratch\nCOPY <<END /x\nEND\n";
  assert.deepEqual(await check({ address, dockerfile }), {
    passed: true,
    warnings: [],
    error: undefined,
  });
});

daemonTest("check() tells why a Dockerfile can't be built", async ({ address }) => {
  const { passed, error } = await check({ address, dockerfile: "FROM scratch\nNONSENSE\n" });
  assert.equal(passed, false);
  assert.match(error!.message, /unknown instruction: NONSENSE/);
  assert.deepEqual(error!.source!.ranges, [{ start: 2, end: 2 }]);
});

daemonTest("outline() lists what a stage takes", async ({ address }) => {
  const found = await outline({ address, dockerfile: DOCKERFILE, buildArgs: { NAME: "n" } });
  assert.deepEqual(found, {
    name: "app",
    description: "is what we ship",
    args: [
      { name: "VERSION", description: "", value: "1", line: 3 },
      { name: "NAME", description: "", value: "n", line: 10 },
    ],
    secrets: [{ name: "token", required: true, line: 12 }],
    ssh: [{ name: "default", required: false, line: 12 }],
    cache: [],
  });
});

daemonTest("targets() lists the stages", async ({ address }) => {
  const found = await targets({ address, dockerfile: DOCKERFILE });
  assert.deepEqual(found.map(({ name, default: last, line }) => [name, last, line]), [
    ["base", false, 2],
    ["app", true, 9],
  ]);
});

daemonTest("describeCalls() lists the questions", async ({ address }) => {
  const names = (await describeCalls({ address, dockerfile: DOCKERFILE })).map(({ name }) => name);
  for (const name of ["frontend.outline", "frontend.targets"]) {
    assert(names.includes(name), names.join());
  }
});

for (const request of ["lint", "outline", "targets", "subrequests.describe"]) {
  daemonTest(`call() is answered frontend.${request} as buildctl is`, async (env) => {
    const { address, tools } = env;
    await using folder = folderOf({ Dockerfile: DOCKERFILE });
    const { text } = await call(`frontend.${request}`, { address, context: folder.path });
    const buildctl = await new Buildctl(tools.buildctl, address).run(
      "build",
      "--frontend=dockerfile.v0",
      ...[`--local=context=${folder.path}`, `--local=dockerfile=${folder.path}`],
      `--opt=requestid=frontend.${request}`,
      "--progress=quiet",
    );
    assert.equal(text, buildctl.stdout, buildctl.stderr);
  });
}

daemonTest("call() refuses questions that the frontend does not know", async ({ address }) => {
  const asking = call("frontend.nonsense", { address, dockerfile: DOCKERFILE });
  await assert.rejects(asking, (error) => {
    return error instanceof UnsupportedError && error.capability === "frontend.nonsense";
  });
});

daemonTest("call() fails where the Dockerfile can't be read", async ({ address }) => {
  const dockerfile = "FROM scratch\nNONSENSE\n";
  const [asking, building] = await Promise.allSettled([
    outline({ address, dockerfile }),
    build({ address, dockerfile }),
  ]);
  for (const ended of [asking, building]) {
    assert(ended.status === "rejected" && ended.reason instanceof BuildError);
    assert.equal(ended.reason.code, "DOCKERFILE_INVALID");
  }
});

daemonTest("call() makes nothing and is in no history", async (env) => {
  const { address, tools } = env;
  const { build, answer } = startCall("frontend.targets", {
    address,
    dockerfile: DOCKERFILE,
    tags: ["not-made:1"],
    output: "image",
  });
  await answer;
  assert.deepEqual((await build).names, []);
  const { stdout } = await new Buildctl(tools.buildctl, address).run("debug", "histories");
  assert(!stdout.includes(build.ref));
});

engineTest(
  "check() asks the BuildKit of {}, or says that it is too old",
  async ({ host, name }) => {
    const asking = onEngine(host, () => check({ dockerfile: DOCKERFILE }));
    if (parseInt(name) < 27) await assert.rejects(asking, UnsupportedError);
    else assert.equal((await asking).warnings[0]?.rule, "FromAsCasing");
  },
);

engineTest(
  "targets() asks the BuildKit of {}, or says that it is too old",
  async ({ host, name }) => {
    const asking = onEngine(host, () => targets({ dockerfile: DOCKERFILE }));
    if (parseInt(name) === 20) await assert.rejects(asking, UnsupportedError);
    else assert.equal((await asking).length, 2);
  },
);

function onEngine<T>(host: string, ask: () => Promise<T>): Promise<T> {
  return withVariables({ DOCKER_HOST: host }, ask);
}
