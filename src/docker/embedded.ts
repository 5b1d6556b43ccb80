/** The BuildKit inside a Docker engine (buildx driver/docker, moby daemon/server/router). */
import type { Socket } from "node:net";
import { BuildKitClient } from "../client.ts";
import type { DaemonInfo } from "../control/info.ts";
import { closeSocket, type DialOptions } from "../connect/dial.ts";
import { diagnose } from "../connect/probe.ts";
import { socketTransport, type Transport } from "../connect/transport.ts";
import { ConnectionError } from "../errors.ts";
import type { Engine } from "./engine.ts";
import { socketPipe } from "../rpc/socket_pipe.ts";
import { engineFailure } from "./failure.ts";
import { exchange } from "./exchange.ts";

/** An engine's BuildKit, connected. */
export interface Embedded {
  readonly client: BuildKitClient;
  /** How it is spoken to: gRPC on the engine's own socket, or on connections that it hands over. */
  readonly way: "native" | "hijacked";
  /** Whether the engine keeps its images in containerd's store, which can do more than Docker's old one. */
  readonly containerdStore: boolean;
  /** Whether one build can have several outputs. */
  readonly severalOutputs: boolean;
  readonly info: DaemonInfo;
}

/** The first API version of engines that speak gRPC on their socket (Docker 29). */
const NATIVE_SINCE = "1.52";

/** HTTP's word for a connection that is handed over. */
const SWITCHING = 101;

/** How long the engine's BuildKit may take to say who it is, in milliseconds: it may be busy building. */
const PING_TIMEOUT_MS = 15_000;

/** What a worker's labels say where images are in containerd's store. */
const SNAPSHOTTER_LABEL = "org.mobyproject.buildkit.worker.snapshotter";

/** An engine without BuildKit, or one that does not let us at it. */
export interface NotEmbedded {
  /** How that showed. */
  readonly missing: string;
}

/**
 * Connects to the engine's BuildKit, if it has one.
 *
 * @throws {ConnectionError} if the engine does not answer any more
 */
export async function openEmbedded(
  engine: Engine,
  options: DialOptions = {},
): Promise<Embedded | NotEmbedded> {
  const native = await speaksNatively(engine, options);
  const missing = native ? undefined : await refusedHandover(engine, options);
  if (missing !== undefined) return { missing };
  const client = new BuildKitClient(native ? nativeTransport(engine) : hijackedTransport(engine));
  try {
    const info = await client.ping({ timeoutMs: PING_TIMEOUT_MS, ...options });
    return {
      client,
      way: native ? "native" : "hijacked",
      containerdStore: info.workers.some(({ labels }) => SNAPSHOTTER_LABEL in labels),
      // Since v0.13; before v0.11 there is no version to be told.
      severalOutputs: !/^(?:|v0\.1[12]\..*)$/.test(info.version),
      info,
    };
  } catch (error) {
    await client.close();
    options.signal?.throwIfAborted();
    // It speaks gRPC, but BuildKit's service is not among what it serves: Windows engines.
    if (error instanceof ConnectionError && error.code === "NOT_BUILDKIT") {
      return { missing: "its gRPC server does not know BuildKit's calls" };
    }
    throw error instanceof ConnectionError ? error : engineFailure(engine.at, error);
  }
}

/** Older engines would answer HTTP/2 with an error and a line in their log, so they are not asked. */
async function speaksNatively(engine: Engine, options: DialOptions): Promise<boolean> {
  if (!engine.speaks(NATIVE_SINCE)) return false;
  return await diagnose(engine.http2Endpoint, options) === undefined;
}

/** How the engine refuses a connection to its BuildKit; undefined if it gives one. */
async function refusedHandover(
  engine: Engine,
  options: DialOptions,
): Promise<string | undefined> {
  const { socket, status } = await upgrade(engine, "/grpc", {}, options);
  await closeSocket(socket);
  return status === SWITCHING ? undefined : `it answers POST /grpc with status ${status}`;
}

function nativeTransport(engine: Engine): Transport {
  return {
    ...socketTransport(engine.http2Endpoint),
    address: engine.at.address,
    diagnose: (options) => diagnoseEngine(engine, options),
  };
}

function hijackedTransport(engine: Engine): Transport {
  const open = async (path: string, headers: Headers, options: DialOptions = {}) => {
    const { socket, status } = await upgrade(engine, path, headers, options);
    if (status === SWITCHING) return socket;
    await closeSocket(socket);
    throw engineFailure(engine.at, new Error(`it answers POST ${path} with status ${status}`));
  };
  return {
    address: engine.at.address,
    authority: "localhost",
    dial: async (options) => socketPipe(await open("/grpc", {}, options)),
    dialStream: (options) => open("/grpc", {}, options),
    dialSession: async (metadata, options) => socketPipe(await open("/session", metadata, options)),
    diagnose: (options) => diagnoseEngine(engine, options),
  };
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** Asks the engine to hand a connection over; it has done so if the status is {@linkcode SWITCHING}. */
async function upgrade(
  engine: Engine,
  path: string,
  headers: Headers,
  options: DialOptions,
): Promise<{ socket: Socket; status: number }> {
  const socket = await engine.dial(options);
  try {
    const { status } = await exchange(socket, {
      method: "POST",
      path,
      headers: { ...headers, connection: "Upgrade", upgrade: "h2c" },
    }, options);
    return { socket, status };
  } catch (error) {
    await closeSocket(socket);
    options.signal?.throwIfAborted();
    throw engineFailure(engine.at, error);
  }
}

async function diagnoseEngine(
  engine: Engine,
  options?: DialOptions,
): Promise<ConnectionError | undefined> {
  try {
    await closeSocket(await engine.dial(options));
    return undefined;
  } catch (error) {
    if (error instanceof ConnectionError) return error;
    throw error;
  }
}
