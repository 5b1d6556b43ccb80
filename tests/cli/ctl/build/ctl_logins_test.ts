import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ctlLogins } from "../../../../src/cli/ctl/build/ctl_logins.ts";
import type { CtlBuild } from "../../../../src/cli/ctl/build/solve_build.ts";
import { openDirectory } from "../../../../src/files/directory.ts";
import { AccessLog } from "../../../../src/session/access_log.ts";
import { tempFolder } from "../../../support/temp_folder.ts";

const HOST = "registry.example:5000";

/** Whether such a build's builder gets the login of the one registry that there is one for, and what is told. */
async function given(
  build: Partial<CtlBuild>,
  dockerfile = "FROM scratch\n",
): Promise<{ given: boolean; told: string[] }> {
  await using folder = tempFolder();
  mkdirSync(join(folder.path, "context"));
  writeFileSync(join(folder.path, "context/Dockerfile"), dockerfile);
  const auths = { [HOST]: { auth: btoa("user:password") } };
  writeFileSync(join(folder.path, "config.json"), JSON.stringify({ auths }));
  const trees = new Map([["dockerfile", openDirectory(join(folder.path, "context"))]]);
  const told: string[] = [];
  const access = new AccessLog(undefined, ({ state, asked }) => told.push(`${state}: ${asked}`));
  const before = process.env.DOCKER_CONFIG;
  process.env.DOCKER_CONFIG = folder.path;
  try {
    const attrs = build.attrs ?? new Map<string, string>();
    const whole = { frontend: "dockerfile.v0", attrs, definition: undefined, trees, ...build };
    const logins = ctlLogins(whole as CtlBuild, { frontendAttrs: new Map(attrs) }, access);
    const login = await logins.lookup(HOST, new AbortController().signal);
    return { given: login !== undefined, told };
  } finally {
    if (before === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = before;
  }
}

const llb = (text: string) =>
  ({
    frontend: "",
    definition: { def: [new TextEncoder().encode(text)], metadata: new Map(), source: undefined },
  }) as Partial<CtlBuild>;

const CASES: [
  what: string,
  build: Partial<CtlBuild>,
  dockerfile: string | undefined,
  is: boolean,
][] = [
  ["that names nothing", {}, undefined, false],
  ["whose Dockerfile names it", {}, `FROM ${HOST}/app\n`, true],
  ["whose Dockerfile names one like it", {}, `FROM ${HOST}0/app\nFROM x-${HOST}/app\n`, false],
  [
    "with a build argument that names it",
    { attrs: new Map([["build-arg:BASE", `${HOST}/app:1`]]) },
    undefined,
    true,
  ],
  ["whose LLB names it", llb(`docker-image://${HOST}/app@sha256:1`), undefined, true],
  ["whose LLB names another", llb("docker-image://other.example/app"), undefined, false],
  [
    "by another frontend",
    { frontend: "gateway.v0", attrs: new Map([["source", "example/frontend"]]) },
    undefined,
    true,
  ],
  [
    "by Docker's frontend as an image",
    { frontend: "gateway.v0", attrs: new Map([["source", "docker/dockerfile:1"]]) },
    undefined,
    false,
  ],
];

for (const [what, build, dockerfile, is] of CASES) {
  Deno.test(`ctlLogins() ${is ? "gives" : "refuses"} a login to a build ${what}`, async () => {
    const { given: got, told } = await given(build, dockerfile);
    assert.equal(got, is);
    assert.deepEqual(told, [`${is ? "granted" : "refused"}: the login of ${HOST}`]);
  });
}
