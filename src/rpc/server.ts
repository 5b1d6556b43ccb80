/** A gRPC server on one pipe: the session's own side of the tunnel. */
import type { Handler, Handlers, ServerCall } from "./call.ts";
import { Connection } from "./http2/connection.ts";
import { ErrorCode } from "./http2/frames.ts";
import type { Http2Stream, StreamListener } from "./http2/stream.ts";
import { MessageQueue } from "./message_queue.ts";
import { Metadata } from "./metadata.ts";
import type { Pipe } from "./pipe.ts";
import { quoted, Refusal } from "./refusal.ts";
import { RpcError, StatusCode } from "./status.ts";
import { encodeStatusMessage } from "./status_message.ts";

/** Options of {@linkcode serve}. */
export interface ServeOptions {
  /** Told about every call that failed, with the error behind its status. */
  onFailure?: (path: string, error: unknown) => void;
  /** Told once if the pipe breaks, or the peer breaks the protocol. */
  onLost?: (error: Error) => void;
}

/** Serves `handlers` on `pipe` until either side closes. The pipe stays its owner's. */
export function serve(pipe: Pipe, handlers: Handlers, options: ServeOptions = {}): Server {
  return new Server(pipe, handlers, options);
}

/** The serving side of one connection. */
export class Server {
  readonly #connection: Connection;
  readonly #handlers: Handlers;
  readonly #onFailure: (path: string, error: unknown) => void;
  readonly #calls = new Set<Promise<void>>();
  #received = 0;

  constructor(pipe: Pipe, handlers: Handlers, options: ServeOptions) {
    const { onFailure = () => {} } = options;
    const onLost = once(options.onLost ?? (() => {}));
    this.#handlers = handlers;
    this.#onFailure = onFailure;
    this.#connection = new Connection({
      write: (bytes) => pipe.write(bytes),
      onStream: (stream) => this.#accept(stream),
      onError: onLost,
    });
    pipe.start({
      data: (bytes) => {
        this.#received += bytes.length;
        this.#connection.receive(bytes);
      },
      drained: () => this.#connection.transportDrained(),
      closed: (error) => {
        this.#connection.close(error);
        onLost(error);
      },
    });
  }

  /** Bytes that came from the peer so far. */
  get received(): number {
    return this.#received;
  }

  #accept(stream: Http2Stream): void {
    const done = this.#run(new Call(stream)).finally(() => this.#calls.delete(done));
    this.#calls.add(done);
  }

  async #run(call: Call): Promise<void> {
    try {
      const handler: Handler | undefined = Object.hasOwn(this.#handlers, call.path)
        ? this.#handlers[call.path]
        : undefined;
      if (handler === undefined) {
        const text = `${call.path} is not served`;
        throw new Refusal(StatusCode.UNIMPLEMENTED, quoted(call.path), text);
      }
      await handler(call);
      call.finish(StatusCode.OK, "");
    } catch (error) {
      this.#onFailure(call.path, error);
      const status = error instanceof RpcError ? error.status : StatusCode.UNKNOWN;
      call.finish(status, error instanceof Error ? error.message : String(error));
    }
  }

  /** Breaks off the calls under way, then waits until their handlers are done. */
  async close(): Promise<void> {
    this.#connection.close(new RpcError(StatusCode.CANCELLED, "the session was closed"));
    await Promise.all(this.#calls);
  }
}

function once(tell: (error: Error) => void): (error: Error) => void {
  let told = false;
  return (error) => {
    if (!told) tell(error);
    told = true;
  };
}

class Call implements ServerCall, StreamListener {
  readonly path: string;
  readonly metadata: Metadata;
  readonly signal: AbortSignal;
  readonly #stream: Http2Stream;
  readonly #broken = new AbortController();
  readonly #queue = new MessageQueue();
  #failure: Error | undefined;
  #finished = false;
  #drain:
    | { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void }
    | undefined;

  constructor(stream: Http2Stream) {
    this.#stream = stream;
    this.metadata = new Metadata(stream.headers);
    this.path = this.metadata.get(":path") ?? "";
    this.signal = this.#broken.signal;
    stream.listener = this;
    this.#queue.stream = stream;
    stream.respond([[":status", "200"], ["content-type", "application/grpc"]]);
  }

  data(bytes: Uint8Array): void {
    try {
      this.#queue.push(bytes);
    } catch (error) {
      this.#stream.reset(ErrorCode.PROTOCOL_ERROR);
      this.broken(error as Error);
    }
  }

  end(): void {
    this.#queue.end();
  }

  broken(error: Error): void {
    this.#failure ??= error;
    this.#broken.abort(error);
    this.#drain?.reject(error);
    this.#queue.fail(error);
  }

  drained(): void {
    this.#drain?.resolve();
    this.#drain = undefined;
  }

  get batches(): AsyncIterable<Uint8Array[]> {
    return this.#queue;
  }

  write(frames: Uint8Array): Promise<void> | undefined {
    if (this.#failure === undefined && !this.#finished && this.#stream.write(frames)) {
      return undefined;
    }
    this.#drain ??= deferred();
    if (this.#finished) this.#drain.reject(this.#ended());
    else if (this.#failure !== undefined) this.#drain.reject(this.#failure);
    return this.#drain.promise;
  }

  finish(status: number, message: string): void {
    const text: [string, string][] = message === ""
      ? []
      : [["grpc-message", encodeStatusMessage(message)]];
    this.#stream.end([["grpc-status", String(status)], ...text]);
    this.#finished = true;
    this.#drain?.reject(this.#ended());
  }

  /** Made when it is needed: an error for each call that ends well would be the dearest part of a small one. */
  #ended(): Error {
    return this.#failure ??= new RpcError(StatusCode.CANCELLED, `${this.path} has ended`);
  }
}

function deferred(): {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: Error) => void;
} {
  let resolve = () => {};
  let reject = (_error: Error) => {};
  const promise = new Promise<void>((ok, fail) => {
    resolve = ok;
    reject = fail;
  });
  // Who wrote without waiting learns of a broken call from the signal.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
