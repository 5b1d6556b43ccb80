/**
 * A gRPC client on one byte stream ("gRPC over HTTP2").
 *
 * One stream for all: behind a name or a load balancer may stand several daemons, and a build's session and solve must meet on
 * one; some ways to a daemon give a single stream anyway.
 */
import type { CallOptions, Channel } from "./channel.ts";
import { ClientCall } from "./client_call.ts";
import { envelope } from "./envelope.ts";
import { Connection } from "./http2/connection.ts";
import type { HeaderField } from "./http2/hpack.ts";
import type { Http2Stream, StreamListener } from "./http2/stream.ts";
import type { Method } from "./method.ts";
import type { Pipe, Wire } from "./pipe.ts";
import { RpcError, StatusCode } from "./status.ts";
import { Tunnel } from "./tunnel.ts";
import { unrefTimeout } from "../runtime/timers.ts";

/** Opens a channel on a connection, which it owns from now on. */
export function openChannel(wire: Wire, authority: string): Channel {
  return new Http2Channel(wire, authority);
}

class Http2Channel implements Channel {
  readonly closed: AbortSignal;
  readonly #wire: Wire;
  readonly #authority: string;
  readonly #connection: Connection;
  readonly #over = new AbortController();
  readonly #greeting: Promise<void>;
  #lost: Error | undefined;
  #ended: Promise<void> | undefined;

  constructor(wire: Wire, authority: string) {
    this.closed = this.#over.signal;
    this.#wire = wire;
    this.#authority = authority;
    let greet = (): void => {};
    this.#greeting = new Promise((resolve) => greet = resolve);
    this.closed.addEventListener("abort", greet, { once: true });
    this.#connection = new Connection({
      role: "client",
      onGreeting: greet,
      write: (bytes) => wire.write(bytes),
      onGoaway: () => this.#over.abort(new Error("the daemon is closing the connection")),
      onError: (error) => this.#lose(error),
    });
    wire.start({
      data: (bytes) => this.#connection.receive(bytes),
      drained: () => this.#connection.transportDrained(),
      closed: (error) => this.#lose(error),
    });
  }

  async greeted(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    let stop = () => {};
    let onAbort = () => {};
    const late = new Promise<boolean>((resolve, reject) => {
      stop = unrefTimeout(() => resolve(false), timeoutMs);
      onAbort = () => reject(signal!.reason);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
    try {
      return await Promise.race([this.#greeting.then(() => true), late]);
    } finally {
      stop();
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
    const { signal, timeoutMs, metadata = {} } = options;
    signal?.throwIfAborted();
    const fields = fieldsOf(metadata);
    if (timeoutMs !== undefined) fields.push(["grpc-timeout", grpcTimeout(timeoutMs)]);
    const open = (listener: StreamListener) => this.#request(method.path, fields, listener);
    const call = new ClientCall(open, envelope(method.request.encode(request)), options);
    for await (const message of call.messages()) yield method.response.decode(message);
  }

  openPipe(path: string, metadata: Readonly<Record<string, string | string[]>>): Pipe {
    return new Tunnel((listener) => this.#request(path, fieldsOf(metadata), listener));
  }

  #request(
    path: string,
    metadata: readonly HeaderField[],
    listener: StreamListener,
  ): Http2Stream {
    if (this.closed.aborted) {
      throw new RpcError(StatusCode.UNAVAILABLE, "the connection is closed", { cause: this.#lost });
    }
    return this.#connection.open([
      [":method", "POST"],
      [":scheme", "http"],
      [":path", path],
      [":authority", this.#authority],
      ["content-type", "application/grpc"],
      ["te", "trailers"],
      ...metadata,
    ], listener);
  }

  /** The first error counts; the rest are its echoes. */
  #lose(error: Error): void {
    this.#lost ??= error;
    this.#connection.close(this.#lost);
    this.#over.abort(this.#lost);
    this.#ended ??= this.#wire.destroy();
  }

  async close(): Promise<void> {
    this.#lose(new RpcError(StatusCode.UNAVAILABLE, "the connection was closed here"));
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** One header field for each value. */
function fieldsOf(metadata: Readonly<Record<string, string | string[]>>): HeaderField[] {
  return Object.entries(metadata).flatMap(([name, values]) =>
    [values].flat().map((value): HeaderField => [name, value])
  );
}

/** At most eight digits ("gRPC over HTTP2", Timeout). */
function grpcTimeout(ms: number): string {
  return ms < 1e8 ? `${Math.ceil(ms)}m` : `${Math.min(Math.ceil(ms / 1_000), 99_999_999)}S`;
}
