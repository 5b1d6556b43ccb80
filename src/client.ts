/** The Control API of one BuildKit daemon. */
import type { Duplex } from "node:stream";
import { deadline } from "./connect/deadline.ts";
import { connectionError } from "./connect/failure.ts";
import type { Transport } from "./connect/transport.ts";
import type { WaitOptions } from "./connect/wait_until_ready.ts";
import { ControlClient } from "./control/control_client.ts";
import { isForeign } from "./control/foreign.ts";
import type { DaemonInfo } from "./control/info.ts";
import type { WorkerInfo } from "./control/workers.ts";
import { ConnectionError, ProtocolError } from "./errors.ts";
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

/** How long each question of {@linkcode BuildKitClient.ping} may take by default, in milliseconds. */
const PING_TIMEOUT_MS = 10_000;

/** How long the daemon may take for its first word on a connection, in milliseconds: one that was paused for half a minute is well. */
const GREETING_TIMEOUT_MS = 40_000;
const SILENT = "the connection is accepted, but nothing comes: the daemon may be frozen";

/** What a client's builds say of it. */
export interface ClientOptions {
  /** Milliseconds of silence after which the daemon counts as gone, also before its first word. */
  stallTimeoutMs?: number | undefined;
}

/** A client of one daemon; made by `connect()`. */
export class BuildKitClient extends ControlClient implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #greetingTimeoutMs: number;
  #channel: Promise<Channel> | undefined;
  /** Connections that take no more calls. */
  readonly #retired = new Set<Channel>();
  /** Fires when the client is closed. */
  readonly #over = new AbortController();
  #closing: Promise<void> | undefined;

  /** @ignore */
  constructor(transport: Transport, { stallTimeoutMs = Infinity }: ClientOptions = {}) {
    super();
    this.#transport = transport;
    this.#greetingTimeoutMs = Math.min(stallTimeoutMs, GREETING_TIMEOUT_MS);
  }

  /** The address this client was made for. */
  override get address(): string {
    return this.#transport.address.text;
  }

  /**
   * Asks the daemon who it is: a real call, so that it fails where builds would. Without `timeoutMs` it waits ten seconds
   * for each of two answers.
   *
   * @throws {ConnectionError} if nothing answers there, or something that is not BuildKit
   */
  async ping(options: CallOptions = {}): Promise<DaemonInfo> {
    const limited = { ...options, timeoutMs: options.timeoutMs ?? PING_TIMEOUT_MS };
    const { version, package: from, revision } = await this.info(limited);
    return { version, package: from, revision, workers: await this.#workers(limited) };
  }

  async #workers(options: CallOptions): Promise<WorkerInfo[]> {
    try {
      const workers = await this.workers([], options);
      return workers.map(({ id, labels, platforms }) => ({ id, labels, platforms }));
    } catch (error) {
      if (isForeign(error)) {
        throw connectionError("NOT_BUILDKIT", this.#transport.address, error);
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
    const { waitUntilReady } = await import("./connect/wait_until_ready.ts");
    return await waitUntilReady(this.#transport, (limits) => this.ping(limits), options);
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
        const { dialSession } = this.#transport;
        if (dialSession !== undefined) return await dialSession(metadata, signal && { signal });
        const channel = await this.#open({ signal });
        try {
          return channel.openPipe(Control.session.path, metadata);
        } catch (error) {
          throw await this.#explain(error, { signal });
        }
      },
    });
  }

  /**
   * Opens a byte stream of its own to the daemon, on which it speaks gRPC (HTTP/2), for whoever has a client of another kind.
   * The caller closes it.
   *
   * @throws {ConnectionError} if nothing answers there
   */
  dial(options: { signal?: AbortSignal; timeoutMs?: number } = {}): Promise<Duplex> {
    return this.#transport.dialStream(options);
  }

  /** Calls any unary method of the daemon. */
  override async call<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options: CallOptions = {},
  ): Promise<S> {
    try {
      return await (await this.#open(options)).unary(method, request, options);
    } catch (error) {
      throw await this.#explain(error, options);
    }
  }

  /** Calls any method of the daemon that answers with a stream; leaving the loop cancels the call. */
  override async *stream<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options: CallOptions = {},
  ): AsyncIterable<S> {
    try {
      yield* (await this.#open(options)).serverStream(method, request, options);
    } catch (error) {
      throw await this.#explain(error, options);
    }
  }

  /** Closes the connection and waits until it is closed. Calls under way fail, and so do later ones. Idempotent. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    const text = `Cannot use the client of ${this.address}: it was closed`;
    this.#over.abort(new ConnectionError("CONNECTION_LOST", this.address, text));
    const opening = this.#channel?.catch(() => undefined);
    await Promise.all([...this.#retired, opening].map(async (channel) => (await channel)?.close()));
    await this.#transport.close?.();
  }

  /** Closes the connection, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The connection all calls share; a new one if the last takes no more calls. */
  async #open({ signal, timeoutMs }: CallOptions): Promise<Channel> {
    this.#over.signal.throwIfAborted();
    const isNew = this.#channel === undefined;
    const opening = this.#channel ??= this.#connect();
    const limit = deadline(timeoutMs, signal);
    try {
      const channel = await limit.before(opening);
      // A new one that is over already is no better the next time: the call on it tells why.
      if (isNew || !channel.closed.aborted) return channel;
      // What is under way there may still come to its end.
      if (this.#channel === opening) this.#retired.add(channel);
    } catch (error) {
      if (limit.passed) throw connectionError("CONNECT_TIMEOUT", this.#transport.address, error);
      throw error;
    } finally {
      limit.release();
    }
    if (this.#channel === opening) this.#channel = undefined;
    return this.#open({ signal, timeoutMs });
  }

  /** Dials for all who wait: none of them may end it for the others. */
  async #connect(): Promise<Channel> {
    const { address, authority } = this.#transport;
    const { signal } = this.#over;
    try {
      const stream = await this.#transport.dial({ signal });
      const channel = openChannel(stream, authority);
      try {
        if (await channel.greeted(this.#greetingTimeoutMs, signal)) return channel;
        throw connectionError("CONNECT_TIMEOUT", address, new Error(SILENT));
      } catch (error) {
        await channel.close();
        throw error;
      }
    } catch (error) {
      this.#channel = undefined;
      throw error;
    }
  }

  /** An UNAVAILABLE of this side says little about why; a look at the endpoint says more. */
  async #explain(error: unknown, { signal }: CallOptions): Promise<unknown> {
    const own = error instanceof RpcError && error.status === StatusCode.UNAVAILABLE &&
      error.details.length === 0;
    if (!own) return error;
    const over = this.#over.signal;
    const failure = await this.#transport.diagnose({
      signal: signal === undefined ? over : AbortSignal.any([signal, over]),
    });
    return failure ?? this.#lost(error);
  }

  #lost(error: Error): ConnectionError {
    // Ways by a program say themselves why they ended.
    for (const known of [error, error.cause]) if (known instanceof ConnectionError) return known;
    return connectionError("CONNECTION_LOST", this.#transport.address, error);
  }
}
