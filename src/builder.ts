/** Which builder serves a build. */
import { NoBuilderError } from "./errors.ts";
import { type Environment, readEnvironment } from "./environment.ts";

/** A builder that was found. */
export interface Builder {
  readonly address: string;
  /** Why this one: `option` or the environment variable's name. */
  readonly from: "option" | "BUILDKIT_HOST";
}

/**
 * Chooses the builder: the address given, else BUILDKIT_HOST.
 *
 * @throws {NoBuilderError} if neither is there
 */
export function chooseBuilder(
  address: string | undefined,
  env: Environment = readEnvironment,
): Builder {
  if (address !== undefined) return { address, from: "option" };
  const host = env("BUILDKIT_HOST");
  if (host !== undefined && host !== "") return { address: host, from: "BUILDKIT_HOST" };
  throw new NoBuilderError(
    "No builder: no address is given and BUILDKIT_HOST is not set. Start a BuildKit daemon, for example the sidecar of " +
      "docker:dind, and set BUILDKIT_HOST=tcp://buildkit:1234 (under Deno, also allow --allow-env=BUILDKIT_HOST)",
  );
}
