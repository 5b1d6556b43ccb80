/** Older buildkitds than the pinned one, built from source as it is: each release has a module in `tools/older/`. */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { run, tail } from "./process.ts";

const MODULES = fileURLToPath(new URL("tools/older/", import.meta.url));

/** A release and its program. */
export interface OlderBuildkit {
  /** For example `v0.12.5`. */
  readonly version: string;
  readonly buildkitd: string;
}

/** A release could not be built, most often because its modules can't be downloaded. */
export class NotBuilt extends Error {}

/** The releases that there are modules for, newest first. */
export function olderVersions(): string[] {
  return readdirSync(MODULES).map((name) => releaseOf(name))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
}

/** What a module pins. */
function releaseOf(name: string): string {
  const text = readFileSync(join(MODULES, name, "go.mod"), "utf8");
  const version = /^(?:require |\t)github\.com\/moby\/buildkit (v\S+)/m.exec(text)?.[1];
  if (version === undefined) throw new Error(`tools/older/${name}/go.mod names no release`);
  return version;
}

/** Builds a release once and keeps it in the user's cache; takes one to two minutes of two processors. Throws a {@linkcode NotBuilt}. */
export async function installOlder(
  version: string,
  say: (line: string) => void = console.error,
): Promise<OlderBuildkit> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "moat-build");
  const folder = join(cache, `buildkitd-${version}-${process.platform}-${process.arch}`);
  const installed = { version, buildkitd: join(folder, "buildkitd") };
  if (existsSync(folder)) return installed;
  mkdirSync(cache, { recursive: true });
  say(`Building buildkitd ${version} with Go: once, takes a minute or two`);
  const started = Date.now();
  const partial = mkdtempSync(join(cache, "partial-"));
  try {
    const flag = `-s -w -X github.com/moby/buildkit/version.Version=${version}`;
    const name = "github.com/moby/buildkit/cmd/buildkitd";
    const module = join(MODULES, version.replace(/\.\d+$/, ""));
    const options = ["-trimpath", "-buildvcs=false", "-ldflags", flag, "-o", `${partial}/`];
    const env = { CGO_ENABLED: "0" };
    const { code, stderr } = await run("go", ["build", ...options, name], { cwd: module, env });
    if (code !== 0) throw new NotBuilt(`There is no buildkitd ${version}:\n${tail(stderr)}`);
    // Another run may have been faster.
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  say(`Built it in ${Math.round((Date.now() - started) / 1000)} s`);
  return installed;
}
