/** A gRPC server on one duplex stream: the session's own side of the tunnel, on node:http2 directly. */
import { once } from "node:events";
import http2 from "node:http2";
import type { Duplex } from "node:stream";
import type { Handler, Handlers, ServerCall } from "./call.ts";
import { FrameDecoder } from "./envelope.ts";
import { Metadata } from "./metadata.ts";
import { RpcError, StatusCode } from "./status.ts";
import { WINDOW_SIZE } from "./tunnel.ts";

/** Messages batches that may wait for their handler before the peer is made to wait. */
const MAX_WAITING_BATCHES = 64;

/** A patterns list comes as one header each; 5,000 and more must pass (protocol: 1.5, 4.6). */
const MAX_HEADERS = 65_535;

/** Options of {@linkcode serve}. */
export interface ServeOptions {
  /** Told about every call that failed, with the error behind its status. */
  onFailure?: (path: string, error: unknown) => void;
}

/** Serves `handlers` on `duplex` until either side closes. */
export function serve(duplex: Duplex, handlers: Handlers, options: ServeOptions = {}): Server {
  return new Server(duplex, handlers, options);
}

/** The serving side of one HTTP/2 connection. */
export class Server {
  readonly #connection: http2.ServerHttp2Session;
  readonly #handlers: Handlers;
  readonly #onFailure: (path: string, error: unknown) => void;
  readonly #calls = new Set<Promise<void>>();

  constructor(duplex: Duplex, handlers: Handlers, { onFailure = () => {} }: ServeOptions) {
    this.#handlers = handlers;
    this.#onFailure = onFailure;
    this.#connection = http2.performServerHandshake(duplex, {
      settings: { initialWindowSize: WINDOW_SIZE, maxHeaderListSize: 64 << 20 },
      maxHeaderListPairs: MAX_HEADERS,
      maxSessionMemory: 1 << 10,
    });
    this.#connection.setLocalWindowSize(WINDOW_SIZE);
    // The duplex's owner reports why it broke; here the error would only be the echo of that.
    this.#connection.on("error", () => {});
    this.#connection.on("stream", (stream, headers, _flags, raw) => {
      const call = new Http2Call(stream, String(headers[":path"]), Metadata.fromRaw(raw ?? []));
      const done = this.#run(call).finally(() => this.#calls.delete(done));
      this.#calls.add(done);
    });
  }

  async #run(call: Http2Call): Promise<void> {
    try {
      const handler: Handler | undefined = Object.hasOwn(this.#handlers, call.path)
        ? this.#handlers[call.path]
        : undefined;
      if (handler === undefined) {
        throw new RpcError(StatusCode.UNIMPLEMENTED, `${call.path} is not served`);
      }
      await handler(call);
      await call.finish(StatusCode.OK, "");
    } catch (error) {
      this.#onFailure(call.path, error);
      const status = error instanceof RpcError ? error.status : StatusCode.UNKNOWN;
      await call.finish(status, error instanceof Error ? error.message : String(error));
    }
  }

  /** Breaks off the calls under way, then waits until their handlers are done. */
  async close(): Promise<void> {
    this.#connection.destroy();
    await Promise.all(this.#calls);
  }
}

class Http2Call implements ServerCall {
  readonly path: string;
  readonly metadata: Metadata;
  readonly signal: AbortSignal;
  readonly #stream: http2.ServerHttp2Stream;
  readonly #batches: Uint8Array[][] = [];
  #ended = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #drain: Promise<void> | undefined;

  constructor(stream: http2.ServerHttp2Stream, path: string, metadata: Metadata) {
    this.#stream = stream;
    this.path = path;
    this.metadata = metadata;
    const controller = new AbortController();
    this.signal = controller.signal;
    const decoder = new FrameDecoder();
    const fail = (error: Error) => {
      this.#failure ??= error;
      this.#wake?.();
      controller.abort(error);
    };
    stream.on("data", (chunk: Uint8Array) => this.#receive(decoder, chunk, fail));
    stream.on("end", () => {
      this.#ended = true;
      this.#wake?.();
    });
    stream.on("error", fail);
    stream.on(
      "close",
      () => fail(new RpcError(StatusCode.CANCELLED, `${path} was broken off by the daemon`)),
    );
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, {
      waitForTrailers: true,
    });
  }

  #receive(decoder: FrameDecoder, chunk: Uint8Array, fail: (error: Error) => void): void {
    try {
      const messages = decoder.push(chunk);
      if (messages.length === 0) return;
      this.#batches.push(messages);
    } catch (error) {
      fail(error as Error);
      this.#stream.close(http2.constants.NGHTTP2_PROTOCOL_ERROR);
    }
    if (this.#batches.length >= MAX_WAITING_BATCHES) this.#stream.pause();
    this.#wake?.();
  }

  readonly batches: AsyncIterable<Uint8Array[]> = {
    [Symbol.asyncIterator]: () => ({ next: () => this.#nextBatch() }),
  };

  async #nextBatch(): Promise<IteratorResult<Uint8Array[], undefined>> {
    for (;;) {
      const batch = this.#batches.shift();
      if (batch !== undefined) {
        if (this.#stream.isPaused()) this.#stream.resume();
        return { done: false, value: batch };
      }
      if (this.#ended) return { done: true, value: undefined };
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = undefined;
    }
  }

  write(frames: Uint8Array): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#stream.write(frames)) return undefined;
    this.#drain ??= this.#drained();
    return this.#drain;
  }

  async #drained(): Promise<void> {
    try {
      await once(this.#stream, "drain", { signal: this.signal });
    } catch (error) {
      throw this.#failure ?? error;
    } finally {
      this.#drain = undefined;
    }
  }

  /** Sends the status and waits until the stream is closed. */
  async finish(status: number, message: string): Promise<void> {
    const stream = this.#stream;
    if (stream.destroyed) return;
    const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
    stream.once("wantTrailers", () => {
      const text = message === "" ? {} : { "grpc-message": encodeMessage(message) };
      stream.sendTrailers({ "grpc-status": String(status), ...text });
      // The peer may still be sending; nothing of it matters once the status is out.
      if (!this.#ended) stream.resume();
    });
    stream.end();
    await closed;
  }
}

/** Percent-encoding of grpc-message ("gRPC over HTTP2", Status-Message), cut so that trailers stay small. */
function encodeMessage(message: string): string {
  return encodeURIComponent(message.slice(0, 2_000).toWellFormed()).replaceAll("%20", " ");
}
