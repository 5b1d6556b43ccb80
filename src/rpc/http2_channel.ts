/**
 * A gRPC client on one socket, by node:http2 ("gRPC over HTTP2").
 *
 * One socket for all: behind a name or a load balancer may stand several daemons, and a build's session and solve must meet on
 * one; some ways to a daemon give a single byte stream anyway.
 */
import http2 from "node:http2";
import type { Duplex } from "node:stream";
import { ProtocolError } from "../errors.ts";
import type { CallOptions, Channel } from "./channel.ts";
import { envelope, FrameDecoder } from "./envelope.ts";
import type { Method } from "./method.ts";
import type { Pipe } from "./pipe.ts";
import { RpcError, StatusCode } from "./status.ts";
import { statusOf } from "./status_headers.ts";
import { Tunnel } from "./tunnel.ts";

/** Flow control window for each stream: one round trip must never hold a transfer back. */
const WINDOW_SIZE = 16 << 20;
/** The connection's own: a stream that nobody reads for a while must leave room for the others. */
const CONNECTION_WINDOW_SIZE = 4 * WINDOW_SIZE;

/**
 * Trailers above this make the daemon reset the one call. Without the bound it would send them, and one header of more than
 * 64 KiB makes Node give up the whole connection; a build error carries its Dockerfile there, encoded twice.
 */
const MAX_HEADER_LIST = 64 << 10;

/** Longer timers fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Opens a channel on a connected socket or another byte stream, which it owns from now on. */
export function openChannel(socket: Duplex, authority: string): Channel {
  return new Http2Channel(socket, authority);
}

class Http2Channel implements Channel {
  readonly closed: AbortSignal;
  readonly #socket: Duplex;
  readonly #connection: http2.ClientHttp2Session;
  readonly #greeting: Promise<void>;
  #error: Error | undefined;

