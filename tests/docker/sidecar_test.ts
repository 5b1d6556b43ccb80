/** Sidecars on real engines: started, used, killed, left behind and taken away. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { build, connect, startSidecar } from "../../mod.ts";
import {
  collectSidecars,
  listSidecars,
  removeSidecar,
  stopSidecar,
} from "../../src/docker/sidecar_list.ts";
import { ConnectionError, EngineError } from "../../src/errors.ts";
import type { TestEnvironment } from "../support/env.ts";
import { greeting, uniqueName, withVariables } from "./support.ts";
import { apiOf, inventory, printed, sidecarTest, started } from "./sidecar_support.ts";

/** A step that takes longer than any test. */
function endless({ tools }: TestEnvironment) {
  return {
    context: { busybox: { content: Deno.readFileSync(tools.busybox), mode: 0o755 } },
    dockerfile: `FROM scratch\nCOPY busybox /\nRUN ["/busybox", "sleep", "600"]\n`,
    output: "cacheonly",
  } as const;
}

sidecarTest(
  "startSidecar() on {} builds, and leaves nothing",
  async (image, engine, environment) => {
    const before = await inventory(engine);
    for (const publish of [false, true]) {
      await using sidecar = await startSidecar({ image, publish });
      const { name, address, networkAddress, network } = sidecar;
      assert.match(
        address,
        publish ? /^tcp:\/\/127\.0\.0\.1:\d+$/ : new RegExp(`^docker-container://${name}$`),
      );
      assert.equal(networkAddress, "tcp://buildkit:1234");
      assert.equal(network, name);
      assert.match(await sidecar.log(), /running server on/);
      const tag = uniqueName();
      const { builder } = await build({
        ...greeting(environment, "sidecar\n"),
        ...{ address, tags: [tag], output: { type: "docker", load: true } },
      });
      assert.deepEqual(builder, { kind: "standalone", address, from: "address" });
      assert.equal(await printed(engine, tag), "hello\nsidecar\n");
    }
    assert.deepEqual(await inventory(engine), before);
  },
);

sidecarTest("startSidecar() on {} is on a network by its name", async (image, engine) => {
  const before = await inventory(engine);
  {
    await using sidecar = await startSidecar({ image, network: "moat-test-net", alias: "bk" });
    assert.equal(sidecar.networkAddress, "tcp://bk:1234");
    assert.match(
      await printed(engine, image, {
        Entrypoint: ["buildctl", "debug", "info"],
        Env: [`BUILDKIT_HOST=${sidecar.networkAddress}`],
        HostConfig: { NetworkMode: "moat-test-net" },
      }),
      /BuildKit:\s+github.com\/moby\/buildkit v/,
    );
  }
  assert.deepEqual(await inventory(engine), before);
});

sidecarTest("startSidecar() on {} pulls its image", async (image, _engine, environment) => {
  const { registry, address } = environment;
  const name = `${registry}/moat/buildkit-${image.replace(/.*:/, "")}:pulled`;
  await build({
    ...{ address, context: {}, tags: [name] },
    dockerfile:
      `FROM ${registry}/moat/base\nENTRYPOINT ["/bin/sh", "-c", "echo pulled, and no daemon"]\n`,
    output: { type: "image", push: true, insecure: true },
  });
  const lines: string[] = [];
  const logger = { debug: (line: string) => lines.push(line) };
  await assert.rejects(startSidecar({ image: name, logger }), /pulled, and no daemon/);
  assert(lines.some((line) => line.endsWith(`pulling ${name}`)), lines.join("\n"));
});

const FAILURES: Array<[what: string, options: object, message: RegExp]> = [
  [
    "shows the log of a daemon that ends",
    { args: ["--nonsense"] },
    /^The sidecar moat-buildkit-\w{8} \(\S+\) did not answer: it ended with code 1\nThe end of its log:\n.*provided but not defined: -nonsense/s,
  ],
  [
    "says that its image can't be pulled",
    { image: "127.0.0.1:1/none:1" },
    /has no image 127\.0\.0\.1:1\/none:1 and could not pull it: .*refused/,
  ],
  [
    "says what the engine refuses",
    { publish: { host: "203.0.113.1" } },
    /^Cannot start the sidecar .* said: /,
  ],
];

