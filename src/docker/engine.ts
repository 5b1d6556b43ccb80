/** One Docker engine that answers. */
import type { Socket } from "node:net";
import { closeSocket, dial, type DialOptions, type Endpoint } from "../connect/dial.ts";
import { ProtocolError } from "../errors.ts";
import type { DockerApi } from "./api.ts";
import type { EngineAddress } from "./engine_address.ts";
import { exchange } from "./exchange.ts";
import { engineError, engineFailure } from "./failure.ts";
import { type Forward, forwardSocket } from "./ssh_forward.ts";

/** What an engine says of itself when pinged. */
export interface EngineInfo {
  /** For example `1.41`. */
  readonly apiVersion: string;
  /** For example `Docker/20.10.24 (linux)`; other products say other things. */
  readonly server: string;
}

/** An engine that answered a ping; see {@linkcode openEngine}. */
export class Engine implements AsyncDisposable {
  /** Where it is, and who said so. */
  readonly at: EngineAddress;
  readonly info: EngineInfo;
  readonly #endpoint: Endpoint;
  readonly #forward: Forward | undefined;
  #api: Promise<DockerApi> | undefined;

  constructor(
    at: EngineAddress,
    endpoint: Endpoint,
    info: EngineInfo,
    forward: Forward | undefined,
  ) {
    this.at = at;
    this.info = info;
    this.#endpoint = endpoint;
    this.#forward = forward;
  }

  /** As it was named, for messages. */
  get address(): string {
    return this.at.address.text;
  }

  /** The engine's API by dockerode, which is loaded when it is first asked for. */
  api(): Promise<DockerApi> {
    return this.#api ??= import("./api.ts").then(({ openApi }) => openApi(this.#endpoint));
  }

  /** A connection on which HTTP/1.1 is spoken. Throws a `ConnectionError`. */
  async dial(options?: DialOptions): Promise<Socket> {
    try {
      return await dial(speaking(this.#endpoint, "http/1.1"), options);
    } catch (error) {
      options?.signal?.throwIfAborted();
      throw engineFailure(this.at, error);
    }
  }

  /** How to speak HTTP/2 with it, which only newer engines do. */
  get http2Endpoint(): Endpoint {
    return speaking(this.#endpoint, "h2");
  }

  /** Whether its API is at least `major.minor`. */
  speaks(version: string): boolean {
    const [major = 0, minor = 0] = this.info.apiVersion.split(".").map(Number);
    const [wantedMajor = 0, wantedMinor = 0] = version.split(".").map(Number);
    return major > wantedMajor || major === wantedMajor && minor >= wantedMinor;
  }

  /** Gives up what the way to it needs. Idempotent. */
  async close(): Promise<void> {
    await this.#forward?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Pings the engine at an address.
 *
 * @throws {ConnectionError} if nothing answers there, or something that is no engine
 */
export async function openEngine(at: EngineAddress, options: DialOptions = {}): Promise<Engine> {
  const { address, tls } = at;
  const forward = address.scheme === "ssh"
    ? await forwardSocket(address, options.signal)
    : undefined;
  const endpoint = {
    address: address.scheme === "ssh" ? forward!.address : address,
    ...(tls && { tls }),
  };
  try {
    const info = await ping(at, endpoint, options);
    return new Engine(at, endpoint, info, forward);
  } catch (error) {
    await forward?.close();
    throw error;
  }
}

async function ping(
  at: EngineAddress,
  endpoint: Endpoint,
  options: DialOptions,
): Promise<EngineInfo> {
  let socket: Socket | undefined;
  try {
    socket = await dial(speaking(endpoint, "http/1.1"), options);
    const request = { method: "GET", path: "/_ping" } as const;
    const { status, headers } = await exchange(socket, request, options);
    const apiVersion = headers.get("api-version");
    if (apiVersion !== undefined) return { apiVersion, server: headers.get("server") ?? "" };
    // An engine that wants TLS says so in plain text, with this status.
    if (status === 400 && endpoint.tls === undefined) throw engineError("TLS_REQUIRED", at);
    throw new ProtocolError(`it answered a ping with status ${status}`);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw engineFailure(at, error);
  } finally {
    if (socket !== undefined) await closeSocket(socket);
  }
}

function speaking(endpoint: Endpoint, protocol: string): Endpoint {
  const { tls } = endpoint;
  return tls === undefined ? endpoint : { ...endpoint, tls: { ...tls, protocols: [protocol] } };
}
