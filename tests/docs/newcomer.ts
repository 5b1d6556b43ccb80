/** What a reader of the documentation is supposed to have: a home, a project, a builder, a registry, a clone of this. */
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { packForNpm } from "../../tools/npm.ts";
import { writeFiles } from "../build/support.ts";
import { makeCertificates } from "../support/certificates.ts";
import type { TestEnvironment } from "../support/env.ts";
import { startHubBuilder } from "../support/hub_builder.ts";
import { type Finished, run, runOk } from "../support/process.ts";
import { tagSidecarImage } from "../support/sidecar_image.ts";
import { makeKey, startSshAgent } from "../support/ssh_agent.ts";
import { tempFolder } from "../support/temp_folder.ts";
import type { Commands } from "./commands.ts";
import { ROOT } from "./markdown.ts";

/** The project that commands are about. Nothing of it needs an image, so that it can be built for any platform. */
const PROJECT: Readonly<Record<string, string>> = {
  "Dockerfile": `FROM scratch AS base
COPY package.json /
FROM base AS assets
COPY assets /assets
FROM base AS app
ARG VERSION
LABEL version=$VERSION
COPY src /src
`,
  "deploy/Dockerfile": `FROM scratch
ARG V
LABEL version=$V
COPY . /
`,
  ".dockerignore": "node_modules\nout\n*.tar\n",
  "package.json": `{ "private": true }\n`,
  "src/main.js": `console.log("hello");\n`,
  "assets/style.css": "body { color: black }\n",
  "policy.json": `{ "rules": [{ "action": "ALLOW", "selector": { "identifier": "*" } }] }\n`,
};

/** Somebody who reads the documentation and does what it says. */
export interface Newcomer extends AsyncDisposable {
  /** The fresh clone. */
  readonly clone: string;
  /** Runs a block, in the clone or in a project of its own. */
  follow(commands: Commands): Promise<Finished>;
}

/** Makes all of it. */
export async function startNewcomer(environment: TestEnvironment): Promise<Newcomer> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(tempFolder()).path;
  const at = (name: string) => join(folder, name);
  const agent = stack.use(await startSshAgent());
  const [hub, archive] = await Promise.all([
    startHubBuilder(environment),
    packForNpm(folder),
    cloneInto(at("clone"), folder),
    makeHome(at("home"), agent.socket),
    makeCertificates(environment.tools, folder),
  ]);
  stack.use(hub);
  const [engine] = environment.engines.filter(({ runsContainers }) => runsContainers);
  if (engine !== undefined) stack.use(await tagSidecarImage(engine, environment));
  makeCommands(at("bin"), at("clone"));
  const env = {
    ...await variables(at("home")),
    PATH: [at("bin"), process.env.PATH].join(delimiter),
    BUILDKIT_HOST: hub.tcpAddress,
    DOCKER_HOST: engine?.host ?? "",
    SSH_AUTH_SOCK: agent.socket,
    DENO_INSTALL_ROOT: at("installed"),
    TOKEN: "t0ken",
  };
  const standIns: ReadonlyArray<[RegExp, string]> = [
    // What can't be had where tests run: names of hosts, and what is not published yet.
    [/\bnpx --yes deno@\S+/g, "deno"],
    [/\bdeno add jsr:@moat\/build/g, `deno eval 'await import("jsr:@moat/build")'`],
    [
      /(\bdeno install .*)jsr:@moat\/build/g,
      `$1--config ${at("clone")}/deno.json ${at("clone")}/mod.ts`,
    ],
    [/(\bnpm (?:install|i) )@moat\/build/g, `$1${NPM_OPTIONS} ${archive}`],
    [/\bregistry\.example\b(?!:)/g, environment.registry],
    [/\btcp:\/\/buildkit:1234\b/g, hub.tcpAddress],
    [/\/etc\/ssl\/company\.pem\b/g, at("ca.pem")],
    [/\/run\/db\.sock\b/g, agent.socket],
  ];
  let projects = 0;
  const follow = async ({ text, inRepository }: Commands) => {
    const cwd = inRepository ? at("clone") : at(`project-${projects++}`);
    if (!inRepository) makeProject(cwd, at("clone"));
    const real = standIns.reduce((before, [what, by]) => before.replaceAll(what, by), text);
    const signal = AbortSignal.timeout(DEADLINE_MS);
    return await run("bash", ["-c", `${PRELUDE}\n${real}`], { cwd, env, signal });
  };
  const owned = stack.move();
  return { clone: at("clone"), follow, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Far more than any block takes. */
const DEADLINE_MS = 600_000;

/** No scripts: one of a dependency's dependencies would like to compile what it can do without. */
const NPM_OPTIONS = "--prefer-offline --no-audit --no-fund --ignore-scripts";

/** The first command that fails ends the block, and is named. */
const PRELUDE = `set -euo pipefail
trap 'code=$?; echo "exit code $code: $BASH_COMMAND" >&2' ERR`;

/** Clones this repository as it is now, with what is not committed yet. */
async function cloneInto(clone: string, folder: string): Promise<void> {
  // Whoever this repository belongs to.
  const config = join(folder, "gitconfig");
  writeFileSync(config, "[safe]\n  directory = *\n");
  const git = async (...args: string[]) => {
    const { stdout } = await runOk("git", args, { cwd: ROOT, env: { GIT_CONFIG_GLOBAL: config } });
    return stdout.split("\0").filter((name) => name !== "");
  };
  await git("clone", "--quiet", ROOT, clone);
  for (const name of await git("diff", "--name-only", "--no-renames", "-z", "HEAD")) {
    if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(clone, name));
    else rmSync(join(clone, name), { force: true });
  }
  for (const name of await git("ls-files", "--others", "--exclude-standard", "-z")) {
    cpSync(join(ROOT, name), join(clone, name), { recursive: true });
  }
}

