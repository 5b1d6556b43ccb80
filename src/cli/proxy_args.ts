import { CredentialsError } from "../errors.ts";
import type { Io } from "./io.ts";

/** Where Docker's client takes its engine to be if nothing is said. */
const DEFAULT_ENGINE = "unix:///var/run/docker.sock";

/**
 * The build arguments for proxies that Docker's config.json asks for, as `docker buildx build` passes them: those of the
 * builder's address or the engine, else the default ones. `given` are arguments that the user has set, in any case of letters.
 */
export async function proxyArgs(
  given: Readonly<Record<string, string>>,
  address: string | undefined,
  io: Io,
): Promise<Record<string, string>> {
  const { readDockerConfig } = await import("../registry/docker_config.ts");
  const own = new Set(Object.keys(given).map((name) => name.toUpperCase()));
  const builder = address ?? io.env("BUILDKIT_HOST");
  const hosts = [...(builder ? [builder] : []), io.env("DOCKER_HOST") || DEFAULT_ENGINE];
  try {
    const proxies = readDockerConfig(io.env).proxies(hosts);
    return Object.fromEntries(Object.entries(proxies).filter(([name]) => !own.has(name)));
  } catch (error) {
    // Most builds need nothing of the file: those that do fail when they come to it.
    if (!(error instanceof CredentialsError)) throw error;
    io.stderr.write(`warning: no proxies are passed to the build: ${error.message}\n`);
    return {};
  }
}