for (const [what, options, message] of FAILURES) {
  sidecarTest(`startSidecar() on {} ${what}`, async (image, engine) => {
    const before = await inventory(engine);
    await assert.rejects(startSidecar({ image, ...options }), (error) => {
      assert(error instanceof EngineError, String(error));
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(await inventory(engine), before);
  });
}

sidecarTest("startSidecar() on {} gives up in time", async (image, engine, environment) => {
  const slow = uniqueName();
  await build({
    ...{ address: environment.address, context: {}, tags: [slow] },
    dockerfile: `FROM ${environment.baseImage}
ENTRYPOINT ["/bin/sh", "-c", "echo is thinking; exec sleep 600"]
`,
    output: { type: "docker", load: true },
  });
  const before = await inventory(engine);
  await assert.rejects(startSidecar({ image: slow, readyTimeoutMs: 1_500 }), (error) => {
    assert(error instanceof EngineError, String(error));
    assert.match(
      error.message,
      /did not answer within 1\.5 s: .*\nThe end of its log:\nis thinking$/s,
    );
    return true;
  });
  assert.deepEqual(await inventory(engine), before);
  assert(image);
});

sidecarTest("startSidecar() on {} takes back what it began when aborted", async (image, engine) => {
  const before = await inventory(engine);
  const controller = new AbortController();
  const logger = {
    debug: (line: string) => line.includes("starting") && controller.abort(new Error("enough")),
  };
  await assert.rejects(startSidecar({ image, logger, signal: controller.signal }), /enough/);
  assert.deepEqual(await inventory(engine), before);
});

for (const publish of [false, true]) {
  const way = publish ? "its port" : "the engine";
  sidecarTest(
    `build() by ${way} of {} tells within 5 seconds that its sidecar was killed`,
    async (image, engine, environment) => {
      const before = await inventory(engine);
      {
        await using sidecar = await startSidecar({ image, publish });
        const { address } = sidecar;
        const running = build({ ...endless(environment), address });
        let killed = 0;
        const failed = assert.rejects(running, (error) => {
          assert(error instanceof ConnectionError, String(error));
          assert(error.message.includes(address), error.message);
          return true;
        });
        for await (const { vertexes } of running.statuses()) {
          if (!vertexes.some(({ name, started }) => started && name.includes("sleep"))) continue;
          killed = Date.now();
          await apiOf(engine).getContainer(sidecar.name).kill();
          break;
        }
        await failed;
        assert(Date.now() - killed < 5_000, `it took ${Date.now() - killed} ms`);
      }
      assert.deepEqual(await inventory(engine), before);
    },
  );
}

sidecarTest("startSidecar() on {} keeps one, and finds it again", async (image, engine) => {
  const before = await inventory(engine);
  const options = { image, name: "moat-test-kept", alias: "kept", keep: true };
  {
    await using first = await startSidecar(options);
    assert.equal(first.address, "docker-container://moat-test-kept");
  }
  await assert.rejects(startSidecar({ image, name: options.name }), /another sidecar. Remove it/);
  await stopSidecar(options.name);
  assert.equal((await listSidecars())[0]!.state, "exited");
  await using again = await startSidecar({ ...options, alias: "other" });
  assert.equal(again.networkAddress, "tcp://kept:1234");
  const [info] = await listSidecars();
  assert.equal(info!.state, "running");
  assert.equal(info!.owner, "none");
  assert.deepEqual(await collectSidecars({ all: true }), []);
  assert.deepEqual(
    (await removeSidecar(options.name)).map(({ kind }) => kind),
    ["container", "network", "volume"],
  );
  await assert.rejects(removeSidecar(options.name), /has no sidecar moat-test-kept/);
  assert.deepEqual(await inventory(engine), before);
});

sidecarTest(
  "startSidecar() on {} keeps the cache in a volume that was named",
  async (image, engine, environment) => {
    const state = "moat-test-state";
    const cached: boolean[] = [];
    for (let i = 0; i < 2; i++) {
      await using sidecar = await startSidecar({ image, state });
      const running = build({
        ...greeting(environment, "kept"),
        address: sidecar.address,
        output: "cacheonly",
      });
      for await (const event of running) {
        if (event.type === "vertex" && event.name.includes("RUN echo")) {
          cached[i] = event.state === "cached";
        }
      }
      await running;
    }
    assert.deepEqual(cached, [false, true]);
    assert((await inventory(engine)).includes(`volume ${state}`));
    await apiOf(engine).getVolume(state).remove();
  },
);

sidecarTest("collectSidecars() on {} removes what a killed process left", async (image, engine) => {
  const before = await inventory(engine);
  await using mine = await startSidecar({ image });
  const withMine = await inventory(engine);
  const source = `
    import { startSidecar } from ${JSON.stringify(import.meta.resolve("../../mod.ts"))};
    await startSidecar({ image: ${JSON.stringify(image)} });
    console.log("started");
    setInterval(() => {}, 1000);`;
  const child = spawn(Deno.execPath(), ["eval", source], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, HOME: "/root" },
  });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  const others = (await listSidecars()).filter(({ name }) => name !== mine.name);
  assert.deepEqual(others.map(({ owner }) => owner), ["alive"]);
  assert.deepEqual(await collectSidecars(), []);
  child.kill("SIGKILL");
  await closed;
  const removed = await collectSidecars();
  assert.deepEqual(removed.map(({ kind }) => kind), ["container", "network", "volume"]);
  assert.deepEqual(await inventory(engine), withMine);
  await mine.remove();
  assert.deepEqual(await inventory(engine), before);
});

