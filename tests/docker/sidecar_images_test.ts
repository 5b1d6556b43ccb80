/**
 * Cases of the differential suite through a sidecar: by its container and over its network, the image must have the digest that
 * Go's client gets from a daemon on this machine. The base image comes through a mirror.
 */
import assert from "node:assert/strict";
import { type Sidecar, startSidecar } from "../../mod.ts";
import { buildWithBuildctl } from "../differential/build_with_buildctl.ts";
import { buildWithMoat } from "../differential/build_with_moat.ts";
import { type Case, readCases } from "../differential/case.ts";
import { layOut } from "../differential/setup.ts";
import { Buildctl } from "../support/buildctl.ts";
import type { TestEngine, TestEnvironment } from "../support/env.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";
import { apiOf, inventory, openDoor, sidecarTest } from "./sidecar_support.ts";

/** The same as for the engines' own builders. */
const CASES = [
  ...["add_tar", "arg_default_and_override", "config_user_and_workdir", "copy_chown_names"],
  ...["copy_from_named_stage", "copy_wildcard_star", "dockerfile_in_folder", "modes_of_files"],
  ...["run_links_and_modes", "symlinks_in_folder"],
];

const WAYS: ReadonlyArray<
  [what: string, address: (sidecar: Sidecar, engine: TestEngine) => Promise<string> | string]
> = [
  ["docker-container:// of", ({ address }) => address],
  ["a sidecar's network on", overNetwork],
];

for (const [what, addressOf] of WAYS) {
  sidecarTest(
    `build() through ${what} {} makes ten images as buildctl does`,
    async (image, engine, environment) => {
      const before = await inventory(engine);
      {
        await using door = await openDoor(environment.registry);
        await using sidecar = await startSidecar({
          image,
          registryMirrors: { [environment.registry]: [door.host] },
          insecureRegistries: [door.host],
        });
        const address = await addressOf(sidecar, engine);
        const cases = readCases().filter(({ name }) => CASES.includes(name));
        assert.equal(cases.length, CASES.length);
        for (const test of cases) await compare(test, address, environment);
      }
      assert.deepEqual(await inventory(engine), before);
    },
  );
}

async function compare(test: Case, address: string, environment: TestEnvironment): Promise<void> {
  await using folder = tempFolder(fastParent());
  await layOut(test, folder.path);
  // Times of folders depend on what a daemon was sent before.
  for (const builder of [environment.peerAddress, address]) await empty(builder, environment);
  const expected = await buildWithBuildctl(test, folder.path, environment.peerAddress, environment);
  const { digest, error } = await buildWithMoat(test, folder.path, address, environment);
  assert.deepEqual({ digest, error }, { digest: expected.digest, error: "" }, test.name);
}

async function empty(address: string, { tools }: TestEnvironment): Promise<void> {
  // The command of Go's client would need Docker's for a container.
  if (address.startsWith("docker-container:")) return;
  const { code, stderr } = await new Buildctl(tools.buildctl, address).run("prune", "--all");
  assert.equal(code, 0, stderr);
}

/** Where a container on the network finds it; this machine is on the bridge, too, but knows no names there. */
async function overNetwork({ network }: Sidecar, engine: TestEngine): Promise<string> {
  const { Containers } = await apiOf(engine).getNetwork(network).inspect();
  const [{ IPv4Address = "" } = {}] = Object.values(Containers);
  return `tcp://${IPv4Address.replace(/\/.*/, "")}:1234`;
}
