/** The part of dockerode in use, and its one import: it costs a short build more than the build itself, so it is loaded late. */
import { Buffer } from "node:buffer";
import http from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import type { Endpoint } from "../connect/dial.ts";

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

/** Makes the API of the engine at an endpoint. Nothing is connected yet. */
export async function openApi({ address, tls }: Endpoint): Promise<DockerApi> {
  const { default: Docker } = await import("dockerode") as unknown as {
    default: new (options: Record<string, unknown>) => DockerApi;
  };
  // Connections kept for later would outlive the build.
  const keepAlive = false;
  if (address.scheme === "unix") {
    return new Docker({ socketPath: address.path, agent: new http.Agent({ keepAlive }) });
  }
  const { host, port } = address;
  if (tls === undefined) {
    return new Docker({ protocol: "http", host, port, agent: new http.Agent({ keepAlive }) });
  }
  const pem = (content: Uint8Array | undefined) => content && Buffer.from(content);
  const material = { ca: pem(tls.ca), cert: pem(tls.cert), key: pem(tls.key) };
  const agent = new https.Agent({ keepAlive, rejectUnauthorized: tls.insecure !== true });
  return new Docker({ protocol: "https", host, port, ...material, agent });
}

/** What the engine says is wrong, without dockerode's words before it; the runtime's text where it did not answer. */
export function apiMessage(error: unknown): string {
  return (error as Error).message.replace(/^\(HTTP code \d+\) .*? - /, "").trim();
}
