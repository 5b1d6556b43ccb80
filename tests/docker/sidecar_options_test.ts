import assert from "node:assert/strict";
import process from "node:process";
import { archiveOf, CONFIG_PATH, configFiles } from "../../src/docker/sidecar_config.ts";
import { containerRequest } from "../../src/docker/sidecar_container.ts";
import {
  BUILDKIT_VERSION,
  planSidecar,
  type SidecarOptions,
} from "../../src/docker/sidecar_options.ts";
import {
  OWNER_LABEL,
  type OwnerState,
  ownerState,
  thisProcess,
} from "../../src/docker/sidecar_owner.ts";
import { OptionError } from "../../src/errors.ts";
import { runOk } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { pinnedVersion } from "../support/tools.ts";

const PEM = "-----BEGIN CERTIFICATE-----\n";

function textOf(options: SidecarOptions): string {
  return new TextDecoder().decode(configFiles(options).get(CONFIG_PATH));
}

Deno.test("startSidecar() starts the release that the tests use", () => {
  assert.equal(BUILDKIT_VERSION, pinnedVersion());
  assert.equal(planSidecar({}).image, `moby/buildkit:${pinnedVersion()}`);
  assert.equal(planSidecar({ rootless: true }).image, `moby/buildkit:${pinnedVersion()}-rootless`);
});

Deno.test("configFiles() writes nothing where nothing is configured", () => {
  assert.deepEqual([...configFiles({})], []);
});

Deno.test("configFiles() joins what is said about a registry with the rest", () => {
  const text = textOf({
    config: "debug = true",
    registryMirrors: { "docker.io": ["mirror:5000", "b.example/hub"] },
    insecureRegistries: ["mirror:5000", "docker.io"],
    registryCas: { "mirror:5000": PEM },
  });
  assert.equal(
    text,
    `debug = true
[registry."docker.io"]
  mirrors = ["mirror:5000","b.example/hub"]
  http = true
  insecure = true

[registry."mirror:5000"]
  http = true
  insecure = true
  ca = ["/etc/buildkit/certs/mirror:5000/ca.pem"]
`,
  );
});

Deno.test("archiveOf() makes an archive that tar reads", async () => {
  await using folder = tempFolder();
  const files = configFiles({ registryCas: { "a.example:5000": PEM }, config: "debug = true" });
  Deno.writeFileSync(`${folder.path}/x.tar`, archiveOf(files));
  const { stdout } = await runOk("tar", ["-tf", `${folder.path}/x.tar`]);
  assert.deepEqual(stdout.trim().split("\n"), [
    "etc/buildkit/certs/a.example:5000/ca.pem",
    "etc/buildkit/buildkitd.toml",
  ]);
});

const REFUSED: Array<[options: SidecarOptions, option: string, problem: RegExp]> = [
  [{ name: "-x" }, "name", /can't be a name/],
  [{ network: "a b" }, "network", /can't be a name/],
  [{ state: "/host/path" }, "state", /can't be a name/],
  [{ image: "a/B" }, "image", /lower case/],
  [{ publish: 65536 }, "publish", /65536 is not a port/],
  [{ readyTimeoutMs: 0 }, "readyTimeoutMs", /0 is not a time/],
  [{ insecureRegistries: ['a"]\nb'] }, "insecureRegistries", /is not a registry/],
  [{ registryMirrors: { "a.example": ["x y"] } }, "registryMirrors", /is not a registry/],
  [
    { config: '[registry."a.example"]\n', insecureRegistries: ["a.example"] },
    "insecureRegistries",
    /already in config/,
  ],
  [{ registryCas: { "a.example": "/nowhere.pem" } }, 'registryCas["a.example"]', /cannot read/],
];

for (const [options, option, problem] of REFUSED) {
  Deno.test(`planSidecar() refuses ${JSON.stringify(options)}`, () => {
    assert.throws(() => planSidecar(options), (error) => {
      assert(error instanceof OptionError, String(error));
      assert.equal(error.option, option);
      assert.match(error.message, problem);
      return true;
    });
  });
}

Deno.test("containerRequest() is privileged, or has what rootless needs", () => {
  const host = (options: SidecarOptions) => {
    return containerRequest(planSidecar(options))["HostConfig"] as Record<string, unknown>;
  };
  assert.equal(host({})["Privileged"], true);
  const rootless = host({ rootless: true });
  assert.equal(rootless["Privileged"], undefined);
  assert.deepEqual(rootless["SecurityOpt"], ["seccomp=unconfined", "apparmor=unconfined"]);
  assert.deepEqual([rootless["MaskedPaths"], rootless["ReadonlyPaths"]], [[], []]);
  const { Cmd } = containerRequest(planSidecar({ rootless: true, args: ["--debug"] }));
  assert.deepEqual(Cmd, [
    ...["--addr", "unix:///run/user/1000/buildkit/buildkitd.sock"],
    ...["--addr", "tcp://0.0.0.0:1234", "--debug"],
  ]);
});

const PUBLISHED: Array<
  [publish: NonNullable<SidecarOptions["publish"]>, host: string, port: string]
> = [
  [true, "127.0.0.1", ""],
  [1234, "127.0.0.1", "1234"],
  [{ host: "0.0.0.0" }, "0.0.0.0", ""],
];

for (const [publish, HostIp, HostPort] of PUBLISHED) {
  Deno.test(`containerRequest() publishes ${JSON.stringify(publish)}`, () => {
    const { HostConfig } = containerRequest(planSidecar({ publish }));
    const { PortBindings } = HostConfig as Record<string, unknown>;
    assert.deepEqual(PortBindings, { "1234/tcp": [{ HostIp, HostPort }] });
  });
}

const HERE = { ...thisProcess(), host: "here", boot: "b", space: "s", birth: "1" };
const OWNERS: Array<[what: string, owner: object | string | undefined, state: OwnerState]> = [
  ["nobody", undefined, "none"],
  ["this process", { ...HERE, birth: thisProcess().birth }, "alive"],
  ["an earlier process of that number", { ...HERE, birth: "0" }, "dead"],
  ["a process that has ended", { ...HERE, pid: 2 ** 22 + 1 }, "dead"],
  ["a process before the boot", { ...HERE, boot: "a" }, "dead"],
  ["a process in another container", { ...HERE, space: "t" }, "unknown"],
  ["a process of another host", { ...HERE, host: "there" }, "unknown"],
  ["a process of no known host", { pid: process.pid }, "unknown"],
  ["something else", "what?", "unknown"],
];

for (const [what, owner, state] of OWNERS) {
  Deno.test(`ownerState() of ${what} is ${state}`, () => {
    const text = typeof owner === "string" ? owner : JSON.stringify(owner);
    assert.equal(ownerState(owner === undefined ? {} : { [OWNER_LABEL]: text! }, HERE), state);
  });
}
