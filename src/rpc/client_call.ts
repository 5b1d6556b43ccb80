/** One call that we make: its messages, its status, its deadline and its signal. */
import { ProtocolError } from "../errors.ts";
import type { CallOptions } from "./channel.ts";
import { ErrorCode } from "./http2/frames.ts";
import type { HeaderField } from "./http2/hpack.ts";
import { type Http2Stream, type StreamListener, StreamResetError } from "./http2/stream.ts";
import { MessageQueue } from "./message_queue.ts";
import { Metadata } from "./metadata.ts";
import { RpcError, StatusCode } from "./status.ts";
import { statusOf } from "./status_headers.ts";
import { LONGEST_TIMER_MS, unrefTimeout } from "../runtime/timers.ts";

/** Follows a call from its first message to its status. */
export class ClientCall implements StreamListener {
  readonly #queue = new MessageQueue();
  readonly #stream: Http2Stream;
  readonly #signal: AbortSignal | undefined;
  readonly #stopTimer: (() => void) | undefined;
  #status: RpcError | "ok" | undefined;

  /** `open` opens the call's stream with the given listener; `message` is the framed request. */
  constructor(
    open: (listener: StreamListener) => Http2Stream,
    message: Uint8Array,
    { signal, timeoutMs }: CallOptions,
  ) {
    this.#signal = signal;
    this.#stream = open(this);
    this.#queue.stream = this.#stream;
    this.#stream.write(message);
    this.#stream.end();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (timeoutMs === undefined) return;
    const expired = new RpcError(StatusCode.DEADLINE_EXCEEDED, `no answer within ${timeoutMs} ms`);
    const limitMs = Math.min(timeoutMs, LONGEST_TIMER_MS);
    this.#stopTimer = unrefTimeout(() => this.#cancel(expired), limitMs);
  }

  /** The messages as they come. Throws what ended the call, unless that was the status OK. */
  async *messages(): AsyncGenerator<Uint8Array> {
    try {
      for await (const batch of this.#queue) yield* batch;
      if (this.#status === undefined) throw brokenOff(new Error("it ended without a status"));
      if (this.#status !== "ok") throw this.#status;
    } finally {
      this.#stopTimer?.();
      this.#signal?.removeEventListener("abort", this.#onAbort);
      this.#stream.reset(ErrorCode.CANCEL);
    }
  }

  readonly #onAbort = (): void => this.#cancel(this.#signal!.reason);

  #cancel(reason: unknown): void {
    this.#stream.reset(ErrorCode.CANCEL);
    this.#queue.fail(reason);
  }

  headers(fields: readonly HeaderField[]): void {
    this.#status ??= statusOf(new Metadata(fields));
    // An answer that is not gRPC has nothing else to say.
    if (this.#status instanceof RpcError) this.#queue.fail(this.#status);
  }

  data(bytes: Uint8Array): void {
    if (this.#status instanceof RpcError) return;
    try {
      this.#queue.push(bytes);
    } catch (error) {
      this.#cancel(error);
    }
  }

  end(): void {
    this.#queue.end();
  }

  broken(error: Error): void {
    this.#queue.fail(brokenOff(error));
  }

  drained(): void {
    // A request is one message, and nobody waits for it.
  }
}

/** What to make of a call that ended without a status. */
function brokenOff(error: Error): Error {
  if (error instanceof ProtocolError && !(error instanceof StreamResetError)) return error;
  // The peer gave up this call alone; with anything else, the connection is over or about to be.
  const internal = error instanceof StreamResetError &&
    error.errorCode === ErrorCode.INTERNAL_ERROR;
  const code = internal ? StatusCode.INTERNAL : StatusCode.UNAVAILABLE;
  return new RpcError(code, `the call broke off: ${error.message}`, { cause: error });
}
