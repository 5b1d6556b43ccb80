import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import type { BuildOptions } from "../../src/types.ts";
import { daemonTest } from "../support/env.ts";
import { builtFiles } from "./support.ts";

/** What a `RUN` step prints: run on the base image, always again. */
async function runOutput(
  { address, baseImage }: { address: string; baseImage: string },
  command: string,
  options: BuildOptions = {},
): Promise<string> {
  const dockerfile = `FROM ${baseImage} AS run
ARG ONCE=${crypto.randomUUID()}
RUN ${command} > /out
FROM scratch
COPY --from=run /out /
`;
  return (await builtFiles({ address, dockerfile, ...options })).out ?? "";
}

/** Each case: a command in a `RUN` step, what it prints, and the options for that. */
const STEPS: [name: string, command: string, output: RegExp, options: BuildOptions][] = [
  ["addHosts", "cat /etc/hosts", /^10\.0\.0\.5\s+db\.local$/m, {
    addHosts: { "db.local": "10.0.0.5" },
  }],
  ["several addresses", "cat /etc/hosts", /^::1\s+x\n127\.0\.0\.9\s+x$/m, {
    addHosts: { x: ["[::1]", "127.0.0.9"] },
  }],
  ["shmSize in words", "df -k /dev/shm", /\s32768\s/, { shmSize: "32m" }],
  ["shmSize in bytes", "df -k /dev/shm", /\s1024\s/, { shmSize: 1 << 20 }],
  ["ulimits", "(ulimit -Sn; ulimit -Hn; ulimit -Hc)", /^100\n200\n0\n$/, {
    ulimits: { nofile: "100:200", core: 0 },
  }],
  ["network none", "ls /sys/class/net", /^lo\n$/, { network: "none" }],
  ["network host", "ls /sys/class/net", /^lo\n/m, { network: "host" }],
  ["frontendAttrs", "hostname", /^here\n$/, { frontendAttrs: { hostname: "here" } }],
];

for (const [name, command, output, options] of STEPS) {
  daemonTest(`build() gives steps ${name}`, async (environment) => {
    assert.match(await runOutput(environment, command, options), output);
  });
}

const STAGES = `FROM scratch AS one
ARG VALUE=default
COPY <<END /value
$VALUE
END
FROM scratch AS two
COPY <<END /two
END
`;

const FRONTEND: [name: string, options: BuildOptions, files: object][] = [
  ["the last stage by default", {}, { two: "" }],
  ["a target", { target: "one" }, { value: "default\n" }],
  ["build args", { target: "one", buildArgs: { VALUE: 'a b,c="d"\n\'é' } }, {
    value: 'a b,c="d"\n\'é\n',
  }],
  ["an empty build arg", { target: "one", buildArgs: { VALUE: "" } }, { value: "\n" }],
  ["frontend attributes over all else", {
    target: "two",
    frontendAttrs: { target: "one", "build-arg:VALUE": "raw" },
  }, { value: "raw\n" }],
];

for (const [name, options, files] of FRONTEND) {
  daemonTest(`build() takes ${name}`, async ({ address }) => {
    assert.deepEqual(await builtFiles({ address, dockerfile: STAGES, ...options }), files);
  });
}

daemonTest("build() uses the cache unless told not to", async ({ address, baseImage }) => {
  const once = crypto.randomUUID();
  const dockerfile = `FROM ${baseImage} AS a
RUN : ${once} && cat /proc/sys/kernel/random/uuid > /a
FROM ${baseImage} AS b
RUN : ${once} && cat /proc/sys/kernel/random/uuid > /b
FROM scratch AS last
COPY --from=a /a /
COPY --from=b /b /
`;
  const run = (options: BuildOptions = {}) => builtFiles({ address, dockerfile, ...options });
  const first = await run();
  assert.deepEqual(await run(), first);
  assert.deepEqual(await run({ noCache: false, pull: true }), first);
  const filtered = await run({ noCacheFilter: ["a", "LAST"] });
  assert.notEqual(filtered.a, first.a);
  assert.equal(filtered.b, first.b);
  const fresh = await run({ noCache: true });
  assert.notEqual(fresh.a, filtered.a);
  assert.notEqual(fresh.b, first.b);
});

/** A manifest or a config of a pushed image. */
async function stored(registry: string, path: string): Promise<Record<string, unknown>> {
  const accept = "application/vnd.oci.image.index.v1+json";
  const response = await fetch(`http://${registry}/v2/${path}`, { headers: { accept } });
  return await response.json();
}

daemonTest("build() writes labels, and looks for newer bases with pull", async (environment) => {
  const { address, registry } = environment;
  const name = `pull-${crypto.randomUUID()}`;
  const base = `${registry}/${name}:1`;
  const output = { type: "image", push: true, insecure: true } as const;
  const push = (content: string) =>
    build({
      address,
      context: { v: content },
      dockerfile: "FROM scratch\nCOPY v /\n",
      tags: [base],
      output,
    });
  const labels = { "a.b/c": 'd, "e"', x: "" };
  const derive = () =>
    build({
      address,
      dockerfile: `FROM ${base}\n`,
      pull: true,
      labels,
      tags: [`${base}-copy`],
      output,
    });
  await push("1");
  const { imageId } = await derive();
  const config = await stored(registry, `${name}/blobs/${imageId}`);
  assert.deepEqual((config.config as Record<string, unknown>).Labels, labels);
  await push("2");
  assert.notEqual((await derive()).imageId, imageId);
});

daemonTest("build() makes an index of several platforms", async ({ address, registry }) => {
  const name = `platforms-${crypto.randomUUID()}`;
  const result = await build({
    address,
    dockerfile: "FROM scratch\nARG TARGETPLATFORM\nCOPY <<END /p\n$TARGETPLATFORM\nEND\n",
    platforms: ["linux/amd64", "linux/arm/v6", "arm64", "linux/aarch64"],
    tags: [`${registry}/${name}:1`],
    output: { type: "image", push: true, insecure: true },
  });
  assert.equal(result.imageId, result.digest);
  const index = await stored(registry, `${name}/manifests/${result.digest}`);
  const platforms = (index.manifests as { platform: Record<string, string> }[])
    .map(({ platform: { os, architecture, variant = "" } }) => [os, architecture, variant]);
  assert.deepEqual(platforms, [
    ["linux", "amd64", ""],
    ["linux", "arm", "v6"],
    ["linux", "arm64", ""],
  ]);
});

daemonTest("build() says which right a step lacks", async ({ address, baseImage }) => {
  const dockerfile = `FROM ${baseImage}\nRUN --security=insecure true\n`;
  await assert.rejects(build({ address, dockerfile }), (error: unknown) => {
    assert(error instanceof BuildError);
    assert.match(error.message, /security\.insecure is not allowed/);
    return true;
  });
});
