/** The BuildKit inside real engines. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { OptionError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { docker, runImage } from "../support/docker_images.ts";
import { engineTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { buildOn, greeting, uniqueName, withVariables } from "./support.ts";

engineTest("build() on {} puts the image into its store", async (engine, environment) => {
  const name = uniqueName();
  const result = await buildOn(engine.host, {
    ...greeting(environment, "embedded\n"),
    tags: [name],
  });
  assert.deepEqual(result.builder, { kind: "embedded", address: engine.host, from: "DOCKER_HOST" });
  assert.deepEqual(result.names, [`docker.io/${name}`]);
  assert.equal((await docker(engine.host).getImage(name).inspect()).Id, result.imageId);
  assert.equal(result.digest === undefined, !engine.containerdStore);
  if (engine.runsContainers) assert.equal(await runImage(engine.host, name), "hello\nembedded\n");
});

engineTest(
  "build() on {} without a tag makes an image without a name",
  async (engine, environment) => {
    const { imageId, names } = await buildOn(
      engine.host,
      greeting(environment, crypto.randomUUID()),
    );
    assert.deepEqual(names, []);
    assert.equal((await docker(engine.host).getImage(imageId!).inspect()).Id, imageId);
  },
);

engineTest("build() on {} gives every image its names", async (engine, environment) => {
  const tags = [uniqueName(), uniqueName()];
  await buildOn(engine.host, { ...greeting(environment, "names"), tags });
  const { RepoTags } = await docker(engine.host).getImage(tags[1]!).inspect();
  assert.deepEqual([...RepoTags ?? []].sort(), [...tags].sort());
});

engineTest("build() on {} loads into the engine itself", async (engine, environment) => {
  const name = uniqueName();
  const { outputs } = await buildOn(engine.host, {
    ...greeting(environment, "load"),
    tags: [name],
    output: { type: "docker", load: true },
  });
  assert.deepEqual(outputs, [{ type: "docker", dest: engine.host }]);
  await docker(engine.host).getImage(name).inspect();
});

engineTest("build() on {} receives a folder and a tar", async (engine, environment) => {
  await using folder = tempFolder();
  const out = join(folder.path, "out");
  await buildOn(engine.host, {
    ...greeting(environment, "local\n"),
    output: { type: "local", dest: out },
  });
  assert.equal(readFileSync(join(out, "hello"), "utf8"), "hello\nlocal\n");
  const dest = join(folder.path, "out.tar");
  await buildOn(engine.host, {
    ...greeting(environment, "local\n"),
    output: { type: "tar", dest },
  });
  assert(readFileSync(dest).includes("hello\nlocal\n"));
});

engineTest(
  "build() on {} fails with the step's exit code and is not tried again",
  async (engine, environment) => {
    const { context } = greeting(environment, "");
    const dockerfile =
      'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "sh", "-c", "exit 7"]\n';
    const started: string[] = [];
    await withVariables({ DOCKER_HOST: engine.host }, async () => {
      const running = build({ context: context!, dockerfile, network: "host", noCache: true });
      const watching = (async () => {
        for await (const { vertexes } of running.statuses()) {
          started.push(...vertexes.filter((v) => v.started && !v.completed).map((v) => v.name));
        }
      })();
      await assert.rejects(async () => await running, (error) => {
        assert(error instanceof BuildError, String(error));
        assert.match(error.message, /exit code: 7/);
        return true;
      });
      await watching;
    });
    assert.equal(started.filter((name) => name.includes("exit 7")).length, 1, started.join("\n"));
  },
);

engineTest("build() on {} is canceled by its signal", async (engine, environment) => {
  const { context } = greeting(environment, "");
  const dockerfile =
    'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "sh", "-c", "echo up; sleep 60"]\n';
  await withVariables({ DOCKER_HOST: engine.host }, async () => {
    const controller = new AbortController();
    const running = build({
      ...{ context: context!, dockerfile, network: "host", noCache: true },
      signal: controller.signal,
    });
    const watching = (async () => {
      for await (const { logs } of running.statuses()) {
        if (logs.length > 0) controller.abort(new Error("enough"));
      }
    })();
    await assert.rejects(async () => await running, /^Error: enough$/);
    await watching;
  });
});

engineTest("build() on {} pulls from a registry and pushes to it", async (engine, environment) => {
  const { baseImage, registry } = environment;
  const name = `${registry}/moat/pushed-${crypto.randomUUID()}:1`;
  const { digest } = await buildOn(engine.host, {
    context: {},
    dockerfile: `FROM ${baseImage}\nRUN echo pushed > /pushed\n`,
    tags: [name],
    output: { type: "image", push: true, insecure: true },
  });
  const answer = await fetch(
    `http://${registry}/v2/${name.slice(registry.length + 1, -2)}/manifests/1`,
    {
      headers: {
        accept:
          "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json, " +
          "application/vnd.oci.image.index.v1+json",
      },
    },
  );
  await answer.body?.cancel();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("docker-content-digest"), digest);
});

const REFUSED: Array<[what: string, options: BuildOptions, message: RegExp]> = [
  [
    "several platforms",
    { platforms: ["linux/amd64", "linux/arm64"] },
    /several platforms.*BUILDKIT_HOST.*containerd image store/,
  ],
  [
    "an OCI archive",
    { output: { type: "oci", dest: "/nonexistent/x" } },
    /output type oci.*BUILDKIT_HOST/,
  ],
  [
    "a Docker archive",
    { output: { type: "docker", dest: "/nonexistent/x" } },
    /output type docker/,
  ],
];

for (const [what, options, message] of REFUSED) {
  engineTest(
    `build() on {} with Docker's own store refuses ${what}`,
    async (engine) => {
      await assert.rejects(
        buildOn(engine.host, { dockerfile: "FROM scratch\n", ...options }),
        (error) => error instanceof OptionError && message.test(error.message),
      );
    },
    ({ containerdStore }) => !containerdStore,
  );
}

engineTest(
  "build() on {} with containerd's store makes several platforms and archives",
  async (engine) => {
    await using folder = tempFolder();
    const dest = join(folder.path, "x.tar");
    const options = {
      context: { a: "a" },
      dockerfile: "FROM scratch\nCOPY a /\n",
      network: "default",
    } as const;
    const platforms = ["linux/amd64", "linux/arm64"];
    const { digest } = await buildOn(engine.host, { ...options, platforms, tags: [uniqueName()] });
    assert.match(digest ?? "", /^sha256:/);
    const { outputs } = await buildOn(engine.host, { ...options, output: { type: "oci", dest } });
    assert.equal(outputs[0]!.dest, dest);
    assert(readFileSync(dest).length > 1000);
  },
  ({ containerdStore }) => containerdStore,
);

engineTest("build() on {} that knows one output refuses two", async (engine) => {
  const output = [{ type: "local", dest: "/nonexistent" }, "image"] as const;
  await assert.rejects(
    buildOn(engine.host, { dockerfile: "FROM scratch\n", output: [...output] }),
    /Invalid output: .*several outputs in one build/,
  );
}, ({ name }) => parseInt(name) < 25);
