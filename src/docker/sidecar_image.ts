/** The image of a sidecar: the engine's own copy if it has one, else pulled. */
import { createCredentialStore } from "../registry/credentials.ts";
import { registryKey } from "../registry/host.ts";
import { normalizeReference } from "../frontend/reference.ts";
import type { Environment } from "../environment.ts";
import { EngineError } from "../errors.ts";
import { type ApiError, apiMessage } from "./api.ts";
import type { Engine } from "./engine.ts";
import { engineMessages } from "./json_stream.ts";
import { registryAuth } from "./registry_auth.ts";
import type { SidecarApi } from "./sidecar_api.ts";
import { refusal } from "./transfer.ts";

/** What the search for an image needs. */
export interface ImageSearch {
  readonly engine: Engine;
  readonly api: SidecarApi;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Sees to it that the engine has the image.
 *
 * @throws {EngineError} if it can't be pulled
 */
export async function provideImage(image: string, search: ImageSearch): Promise<void> {
  const { api, signal } = search;
  try {
    await api.getImage(image).inspect({ abortSignal: signal });
    return;
  } catch (error) {
    signal.throwIfAborted();
    if ((error as ApiError).statusCode !== 404) throw refused(search.engine, image, error);
  }
  await pull(image, search);
}

async function pull(image: string, { engine, api, env, signal, say }: ImageSearch): Promise<void> {
  say(`pulling ${image}`);
  const reference = normalizeReference(image, "image");
  const host = reference.slice(0, reference.indexOf("/"));
  const login = await createCredentialStore({ env }).lookup(host, signal);
  const authconfig = { base64: registryAuth(login, registryKey(host)) };
  try {
    const stream = await api.pull(reference, { authconfig, abortSignal: signal });
    for await (const message of engineMessages(stream)) {
      const error = refusal(engine, `pull ${image}`, message);
      if (error !== undefined) throw error;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof EngineError ? error : refused(engine, image, error);
  }
}

function refused(engine: Engine, image: string, error: unknown): EngineError {
  return new EngineError(
    "ENGINE_REFUSED",
    `The Docker engine at ${engine.address} has no image ${image} and could not pull it: ${
      apiMessage(error)
    }. ` +
      "Name another one, or load it into the engine first",
    error,
  );
}
