/** Pushing from an engine's store: POST /images/NAME/push. */
import { EngineError } from "../errors.ts";
import type { CredentialStore } from "../registry/credentials.ts";
import { registryKey } from "../registry/host.ts";
import { apiMessage } from "./api.ts";
import type { Engine } from "./engine.ts";
import { engineMessages } from "./json_stream.ts";
import { registryAuth } from "./registry_auth.ts";
import { asStep, type OnStatus, type Step } from "./step_log.ts";
import { refusal, showTransfer } from "./transfer.ts";

const DIGEST_REGEXP = /digest: (sha256:[0-9a-f]{64})/;

/** What a push needs besides the name. */
export interface PushOptions {
  logins: CredentialStore;
  onStatus: OnStatus;
  signal: AbortSignal;
}

/**
 * Pushes an image by its full name.
 *
 * @returns the digest by which the registry has it, if the engine says
 * @throws {EngineError} if the engine or the registry refuses
 */
export function pushImage(
  engine: Engine,
  name: string,
  options: PushOptions,
): Promise<string | undefined> {
  return asStep(`pushing ${name}`, options.onStatus, (step) => push(engine, name, step, options));
}

async function push(
  engine: Engine,
  name: string,
  step: Step,
  { logins, signal }: PushOptions,
): Promise<string | undefined> {
  const colon = name.lastIndexOf(":");
  const [repository, tag] = [name.slice(0, colon), name.slice(colon + 1)];
  const host = name.slice(0, name.indexOf("/"));
  const scope = `repository:${repository.slice(host.length + 1)}:pull,push`;
  const login = await logins.lookup(host, signal, [scope]);
  const authconfig = { base64: registryAuth(login, registryKey(host)) };
  const api = await engine.api();
  let digest: string | undefined;
  try {
    const image = api.getImage(repository);
    const stream = await image.push({ tag, authconfig, abortSignal: signal });
    for await (const message of engineMessages(stream)) {
      const error = refusal(engine, `push ${name}`, message);
      if (error !== undefined) throw error;
      showTransfer(step, message);
      // Engines with containerd's store tell it in words alone.
      digest = message.aux?.Digest ?? DIGEST_REGEXP.exec(message.status ?? "")?.[1] ?? digest;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EngineError) throw error;
    const text = `The Docker engine at ${engine.address} did not push ${name}: ${
      apiMessage(error)
    }`;
    throw new EngineError("ENGINE_REFUSED", text, error);
  }
  return digest;
}
