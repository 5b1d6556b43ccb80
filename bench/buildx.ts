/** docker/buildx, built once from its module and told about one builder. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { runOk } from "../tests/support/process.ts";

/** The release that is compared. */
export const BUILDX_VERSION = "v0.38.2";

const PACKAGE = "github.com/docker/buildx";

/** The path of buildx, which is built with Go where the user's cache lacks it. */
export async function installBuildx(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "moat-build");
  const folder = join(cache, `buildx-${BUILDX_VERSION}-${process.platform}-${process.arch}`);
  const program = join(folder, "buildx");
  if (existsSync(program)) return program;
  console.error(`Building buildx ${BUILDX_VERSION} with Go: once, takes some minutes`);
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(join(cache, "partial-"));
  try {
    const flags = `-s -w -X ${PACKAGE}/version.Version=${BUILDX_VERSION}`;
    const source = `${PACKAGE}/cmd/buildx@${BUILDX_VERSION}`;
    const env = { CGO_ENABLED: "0", GOBIN: partial };
    await runOk("go", ["install", "-trimpath", "-ldflags", flags, source], { env });
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return program;
}

/** Makes the daemon at `address` the builder that buildx uses with the configuration folder of `env`. */
export async function useBuilder(
  buildx: string,
  address: string,
  env: Record<string, string>,
): Promise<void> {
  const args = ["create", "--name", "bench", "--driver", "remote", "--use", address];
  await runOk(buildx, args, { env });
}
