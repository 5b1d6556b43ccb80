/**
 * The layout of docker:dind: a script in a container builds with a sidecar on its network. It has our command under Node, a
 * shell, BUILDKIT_HOST, and nothing of Docker's. What it has built is pulled by the engine, and runs.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { build, startSidecar } from "../../mod.ts";
import { runOk } from "../support/process.ts";
import type { TestEnvironment } from "../support/env.ts";
import { inFolder, pushRuntimeImages, type RuntimeImage } from "../support/runtime_images.ts";
import { programFiles } from "../support/sidecar_image.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { find } from "../support/tools.ts";
import { apiOf, inventory, openDoor, printed, sidecarTest } from "./sidecar_support.ts";
import { uniqueName } from "./support.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;

sidecarTest(
  "a script beside a sidecar on {} builds images that run",
  async (image, engine, environment) => {
    const runtimes = await pushRuntimeImages(environment, console.error);
    assert(runtimes.length > 0, "this machine has none of the languages");
    const client = await clientImage(environment, runtimes);
    const before = await inventory(engine);
    {
      const { registry } = environment;
      await using door = await openDoor(registry);
      await using sidecar = await startSidecar({
        image,
        registryMirrors: { [registry]: [door.host] },
        insecureRegistries: [door.host],
      });
      const script = [
        "set -e",
        "env | cut -d= -f1 | grep -i -e docker -e kit; ls /var/run /run 2>/dev/null || true",
        ...runtimes.map(({ name, base }) =>
          `moat-build build -q --build-arg BASE=${base} -t ${door.host}/moat/app-${name}:1 --push /work/${name}`
        ),
        "echo done",
      ];
      const output = await printed(engine, client, {
        Cmd: ["/bin/sh", "-c", script.join("\n")],
        Env: [`BUILDKIT_HOST=${sidecar.networkAddress}`],
        HostConfig: { NetworkMode: sidecar.network },
      });
      const lines = output.trim().split("\n");
      assert.equal(lines[0], "BUILDKIT_HOST", output);
      assert.equal(lines.at(-1), "done", output);
      for (const { name } of runtimes) {
        const app = `${registry}/moat/app-${name}:1`;
        await pull(engine, app);
        assert.equal(await printed(engine, app), `hello from ${name}\n`);
      }
    }
    assert.deepEqual(await inventory(engine), before);
  },
  ({ containerdStore }) => containerdStore,
);

/** An image with our command under Node, and the programs to build; loaded into the engine in use. */
async function clientImage(
  { baseImage, address }: TestEnvironment,
  runtimes: readonly RuntimeImage[],
): Promise<string> {
  const node = find("node");
  assert(node !== undefined, "the script needs Node.js");
  await using folder = tempFolder();
  const bundle = join(folder.path, "cli.mjs");
  // Its ssh has native parts, and nothing here asks for an engine.
  const external = ["--external", "dockerode"];
  const args = ["bundle", "--quiet", ...external, "-o", bundle, CLI];
  await runOk(Deno.execPath(), args, { env: { HOME: userInfo().homedir } });
  const name = uniqueName();
  await build({
    address,
    context: {
      ...await programFiles(node),
      "app/cli.mjs": readFileSync(bundle),
      "bin/moat-build": { content: `#!/bin/sh\nexec ${node} /app/cli.mjs "$@"\n`, mode: 0o755 },
      ...Object.assign({}, ...runtimes.map(({ name, files }) => inFolder(`work/${name}`, files))),
    },
    dockerfile: `FROM ${baseImage}\nCOPY . /\n`,
    tags: [name],
    output: { type: "docker", load: true },
  });
  return name;
}

async function pull(engine: Parameters<typeof apiOf>[0], image: string): Promise<void> {
  const stream = await apiOf(engine).pull(image, {});
  let said = "";
  for await (const chunk of stream) said += chunk;
  assert.doesNotMatch(said, /"error"/);
}
