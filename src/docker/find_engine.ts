/** Finds the Docker engine that this machine uses. */
import type { Environment } from "../environment.ts";
import { ConnectionError } from "../errors.ts";
import { engineAddresses } from "./engine_address.ts";
import { type Engine, openEngine } from "./engine.ts";

/** What a search needs. */
export interface EngineSearch {
  env: Environment;
  signal?: AbortSignal | undefined;
  /** Told about each place that was looked at. */
  onLook: (where: string, outcome: string) => void;
}

/**
 * The first engine that answers; undefined if none does.
 *
 * @throws {ConnectionError | EngineError} if one was asked for by DOCKER_HOST or a context and it can't be used
 */
export async function findEngine(
  { env, signal, onLook }: EngineSearch,
): Promise<Engine | undefined> {
  for (const at of engineAddresses(env)) {
    const where = `${at.address.text} (${at.from})`;
    try {
      const engine = await openEngine(at, signal && { signal });
      onLook(where, `${engine.info.server || "an engine"}, API ${engine.info.apiVersion}`);
      return engine;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      onLook(where, lookOutcome(error));
      // Another engine than the one asked for will not do.
      if (at.named) throw error;
    }
  }
  return undefined;
}

/** A failed look in a few words. */
export function lookOutcome(error: ConnectionError): string {
  if (error.code === "SOCKET_NOT_FOUND") return "no such socket";
  if (error.code === "PERMISSION_DENIED") return "permission denied";
  if (error.code === "PERMISSION_MISSING") return "Deno's permissions do not allow it";
  return error.message;
}
