/** What steps may use and do, in real steps. */
import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import type { BuildOptions } from "../../src/types.ts";
import { buildOn, greeting } from "../docker/support.ts";
import { HOST_GATEWAY } from "../support/dockerd.ts";
import { daemonTest, engineTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { builtFiles, readFiles } from "./support.ts";

/** The output of `script`, run in a step. */
async function stepSays(options: BuildOptions, baseImage: string, script: string): Promise<string> {
  const dockerfile = `FROM ${baseImage} AS ran
RUN (${script}) > /said
FROM scratch
COPY --from=ran /said /
`;
  return (await builtFiles({ ...options, dockerfile })).said!;
}

daemonTest("build() limits memory and CPUs of steps", async ({ address, baseImage }) => {
  const resources = { memory: "300m", cpuQuota: 50_000, cpuPeriod: 100_000, cpusetCpus: "0" };
  // Of cgroups there are two versions.
  const said = await stepSays(
    { address, resources },
    baseImage,
    "cd /sys/fs/cgroup; cat memory.max memory/memory.limit_in_bytes 2>&-; " +
      "cat cpuset.cpus cpuset/cpuset.cpus 2>&-; cat cpu.max 2>&- || cat cpu/cpu.cfs_quota_us",
  );
  const [memory, cpus, quota] = said.trim().split("\n");
  assert.equal(memory, String(300 * 1024 ** 2));
  assert.equal(cpus, "0");
  assert.match(quota ?? "", /^50000( 100000)?$/);
});

daemonTest("build() sends what steps load through a proxy", async ({ address, baseImage }) => {
  // To the cache a step is the same with and without it.
  const said = await stepSays({ address, proxyNetwork: true }, baseImage, "echo with $HTTP_PROXY");
  assert.match(said, /^with http:\/\/\S+:\d+$/m);
  assert.equal(await stepSays({ address }, baseImage, "echo without $HTTP_PROXY"), "without\n");
});

daemonTest("build() allows what the builder grants", async ({ address, baseImage }) => {
  const dockerfile = `FROM ${baseImage}\nRUN --network=host echo ${crypto.randomUUID()}\n`;
  await build({ address, dockerfile, allow: ["network.host"] });
  const code = (error: unknown) => error instanceof BuildError ? error.code : String(error);
  const without = await build({ address, dockerfile, noCache: true }).catch(code);
  assert.equal(without, "ENTITLEMENT_REFUSED");
});

engineTest("build() on {} asks it for host-gateway", async (engine, environment) => {
  await using out = tempFolder();
  const { context, dockerfile } = greeting(environment, "gateway");
  const building = buildOn(engine.host, {
    context: context!,
    dockerfile: `${dockerfile}RUN ["/bin/busybox", "cp", "/etc/hosts", "/said"]\n`,
    addHosts: { here: "host-gateway", there: "10.1.2.3" },
    output: { type: "local", dest: out.path },
  });
  if (!engine.containerdStore) {
    // The oldest one does not tell.
    await assert.rejects(
      building,
      /^OptionError: Invalid addHosts: the Docker engine at unix:.* tell/,
    );
    return;
  }
  await building;
  const lines = readFiles(out.path).said!.split("\n").map((line) => line.split(/\s+/).join(" "));
  assert(lines.includes(`${HOST_GATEWAY} here`) && lines.includes("10.1.2.3 there"), lines.join());
});
