/** The Control API of one BuildKit daemon. */
import { authorityOf, parseAddress } from "./connect/address.ts";
import { dial, type Endpoint } from "./connect/dial.ts";
import { connectionError } from "./connect/failure.ts";
import { diagnose } from "./connect/probe.ts";
import { loadTls } from "./connect/tls.ts";
import { ConnectionError, type ConnectionErrorCode, ProtocolError } from "./errors.ts";
import { formatPlatform } from "./frontend/platform.ts";
import {
  Control,
  type SolveRequest,
  type SolveResponse,
  type StatusResponse,
} from "./gen/control.ts";
import type { CallOptions, Channel } from "./rpc/channel.ts";
import { openChannel } from "./rpc/http2_channel.ts";
import type { Method } from "./rpc/method.ts";
import { RpcError, StatusCode } from "./rpc/status.ts";
import { openSession, type Session, type SessionOptions } from "./session/session.ts";
import type { TlsOptions } from "./types.ts";

/** Options of {@linkcode connect}. */
export interface ConnectOptions {
  tls?: TlsOptions;
}

/** What {@linkcode BuildKitClient.ping} found. */
export interface DaemonInfo {
  /** The daemon's version, for example `v0.34.2`; empty for daemons older than v0.11. */
  readonly version: string;
  /** The Go package the daemon was built from. */
  readonly package: string;
  readonly revision: string;
  readonly workers: readonly WorkerInfo[];
}

/** One worker of a daemon. The first one's first platform is what builds are for by default. */
export interface WorkerInfo {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** For example `["linux/amd64", "linux/386"]`. */
  readonly platforms: readonly string[];
}

/** Options of {@linkcode BuildKitClient.waitForReady}. */
export interface WaitOptions {
  /** Milliseconds until it gives up. @default 30000 */
  timeoutMs?: number;
  signal?: AbortSignal;
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;

/** How long the daemon may take for its first word on a connection, in milliseconds. */
const GREETING_TIMEOUT_MS = 10_000;
const SILENT = "the connection is accepted, but nothing comes: the daemon may be frozen";

/** Failures that a daemon which is still starting can cause. */
const PASSING: ReadonlySet<ConnectionErrorCode> = new Set<ConnectionErrorCode>([
  "CONNECTION_REFUSED",
  "CONNECTION_LOST",
  "CONNECT_TIMEOUT",
  "HOST_NOT_FOUND",
  "SOCKET_NOT_FOUND",
  "UNREACHABLE",
]);

/**
 * Makes a client for the daemon at `address`. Nothing is dialed before the first call.
 *
 * @param address `tcp://host:port` or `unix:///path`
 * @throws {OptionError} if the address or the TLS options can't be used
 *
 * @example
 * ```ts no-eval
 * import { connect } from "@moat/build";
 *
 * await using client = connect("tcp://127.0.0.1:1234");
 * console.log((await client.ping()).version);
 * ```
 */
export function connect(address: string, options: ConnectOptions = {}): BuildKitClient {
  const parsed = parseAddress(address);
  return new BuildKitClient({
    address: parsed,
    ...(options.tls !== undefined && { tls: loadTls(options.tls) }),
  });
}

/** A client of one daemon; see {@linkcode connect}. */
export class BuildKitClient implements AsyncDisposable {
  readonly #endpoint: Endpoint;
  #channel: Promise<Channel> | undefined;

  /** @ignore */
  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** The address this client was made for. */
  get address(): string {
    return this.#endpoint.address.text;
  }

  /**
   * Asks the daemon who it is: a real call, so that it fails where builds would.
   *
   * @throws {ConnectionError} if nothing answers there, or something that is not BuildKit
   */
  async ping(options: CallOptions = {}): Promise<DaemonInfo> {
    const [version, workers] = await Promise.all([this.#version(options), this.#workers(options)]);
    return { ...version, workers };
  }

  async #version(
    options: CallOptions,
  ): Promise<Pick<DaemonInfo, "version" | "package" | "revision">> {
    try {
      const { buildkitVersion: found } = await this.call(Control.info, {}, options);
      return {
        version: found?.version ?? "",
        package: found?.package ?? "",
        revision: found?.revision ?? "",
      };
    } catch (error) {
      // Daemons before v0.11 have no Info; their workers still say that they are BuildKit.
      if (!isUnimplemented(error)) throw error;
      return { version: "", package: "", revision: "" };
    }
  }

  async #workers(options: CallOptions): Promise<WorkerInfo[]> {
    try {
      const { record } = await this.call(Control.listWorkers, {}, options);
      return record.map(({ id, labels, platforms }) => ({
        id,
        labels: Object.fromEntries(labels),
        platforms: platforms.map(formatPlatform),
      }));
    } catch (error) {
      if (isUnimplemented(error)) {
        throw connectionError("NOT_BUILDKIT", this.#endpoint.address, error);
      }
      throw error;
    }
  }

  /**
   * Waits until the daemon answers, trying again with growing pauses while it may still be starting.
   *
   * @throws {ConnectionError} the last one met at the deadline, or at once where waiting can't help (TLS, not BuildKit)
   */
  async waitForReady(options: WaitOptions = {}): Promise<DaemonInfo> {
    const { timeoutMs = 30_000, signal } = options;
    const deadline = Date.now() + timeoutMs;
    for (let pause = FIRST_RETRY_MS;; pause = Math.min(pause * 2, LONGEST_RETRY_MS)) {
      const left = Math.max(1, deadline - Date.now());
      try {
        const failure = await diagnose(this.#endpoint, {
          timeoutMs: left,
          ...(signal && { signal }),
        });
        if (failure !== undefined) throw failure;
        return await this.ping({ timeoutMs: left, signal });
      } catch (error) {
        const passing = error instanceof ConnectionError && PASSING.has(error.code);
        if (!passing || Date.now() + pause >= deadline) throw error;
      }
      await delay(pause, signal);
    }
  }