async function makeHome(home: string, agent: string): Promise<void> {
  mkdirSync(join(home, ".ssh"), { recursive: true });
  await makeKey(join(home, ".ssh"), "id_ed25519");
  symlinkSync(agent, join(home, "agent.sock"));
  const npmrc = join(homedir(), ".npmrc");
  // Where packages come from.
  if (existsSync(npmrc)) copyFileSync(npmrc, join(home, ".npmrc"));
  else writeFileSync(join(home, ".npmrc"), "");
}

/** `moat-build` and `deno`, as they are on the PATH of somebody who has installed them. */
function makeCommands(bin: string, clone: string): void {
  const deno = Deno.execPath();
  mkdirSync(bin);
  symlinkSync(deno, join(bin, "deno"));
  const program = `#!/bin/sh\nexec ${deno} run -A --no-check ${clone}/mod.ts "$@"\n`;
  writeFileSync(join(bin, "moat-build"), program);
  chmodSync(join(bin, "moat-build"), 0o755);
}

function makeProject(folder: string, clone: string): void {
  writeFiles(folder, PROJECT);
  // In the place of what JSR would give.
  writeFiles(folder, { "deno.json": JSON.stringify({ links: [clone] }) });
}

/** Caches stay where they are when HOME is another one. */
async function variables(home: string): Promise<Record<string, string>> {
  const { stdout } = await runOk(Deno.execPath(), ["info", "--json"]);
  const { denoDir } = JSON.parse(stdout) as { denoDir: string };
  assert(denoDir);
  const { XDG_CACHE_HOME, npm_config_cache } = process.env;
  return {
    HOME: home,
    DOCKER_CONFIG: join(home, ".docker"),
    DENO_DIR: denoDir,
    NO_COLOR: "1",
    XDG_CACHE_HOME: XDG_CACHE_HOME || join(homedir(), ".cache"),
    npm_config_cache: npm_config_cache || join(homedir(), ".npm"),
  };
}
