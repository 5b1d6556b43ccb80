/**
 * Real Docker engines of several ages: this Debian's, the next Debian's unpacked into a folder, and whatever MOAT_TEST_DOCKERD
 * names. Docker 29, the first that speaks gRPC on its socket, is in no Debian release; it can be built with Go:
 * `go build -tags no_systemd -o dockerd ./cmd/dockerd` in the module github.com/moby/moby/v2.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { run, runOk } from "./process.ts";
import { find } from "./tools.ts";

/** One engine's programs. */
export interface DockerProgram {
  readonly dockerd: string;
  /** Folder of the containerd and the shim that belong to it; the system's if absent. */
  readonly folder?: string;
}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const NEXT_RELEASE = "trixie";
const PACKAGES = ["docker.io", "containerd"];

/** Finds or installs the engines, oldest first; says on `say` what takes time, and which one is missing and why. */
export async function installDocker(say: (line: string) => void): Promise<DockerProgram[]> {
  const programs: DockerProgram[] = [{ dockerd: await installDebianDocker(say) }];
  try {
    programs.push(await unpackNextRelease(say));
  } catch (error) {
    // The tests then cover one engine less; the machine may have no way to Debian's archive, or not be a Debian.
    say(`No newer Docker engine for the tests: ${(error as Error).message}`);
  }
  const named = process.env.MOAT_TEST_DOCKERD;
  const folder = programs.at(-1)?.folder;
  if (named) programs.push({ dockerd: named, ...(folder && { folder }) });
  return programs;
}

async function installDebianDocker(say: (line: string) => void): Promise<string> {
  const found = find("dockerd");
  if (found !== undefined) return found;
  say("Installing docker.io with apt-get");
  // RUNLEVEL=1 keeps the package from starting a service.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  await run("apt-get", [...wait, "-q", "update"], { env });
  await runOk("apt-get", [...wait, "-qy", "install", "--no-install-recommends", "docker.io"], {
    env,
  });
  return find("dockerd")!;
}

/** Unpacks the next release's packages once and keeps them in the user's cache. Its runc needs a newer libc: ours serves. */
async function unpackNextRelease(say: (line: string) => void): Promise<DockerProgram> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "moat-build");
  const root = join(cache, `docker-${NEXT_RELEASE}-${process.arch}`);
  const program = { dockerd: join(root, "usr/sbin/dockerd"), folder: join(root, "usr/bin") };
  if (existsSync(root)) return program;
  if (!existsSync(KEYRING)) throw new Error(`there is no ${KEYRING}`);
  say(`Unpacking Debian ${NEXT_RELEASE}'s Docker engine: once, takes half a minute`);
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(join(cache, "partial-"));
  try {
    await download(partial);
    const packages = (await runOk("find", [partial, "-name", "*.deb"])).stdout.trim().split("\n");
    for (const file of packages) await runOk("dpkg-deb", ["-x", file, join(partial, "root")]);
    rmSync(join(partial, "root/usr/sbin/runc"), { force: true });
    await runOk(join(partial, "root/usr/sbin/dockerd"), ["--version"]);
    if (!existsSync(root)) renameSync(join(partial, "root"), root);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return program;
}

/** Downloads packages with an apt that shares nothing with the system's. */
async function download(folder: string): Promise<void> {
  const at = (path: string) => join(folder, path);
  for (const path of ["state/lists/partial", "cache/archives/partial", "debs", "root"]) {
    mkdirSync(at(path), { recursive: true });
  }
  writeFileSync(at("state/status"), "");
  writeFileSync(
    at("sources.list"),
    `deb [signed-by=${KEYRING}] http://deb.debian.org/debian ${NEXT_RELEASE} main\n`,
  );
  writeFileSync(
    at("apt.conf"),
    `Dir::State "${at("state")}";\nDir::State::status "${at("state/status")}";\n` +
      `Dir::Cache "${at("cache")}";\nDir::Etc::sourcelist "${at("sources.list")}";\n` +
      `Dir::Etc::sourceparts "-";\nAPT::Sandbox::User "root";\n`,
  );
  const options = { env: { APT_CONFIG: at("apt.conf") }, cwd: at("debs") };
  await runOk("apt-get", ["-q", "update"], options);
  await runOk("apt-get", ["-q", "download", ...PACKAGES], options);
}

/** An engine's version, for example `20.10.24`. */
export async function dockerVersion({ dockerd }: DockerProgram): Promise<string> {
  const { stdout } = await runOk(dockerd, ["--version"]);
  return /version ([^\s,+]+)/.exec(stdout)?.[1] ?? dirname(dockerd);
}
