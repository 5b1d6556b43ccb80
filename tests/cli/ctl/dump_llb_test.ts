import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MountType, NetMode, SecurityMode } from "../../../src/gen/ops.ts";
import { daemonTest } from "../../support/env.ts";
import { tempFolder } from "../../support/temp_folder.ts";
import { encodeLlb, type LlbStep } from "./llb_support.ts";
import { runBuildctl, runCtl } from "./support.ts";

const PLATFORM = { architecture: "arm", os: "linux", variant: "v7", osFeatures: ["x"] };

/** Every operation, with every field that JSON could get wrong. */
const STEPS: LlbStep[] = [
  {
    op: {
      source: {
        identifier: "docker-image://docker.io/library/a:1",
        attrs: new Map([["image.resolvemode", "pull"], ["b", "<&>"]]),
      },
      platform: PLATFORM,
      constraints: { filter: ["f"] },
    },
    metadata: {
      ignoreCache: true,
      description: new Map([["llb.customname", 'a "name" <x>']]),
      exportCache: { value: true },
      caps: new Map([["source.image", true], ["off", false]]),
      progressGroup: { id: "g", name: "group", weak: true },
      linuxResources: {
        memory: 1n << 40n,
        memorySwap: -1n,
        cpuShares: 512n,
        cpuPeriod: 0n,
        cpuQuota: 0n,
        cpusetCpus: "0-1",
        cpusetMems: "",
      },
    },
  },
  {
    op: {
      exec: {
        meta: {
          args: ["/bin/sh", "-c", "echo é \t\n"],
          env: ["A=b"],
          cwd: "/",
          user: "app",
          proxyEnv: { httpProxy: "h", httpsProxy: "s", ftpProxy: "", noProxy: "n", allProxy: "" },
          extraHosts: [{ host: "db", ip: "10.0.0.1" }],
          ulimit: [{ name: "nofile", soft: 1n, hard: 2n }],
          cgroupParent: "c",
          removeMountStubsRecursive: true,
          validExitCodes: [0, 3],
        },
        mounts: [
          { dest: "/", contentCache: 2 },
          { input: 1n, dest: "/src", output: -1n, readonly: true, selector: "/s" },
          { input: -1n, dest: "/c", mountType: MountType.CACHE, cacheOpt: { id: "c", sharing: 2 } },
          { input: -1n, dest: "/t", mountType: MountType.TMPFS, tmpfsOpt: { size: 5n } },
          {
            input: -1n,
            dest: "/run/s",
            mountType: MountType.SECRET,
            secretOpt: { id: "s", uid: 1, gid: 2, mode: 0o400, optional: true },
          },
          { input: -1n, dest: "/a", mountType: MountType.SSH, sshOpt: { id: "default", mode: 1 } },
        ],
        network: NetMode.NONE,
        security: SecurityMode.INSECURE,
        secretenv: [{ id: "s", name: "S", optional: true }],
        cdiDevices: [{ name: "vendor/dev", optional: true }],
      },
    },
    inputs: [[0], [0, 1n]],
    metadata: {},
  },
  {
    op: {
      file: {
        actions: [
          {
            input: 0n,
            secondaryInput: 1n,
            output: -1n,
            copy: {
              src: "/a",
              dest: "/b",
              owner: { user: { byID: 7 }, group: { byName: { name: "g", input: 1n } } },
              mode: -1,
              createDestPath: true,
              timestamp: -1n,
              includePatterns: ["*.go"],
              excludePatterns: ["x"],
              modeStr: "u+x",
              requiredPaths: ["r"],
            },
          },
          { mkfile: { path: "/f", mode: 0o644, data: new Uint8Array([1, 2, 255]), timestamp: 9n } },
          { mkdir: { path: "/d", makeParents: true, owner: { user: { byID: 0 } } } },
          { rm: { path: "/x", allowNotFound: true, allowWildcard: true } },
        ],
      },
    },
    inputs: [[0], [1]],
  },
  { op: { merge: { inputs: [{ input: 0n }, { input: 1n }] } }, inputs: [[1], [2]] },
  { op: { diff: { lower: { input: 0n }, upper: { input: 1n } } }, inputs: [[1], [2]] },
  {
    op: {
      build: { builder: -1n, inputs: new Map([["buildkit.llb.definition", { input: 1n }]]) },
    },
    inputs: [[3], [4]],
  },
  { op: { passthrough: { id: "p", outputs: [0n, 2n] } }, inputs: [[5]] },
];

for (const flags of [[], ["--dot"]]) {
  daemonTest(`ctl debug dump-llb ${flags} prints what buildctl prints`, async ({ tools }) => {
    const stdin = encodeLlb(STEPS);
    const args = ["debug", "dump-llb", ...flags];
    const theirs = await runBuildctl(tools.buildctl, args, { stdin });
    const ours = await runCtl(args, { stdin });
    assert.equal(theirs.code, 0, theirs.stderr);
    assert.deepEqual(ours, theirs);
    await using folder = tempFolder();
    const file = join(folder.path, "x.llb");
    writeFileSync(file, stdin);
    assert.deepEqual(await runCtl([...args, file]), theirs);
  });
}

Deno.test("ctl debug dump-llb shows links, which buildctl leaves out", async () => {
  const stdin = encodeLlb([{
    op: { file: { actions: [{ symlink: { oldpath: "a", newpath: "/b" } }] } },
  }]);
  const { stdout } = await runCtl(["debug", "dump-llb"], { stdin });
  assert.match(stdout, /"Action":\{"symlink":\{"oldpath":"a","newpath":"\/b"\}\}/);
});

Deno.test("ctl debug dump-llb refuses what is no LLB", async () => {
  const { code, stderr } = await runCtl(["debug", "dump-llb"], { stdin: "FROM scratch\n" });
  assert.equal(code, 1);
  assert.match(stderr, /^error: .*pb\.Definition/);
});