  /** Starts a build by its raw request and waits for its end. Most callers want {@linkcode build}. */
  solve(request: Partial<SolveRequest>, options: CallOptions = {}): Promise<SolveResponse> {
    return this.call(Control.solve, request, options);
  }

  /** The status messages of the build `ref`, from its start to its end, also before Solve is called. */
  status(ref: string, options: CallOptions = {}): AsyncIterable<StatusResponse> {
    return this.stream(Control.status, { ref }, options);
  }

  /** Opens a session on this daemon, for use with {@linkcode BuildKitClient.solve}. */
  openSession(
    options: Omit<SessionOptions, "openPipe" | "explainLoss">,
    signal?: AbortSignal,
  ): Promise<Session> {
    return openSession({
      ...options,
      explainLoss: (error) => error instanceof ProtocolError ? error : this.#lost(error),
      openPipe: async (metadata) => {
        return (await this.#open(signal)).openPipe(Control.session.path, metadata);
      },
    });
  }

  /** Calls any unary method of the daemon. */
  async call<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options: CallOptions = {},
  ): Promise<S> {
    try {
      return await (await this.#open(options.signal)).unary(method, request, options);
    } catch (error) {
      throw await this.#explain(error, options);
    }
  }

  /** Calls any method of the daemon that answers with a stream; leaving the loop cancels the call. */
  async *stream<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options: CallOptions = {},
  ): AsyncIterable<S> {
    try {
      yield* (await this.#open(options.signal)).serverStream(method, request, options);
    } catch (error) {
      throw await this.#explain(error, options);
    }
  }

  /** Closes the connection and waits until it is closed. Calls under way fail. Idempotent. */
  async close(): Promise<void> {
    const channel = this.#channel;
    this.#channel = undefined;
    await (await channel?.catch(() => undefined))?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The connection all calls share; a new one if the last is over. */
  async #open(signal: AbortSignal | undefined): Promise<Channel> {
    const opening = this.#channel ??= this.#connect(signal);
    try {
      const channel = await opening;
      if (!channel.closed.aborted) return channel;
      await channel.close();
    } catch (error) {
      if (this.#channel === opening) this.#channel = undefined;
      throw error;
    }
    if (this.#channel === opening) this.#channel = undefined;
    return this.#open(signal);
  }

  async #connect(signal: AbortSignal | undefined): Promise<Channel> {
    const { address, tls } = this.#endpoint;
    const socket = await dial(this.#endpoint, signal === undefined ? {} : { signal });
    const channel = openChannel(socket, tls?.serverName ?? authorityOf(address));
    try {
      if (await channel.greeted(GREETING_TIMEOUT_MS, signal)) return channel;
      throw connectionError("CONNECT_TIMEOUT", address, new Error(SILENT));
    } catch (error) {
      await channel.close();
      throw error;
    }
  }

  /** An UNAVAILABLE says little about why; a look at the endpoint says more. */
  async #explain(error: unknown, { signal }: CallOptions): Promise<unknown> {
    if (!(error instanceof RpcError) || error.status !== StatusCode.UNAVAILABLE) return error;
    const failure = await diagnose(this.#endpoint, signal === undefined ? {} : { signal });
    return failure ?? this.#lost(error);
  }

  #lost(error: Error): ConnectionError {
    return connectionError("CONNECTION_LOST", this.#endpoint.address, error);
  }
}

function isUnimplemented(error: unknown): boolean {
  return error instanceof RpcError && error.status === StatusCode.UNIMPLEMENTED;
}

function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