  constructor(socket: Duplex, authority: string) {
    const over = new AbortController();
    this.closed = over.signal;
    this.#socket = socket;
    this.#connection = http2.connect(`http://${authority}`, {
      createConnection: () => socket,
      settings: {
        initialWindowSize: WINDOW_SIZE,
        enablePush: false,
        maxHeaderListSize: MAX_HEADER_LIST,
      },
      maxSessionMemory: 1 << 10,
    });
    this.#connection.once(
      "connect",
      () => this.#connection.setLocalWindowSize(CONNECTION_WINDOW_SIZE),
    );
    // Calls under way report it; without a listener it would end the process.
    this.#connection.on("error", (error) => this.#error ??= error);
    this.#connection.on(
      "goaway",
      () => over.abort(new Error("the daemon is closing the connection")),
    );
    this.#connection.on("close", () => over.abort(this.#error));
    this.#greeting = new Promise((resolve) => {
      this.#connection.once("remoteSettings", () => resolve());
      this.closed.addEventListener("abort", () => resolve(), { once: true });
      socket.once("close", () => resolve());
    });
  }

  async greeted(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let onAbort = () => {};
    const late = new Promise<boolean>((resolve, reject) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
      onAbort = () => reject(signal!.reason);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
    try {
      return await Promise.race([this.#greeting.then(() => true), late]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async unary<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options: CallOptions = {},
  ): Promise<S> {
    let response: { value: S } | undefined;
    for await (const value of this.serverStream(method, request, options)) response = { value };
    if (response !== undefined) return response.value;
    throw new RpcError(StatusCode.INTERNAL, `${method.path} ended without an answer`);
  }

  async *serverStream<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options: CallOptions = {},
  ): AsyncIterable<S> {
    options.signal?.throwIfAborted();
    const stream = this.#request(method.path, {}, options);
    const call = watch(stream, options);
    stream.end(envelope(method.request.encode(request)));
    const decoder = new FrameDecoder();
    try {
      for await (const chunk of stream) {
        for (const message of decoder.push(chunk)) yield method.response.decode(message);
      }
      await call.ended;
      decoder.end();
    } catch (error) {
      // An answer that is not gRPC can be read before its headers are told.
      await call.answered;
      throw call.explain(error, this.#error);
    } finally {
      call.release();
      if (!stream.closed) stream.close(http2.constants.NGHTTP2_CANCEL);
    }
  }

  openPipe(path: string, metadata: Readonly<Record<string, string | string[]>>): Pipe {
    return new Tunnel(this.#request(path, metadata, {}));
  }

  #request(
    path: string,
    metadata: Readonly<Record<string, string | string[]>>,
    { timeoutMs }: CallOptions,
  ): http2.ClientHttp2Stream {
    if (this.#connection.destroyed || this.#connection.closed) {
      throw new RpcError(StatusCode.UNAVAILABLE, "the connection is closed", {
        cause: this.#error,
      });
    }
    return this.#connection.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...(timeoutMs !== undefined && { "grpc-timeout": grpcTimeout(timeoutMs) }),
      ...metadata,
    });
  }

  async close(): Promise<void> {
    this.#connection.destroy();
    if (this.#socket.closed) return;
    const gone = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.destroy();
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** At most eight digits ("gRPC over HTTP2", Timeout). */
function grpcTimeout(ms: number): string {
  return ms < 1e8 ? `${Math.ceil(ms)}m` : `${Math.min(Math.ceil(ms / 1_000), 99_999_999)}S`;
}

/** Follows one call: its status, its deadline and its signal. */
function watch(
  stream: http2.ClientHttp2Stream,
  { signal, timeoutMs }: CallOptions,
): {
  /** Resolves once there are headers, or there will be none. */
  answered: Promise<void>;
  ended: Promise<void>;
  explain(error: unknown, broken: Error | undefined): unknown;
  release(): void;
} {
  let status: RpcError | "ok" | undefined;
  let expired = false;
  const note = (headers: http2.IncomingHttpHeaders) => status ??= statusOf(headers);
  const cancel = () => stream.close(http2.constants.NGHTTP2_CANCEL);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => {
    expired = true;
    cancel();
  }, Math.min(timeoutMs, LONGEST_TIMER_MS));
  // Whoever reads it learns of it; before that, nobody listens.
  stream.on("error", () => {});
  stream.on("response", note);
  stream.on("trailers", note);
  signal?.addEventListener("abort", cancel, { once: true });
  const ended = new Promise<void>((resolve, reject) => {
    stream.once("close", () => status === "ok" ? resolve() : reject(status));
  });
  const answered = new Promise<void>((resolve) => {
    stream.once("response", () => resolve());
    stream.once("close", () => resolve());
  });
  // Whoever left the loop early does not wait for the end.
  ended.catch(() => {});
  return {
    answered,
    ended,
    explain(error, broken) {
      if (signal?.aborted) return signal.reason;
      if (expired) {
        return new RpcError(StatusCode.DEADLINE_EXCEEDED, `no answer within ${timeoutMs} ms`);
      }
      if (status instanceof RpcError) return status;
      const ours = error instanceof RangeError || error instanceof ProtocolError;
      return ours ? error : breakOff(stream, error, broken);
    },
    release() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    },
  };
}

/** What to make of a call that ended without a status. */
function breakOff(
  stream: http2.ClientHttp2Stream,
  error: unknown,
  broken: Error | undefined,
): RpcError {
  const cause = broken ?? error;
  const text = cause instanceof Error ? `: ${cause.message}` : "";
  // The peer gave up this call alone; with anything else, the connection is over or about to be.
  const internal = (error as { code?: string } | undefined)?.code === "ERR_HTTP2_STREAM_ERROR" &&
    stream.rstCode === http2.constants.NGHTTP2_INTERNAL_ERROR;
  const code = internal ? StatusCode.INTERNAL : StatusCode.UNAVAILABLE;
  return new RpcError(code, `the call broke off${text}`, { cause });
}
