/** Finds the real programs that the tests run against, or installs them. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { run, runOk } from "./process.ts";

/** Paths of the programs. */
export interface Tools {
  readonly buildkitd: string;
  readonly buildctl: string;
  readonly runc: string;
  readonly registry: string;
  /** A statically linked busybox. */
  readonly busybox: string;
  readonly openssl: string;
  /** A browser without a window. */
  readonly browser: string;
  readonly zsh: string;
  readonly fish: string;
}

const MODULE_FOLDER = fileURLToPath(new URL("tools/", import.meta.url));

/** What Debian has: the program and the package that brings it. */
const DEBIAN = {
  runc: ["runc", "runc"],
  registry: ["docker-registry", "docker-registry"],
  busybox: ["busybox", "busybox-static"],
  openssl: ["openssl", "openssl"],
  browser: ["chromium-headless-shell", "chromium-headless-shell"],
  zsh: ["zsh", "zsh"],
  fish: ["fish", "fish"],
} as const;

/** Where Debian puts programs that an ordinary user's PATH may lack. */
const MORE_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** Finds or installs everything; says each step that takes time on `say`. */
export async function installTools(say: (line: string) => void = console.error): Promise<Tools> {
  const [folder] = await Promise.all([installBuildKit(say), installDebianPackages(say)]);
  return {
    buildkitd: join(folder, "buildkitd"),
    buildctl: join(folder, "buildctl"),
    runc: find(DEBIAN.runc[0])!,
    registry: find(DEBIAN.registry[0])!,
    busybox: find(DEBIAN.busybox[0])!,
    openssl: find(DEBIAN.openssl[0])!,
    browser: find(DEBIAN.browser[0])!,
    zsh: find(DEBIAN.zsh[0])!,
    fish: find(DEBIAN.fish[0])!,
  };
}

/** The BuildKit release that `tools/go.mod` pins, for example `v0.34.2`. */
export function pinnedVersion(): string {
  const text = readFileSync(join(MODULE_FOLDER, "go.mod"), "utf8");
  const version = /^require github\.com\/moby\/buildkit (v\S+)/m.exec(text)?.[1];
  if (version === undefined) {
    throw new Error("tests/support/tools/go.mod names no buildkit release");
  }
  return version;
}

/** Builds the pinned buildkitd and buildctl once and keeps them in the user's cache; returns their folder. */
async function installBuildKit(say: (line: string) => void): Promise<string> {
  const version = pinnedVersion();
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "moat-build");
  const folder = join(cache, `buildkit-${version}-${process.platform}-${process.arch}`);
  mkdirSync(cache, { recursive: true });
  // The kernel drops this lock with its process, so that a killed run blocks nobody.
  const lock = await Deno.open(`${folder}.lock`, { create: true, write: true });
  try {
    await lock.lock(true);
    if (!existsSync(folder)) await buildFromSource(version, cache, folder, say);
  } finally {
    lock.close();
  }
  return folder;
}

async function buildFromSource(
  version: string,
  cache: string,
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  if (find("go") === undefined) {
    throw new Error("Cannot build buildkitd: no go on PATH. Install Go, see https://go.dev/dl");
  }
  say(`Building buildkitd and buildctl ${version} with Go: once, takes some minutes`);
  const started = Date.now();
  const partial = mkdtempSync(join(cache, "partial-"));
  try {
    const flag = `-s -w -X github.com/moby/buildkit/version.Version=${version}`;
    const names = ["buildkitd", "buildctl"].map((name) => `github.com/moby/buildkit/cmd/${name}`);
    await runOk(
      "go",
      ["build", "-trimpath", "-buildvcs=false", "-ldflags", flag, "-o", `${partial}/`, ...names],
      { cwd: MODULE_FOLDER, env: { CGO_ENABLED: "0" } },
    );
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  say(`Built them in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** Installs with apt-get what is missing. */
async function installDebianPackages(say: (line: string) => void): Promise<void> {
  const missing = Object.values(DEBIAN)
    .filter(([program]) => find(program) === undefined)
    .map(([, name]) => name);
  if (missing.length === 0) return;
  const command = `apt-get install -y ${missing.join(" ")}`;
  if (process.getuid?.() !== 0 || find("apt-get") === undefined) {
    throw new Error(`Missing programs. On Debian or Ubuntu, as root: ${command}`);
  }
  say(`Installing ${missing.join(", ")} with apt-get`);
  // RUNLEVEL=1 keeps the packages from starting services of their own.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  // An outdated or broken source of other packages must not stop the installation of these.
  await run("apt-get", [...wait, "-q", "update"], { env });
  await runOk("apt-get", [...wait, "-qy", "install", "--no-install-recommends", ...missing], {
    env,
  });
}

/** The path of a program, or undefined. */
export function find(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...MORE_FOLDERS];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