sidecarTest(
  "connect() to a container of {} says what is wrong",
  async (image, engine, environment) => {
    await using client = connect("docker-container://moat-test-none");
    await assert.rejects(client.ping(), { code: "CONTAINER_NOT_FOUND", message: /docker ps/ });

    await using idle = await started(engine, image, { Entrypoint: ["sleep", "600"] });
    await using noDaemon = connect(`docker-container://${idle.id}`);
    await assert.rejects(noDaemon.ping(), (error) => {
      assert(error instanceof ConnectionError);
      assert.equal(error.code, "COMMAND_FAILED");
      assert.match(
        error.message,
        /buildctl in the container ended with 1\. It said: .*no such file/,
      );
      return true;
    });

    const plain = uniqueName();
    await build({
      ...{ address: environment.address, context: {}, tags: [plain] },
      ...{ dockerfile: `FROM ${environment.baseImage}\n`, output: { type: "docker", load: true } },
    });
    await using other = await started(engine, plain, { Entrypoint: ["sleep", "600"] });
    await using noBuildctl = connect(`docker-container://${other.id}`);
    await assert.rejects(noBuildctl.ping(), (error) => {
      assert(error instanceof ConnectionError);
      assert.match(error.message, /buildctl.*(executable file not found|no such file)/);
      return true;
    });

    await apiOf(engine).getContainer(idle.id).kill();
    await assert.rejects(noDaemon.ping(), { code: "CONTAINER_STOPPED", message: /does not run/ });
  },
);

sidecarTest("connect() to podman-container:// takes Podman's API", async (image, engine) => {
  // Docker's engine serves the same calls; a Podman is not on every machine.
  await using sidecar = await startSidecar({ image });
  await withVariables({ CONTAINER_HOST: engine.host }, async () => {
    await using client = connect(`podman-container://${sidecar.name}`);
    assert.equal((await client.ping()).workers.length, 1);
  });
  await using none = connect("podman-container://x");
  await withVariables(
    {},
    () =>
      assert.rejects(
        none.ping(),
        /podman-container:\/\/x: Podman's API does not answer\. Tried:\n {2}unix:\/\/\/run\/podman/,
      ),
  );
});
