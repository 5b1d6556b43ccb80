/** Docker's classic builder: POST /build, the whole context in one stream (moby daemon/server/router/build). */
import { Readable } from "node:stream";
import type { BuildInputs } from "../context/open_inputs.ts";
import type { LoginRecord } from "../diagnosis/login_record.ts";
import { EngineError, MoatError } from "../errors.ts";
import { normalizeReference } from "../frontend/reference.ts";
import { parseSize } from "../frontend/size.ts";
import type { PlannedOutput } from "../outputs.ts";
import type { CredentialStore, Login } from "../registry/credentials.ts";
import { registryKey } from "../registry/host.ts";
import type { BuildOptions } from "../types.ts";
import { type ApiError, apiMessage } from "./api.ts";
import {
  checkClassicContext,
  checkClassicDockerfile,
  checkClassicOptions,
} from "./classic_check.ts";
import { ClassicLog } from "./classic_log.ts";
import { baseImages, parseDockerfile } from "./dockerfile.ts";
import type { Engine } from "./engine.ts";
import { engineMessages } from "./json_stream.ts";
import { type Pack, packContext } from "./pack.ts";
import { registryConfig } from "./registry_auth.ts";
import { type OnStatus, Step } from "./step_log.ts";

/** A build for the classic builder. */
export interface ClassicBuild {
  options: BuildOptions;
  inputs: BuildInputs;
  outputs: readonly PlannedOutput[];
  /** Full names for the image. */
  names: readonly string[];
  logins: LoginRecord;
  onStatus: OnStatus;
  signal: AbortSignal;
}

/**
 * Builds an image into the engine's store and returns its id.
 *
 * @throws {OptionError} if the build needs BuildKit; nothing was sent then
 * @throws {BuildError} if the build failed, also when the engine says so in the middle of its log
 * @throws {EngineError} if the engine broke off
 */
export async function classicBuild(engine: Engine, build: ClassicBuild): Promise<string> {
  const { inputs: { trees, filename }, options, signal } = build;
  checkClassicOptions(options, build.outputs);
  const context = checkClassicContext(trees.get("context"));
  const pack = packContext({ context, dockerfile: trees.get("dockerfile") ?? context, filename });
  const instructions = parseDockerfile(pack.dockerfile);
  checkClassicDockerfile(instructions);
  const images = baseImages(instructions, options.buildArgs ?? {});
  const logins = await loginsFor(images, build.logins, signal);
  const query = {
    ...classicQuery(options, build.names),
    dockerfile: pack.dockerfilePath,
    registryconfig: { base64: registryConfig(logins) },
  };
  const facts = { trees, filename, hasLogin: (host: string) => build.logins.has(host) };
  const log = new ClassicLog(build.onStatus, facts);
  const upload = new Upload(pack, build.onStatus);
  try {
    const api = await engine.api();
    const stream = await api.buildImage(upload.stream, { ...query, abortSignal: signal });
    for await (const message of engineMessages(stream)) log.read(message);
    log.end();
  } catch (error) {
    const reason = explain(engine, error, { log, own: upload.failure, signal });
    log.end(reason instanceof Error ? reason.message : String(reason));
    throw reason;
  } finally {
    upload.stream.destroy();
  }
  return await fullId(engine, log.imageId);
}

/** The parameters of POST /build. */
function classicQuery(options: BuildOptions, names: readonly string[]): Record<string, unknown> {
  const { network, shmSize, ulimits, addHosts, platforms = [] } = options;
  return {
    t: names,
    rm: true,
    forcerm: true,
    ...(options.buildArgs && { buildargs: JSON.stringify(options.buildArgs) }),
    ...(options.labels && { labels: JSON.stringify(options.labels) }),
    ...(options.target !== undefined && { target: options.target }),
    ...(options.noCache && { nocache: true }),
    ...(options.pull && { pull: true }),
    ...(network !== undefined && { networkmode: network }),
    ...(shmSize !== undefined && { shmsize: parseSize(shmSize, "shmSize") }),
    ...(ulimits && { ulimits: JSON.stringify(Object.entries(ulimits).map(toUlimit)) }),
    ...(addHosts && { extrahosts: Object.entries(addHosts).flatMap(toHosts) }),
    ...(options.cgroupParent !== undefined && { cgroupparent: options.cgroupParent }),
    ...(platforms[0] !== undefined && { platform: platforms[0] }),
  };
}

function toUlimit([name, value]: [string, string | number]): Record<string, unknown> {
  const [soft, hard = soft] = String(value).split(":").map(Number);
  return { Name: name, Soft: soft, Hard: hard };
}

function toHosts([host, addresses]: [string, string | string[]]): string[] {
  return [addresses].flat().map((address) => `${host}:${address.replace(/^\[(.*)\]$/, "$1")}`);
}

/** The logins of the registries that the Dockerfile names, and of no others: they leave this machine. */
async function loginsFor(
  images: readonly string[],
  store: CredentialStore,
  signal: AbortSignal,
): Promise<Map<string, Login>> {
  const logins = new Map<string, Login>();
  for (const image of images) {
    const host = registryOf(image);
    const login = host === undefined ? undefined : await store.lookup(host, signal);
    if (login !== undefined) logins.set(registryKey(host!), login);
  }
  return logins;
}

function registryOf(image: string): string | undefined {
  try {
    return normalizeReference(image, "FROM").split("/")[0];
  } catch {
    // Not a name: the builder will say so, with the line.
    return undefined;
  }
}

/** The context on its way, shown as a step like BuildKit's. */
class Upload {
  readonly stream: Readable;
  failure: unknown;

  constructor(pack: Pack, onStatus: OnStatus) {
    this.stream = Readable.from(this.#chunks(pack, onStatus), { objectMode: false });
  }

  async *#chunks(pack: Pack, onStatus: OnStatus): AsyncGenerator<Uint8Array> {
    const step = new Step("[internal] load build context", onStatus);
    let outcome = "canceled";
    try {
      yield* pack.chunks((bytes) => step.part("transferring context:", bytes));
      outcome = "";
    } catch (error) {
      this.failure = error;
      outcome = (error as Error).message;
      throw error;
    } finally {
      step.end(outcome);
    }
  }
}

/** The error a caller can act on: the caller's own reason, what could not be read here, then what the engine says. */
function explain(
  engine: Engine,
  error: unknown,
  { log, own, signal }: { log: ClassicLog; own: unknown; signal: AbortSignal },
): unknown {
  if (signal.aborted) return signal.reason;
  if (own !== undefined) return own;
  if (error instanceof MoatError) return error;
  // An answer with an error's status: a Dockerfile that makes no sense, a base image that is not there.
  if ((error as ApiError).statusCode !== undefined) return log.failure(apiMessage(error));
  return new EngineError(
    "ENGINE_REFUSED",
    `The Docker engine at ${engine.address} broke off the build: ${apiMessage(error)}`,
    error,
  );
}

/** Engines before 17.05 tell the first digits only. */
async function fullId(engine: Engine, id: string | undefined): Promise<string> {
  if (id === undefined) {
    throw new EngineError(
      "ENGINE_REFUSED",
      `The Docker engine at ${engine.address} ended the build without an image`,
    );
  }
  if (id.startsWith("sha256:")) return id;
  return (await (await engine.api()).getImage(id).inspect()).Id;
}
