/** The engine that has a container, by the container's address. */
import { join } from "node:path";
import { parseAddress } from "../connect/address.ts";
import type { ContainerAddress } from "../connect/builder_address.ts";
import type { Environment } from "../environment.ts";
import { ConnectionError, EngineError } from "../errors.ts";
import { type Engine, openEngine } from "./engine.ts";
import type { EngineAddress } from "./engine_address.ts";
import { findEngine, lookOutcome } from "./find_engine.ts";

/** The address of a container of an engine's, as text. */
export function containerAddress(container: string, context: string | undefined): string {
  const query = context === undefined ? "" : `?context=${encodeURIComponent(context)}`;
  return `docker-container://${container}${query}`;
}

/**
 * Finds it: Docker's as its own command would, Podman's by CONTAINER_HOST or its usual sockets.
 *
 * @throws {ConnectionError | EngineError} if none answers
 */
export async function findContainerEngine(
  { scheme, context, text }: Pick<ContainerAddress, "scheme" | "context" | "text">,
  env: Environment,
  signal?: AbortSignal,
): Promise<Engine> {
  const looks: string[] = [];
  const onLook = (where: string, outcome: string) => looks.push(`  ${where}: ${outcome}`);
  const engine = scheme === "podman-container"
    ? await findPodman(env, signal, onLook)
    : await findEngine({ env: context === undefined ? env : within(env, context), signal, onLook });
  if (engine !== undefined) return engine;
  const [product, variable] = scheme === "podman-container"
    ? ["Podman's API", "CONTAINER_HOST"]
    : ["a Docker engine", "DOCKER_HOST"];
  throw new EngineError(
    "ENGINE_NOT_FOUND",
    `Cannot reach ${text}: ${product} does not answer. Tried:\n${
      looks.join("\n")
    }\nStart it, or set ${variable}`,
  );
}

/** As if this context had been chosen; DOCKER_HOST counts for the default one alone. */
function within(env: Environment, context: string): Environment {
  return (name) => {
    if (name === "DOCKER_CONTEXT") return context;
    return name === "DOCKER_HOST" && context !== "default" ? undefined : env(name);
  };
}

async function findPodman(
  env: Environment,
  signal: AbortSignal | undefined,
  onLook: (where: string, outcome: string) => void,
): Promise<Engine | undefined> {
  for (const at of podmanAddresses(env)) {
    try {
      return await openEngine(at, signal && { signal });
    } catch (error) {
      if (at.named || !(error instanceof ConnectionError)) throw error;
      onLook(at.address.text, lookOutcome(error));
    }
  }
  return undefined;
}

function podmanAddresses(env: Environment): EngineAddress[] {
  const host = env("CONTAINER_HOST");
  if (host) {
    const address = parseAddress(host, "CONTAINER_HOST");
    return [{ address, from: "CONTAINER_HOST", named: true }];
  }
  const runtime = env("XDG_RUNTIME_DIR");
  return [...(runtime ? [runtime] : []), "/run"].map((folder) => {
    const path = join(folder, "podman", "podman.sock");
    const address = { scheme: "unix", path, text: `unix://${path}` } as const;
    return { address, from: "default socket", named: false };
  });
}
