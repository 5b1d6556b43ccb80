/** The part of dockerode in use, and its one import: it costs a short build more than the build itself, so it is loaded late. */
import { Buffer } from "node:buffer";
import http from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import type { Endpoint } from "../connect/dial.ts";
import { EngineError } from "../errors.ts";

/** An answer of the engine that is a stream of JSON values. */
export type ApiStream = Readable;

/** Query parameters and dockerode's own. */
export interface ApiOptions {
  [parameter: string]: unknown;
  abortSignal?: AbortSignal;
}

/** The engine's API. Methods reject with an {@linkcode ApiError}. */
export interface DockerApi {
  /** POST /build. */
  buildImage(context: Readable, options: ApiOptions): Promise<ApiStream>;
  /** POST /images/load. */
  loadImage(archive: Readable, options: ApiOptions): Promise<ApiStream>;
  /** GET /info. */
  info(options?: ApiOptions): Promise<Record<string, unknown>>;
  /** GET /version. */
  version(options?: ApiOptions): Promise<{ Version: string; Os: string; Arch: string }>;
  getImage(name: string): {
    /** GET /images/NAME/json. */
    inspect(options?: ApiOptions): Promise<{ Id: string }>;
    /** POST /images/NAME/push. */
    push(options: ApiOptions): Promise<ApiStream>;
  };
}

/** What dockerode rejects with when the engine answers with an error. */
export interface ApiError extends Error {
  statusCode?: number;
}

/**
 * Makes the API of the engine at an endpoint. Nothing is connected yet.
 *
 * @throws {EngineError} if dockerode can't make sense of its environment
 */
export async function openApi(endpoint: Endpoint): Promise<DockerApi> {
  const { default: Docker } = await import("dockerode") as unknown as {
    default: new (options: Record<string, unknown>) => DockerApi;
  };
  try {
    return new Docker({ ...NOTHING, ...connectionOf(endpoint) });
  } catch (error) {
    // It reads DOCKER_HOST's companions whatever it is told, and fails where one is missing.
    const text = `Cannot use the Docker engine's API: ${(error as Error).message}`;
    throw new EngineError("ENGINE_REFUSED", text, error);
  }
}

/** What dockerode would otherwise take from the environment, which has been read already, and better. */
const NOTHING = {
  ...{ socketPath: undefined, host: undefined, port: undefined, username: undefined },
  ...{ ca: undefined, cert: undefined, key: undefined, timeout: undefined, pathPrefix: "/" },
};

function connectionOf({ address, tls }: Endpoint): Record<string, unknown> {
  // Connections kept for later would outlive the build.
  const keepAlive = false;
  const plain = { protocol: "http", agent: new http.Agent({ keepAlive }) };
  if (address.scheme === "unix") return { socketPath: address.path, ...plain };
  const { host, port } = address;
  if (tls === undefined) return { host, port, ...plain };
  const pem = (content: Uint8Array | undefined) => content && Buffer.from(content);
  return {
    ...{ protocol: "https", host, port },
    ...{ ca: pem(tls.ca), cert: pem(tls.cert), key: pem(tls.key) },
    agent: new https.Agent({ keepAlive, rejectUnauthorized: tls.insecure !== true }),
  };
}

/** What the engine says is wrong, without dockerode's words before it; the runtime's text where it did not answer. */
export function apiMessage(error: unknown): string {
  return (error as Error).message.replace(/^\(HTTP code \d+\) .*? - /, "").trim();
}
