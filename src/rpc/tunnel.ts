/**
 * A byte pipe inside one gRPC call: BuildKit's `Control.Session`, whose two streams of BytesMessage carry a whole HTTP/2
 * connection (session/grpchijack).
 */
import { bytesMessageHeader } from "./bytes_message.ts";
import { BytesMessageReader } from "./bytes_message_reader.ts";
import { ErrorCode } from "./http2/frames.ts";
import type { HeaderField } from "./http2/hpack.ts";
import type { Http2Stream, StreamListener } from "./http2/stream.ts";
import { Metadata } from "./metadata.ts";
import { CLOSE_GRACE_MS, type Pipe, type PipeReceiver } from "./pipe.ts";
import { RpcError, StatusCode } from "./status.ts";
import { statusOf } from "./status_headers.ts";
import { unrefTimeout } from "../runtime/timers.ts";

/**
 * Largest piece put into one message; far below the 16 MiB that the daemon accepts. Memory that is used again (memory.ts) is
 * smaller, so that none of it is free again when only its first piece is sent.
 */
const MAX_PIECE = 1 << 20;

/** Says that the daemon ended the call in order, which it does with sessions that it gives up. */
export const ENDED = "the daemon ended the session";

/** The pipe on one HTTP/2 stream, which it listens to; its connection is not its own. */
export class Tunnel implements Pipe, StreamListener {
  readonly #stream: Http2Stream;
  readonly #reader = new BytesMessageReader();
  #receiver: PipeReceiver | undefined;
  #failure: Error | undefined;
  #closing: Promise<void> | undefined;
  #peerEnded: (() => void) | undefined;

  /** `open` opens the call's stream with the given listener. */
  constructor(open: (listener: StreamListener) => Http2Stream) {
    this.#stream = open(this);
  }

  start(receiver: PipeReceiver): void {
    this.#receiver = receiver;
    if (this.#failure !== undefined) receiver.closed(this.#failure);
  }

  write(bytes: Uint8Array): boolean {
    if (this.#failure !== undefined || this.#closing !== undefined) return false;
    let room = true;
    for (let offset = 0; offset < bytes.length; offset += MAX_PIECE) {
      const piece = bytes.subarray(offset, offset + MAX_PIECE);
      room = this.#stream.write(bytesMessageHeader(piece.length), piece);
    }
    return room;
  }

  close(graceMs = CLOSE_GRACE_MS): Promise<void> {
    return this.#closing ??= this.#close(graceMs);
  }

  headers(fields: readonly HeaderField[]): void {
    const status = statusOf(new Metadata(fields));
    if (status instanceof RpcError) this.#fail(status);
  }

  data(bytes: Uint8Array): void {
    // What runs in the tunnel has a flow control of its own.
    this.#stream.consume(bytes.length);
    // Whatever still comes while closing is for a session that is over.
    if (this.#closing !== undefined) return;
    try {
      this.#reader.push(bytes, (data) => this.#receiver?.data(data));
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  drained(): void {
    this.#receiver?.drained();
  }

  end(): void {
    this.#peerEnded?.();
    this.#fail(new RpcError(StatusCode.UNAVAILABLE, ENDED));
  }

  broken(error: Error): void {
    this.#peerEnded?.();
    this.#fail(new RpcError(StatusCode.UNAVAILABLE, error.message, { cause: error }));
  }

  /** The first error counts; after it, or once closing has begun, the rest are its echoes. */
  #fail(error: Error): void {
    if (this.#failure !== undefined || this.#closing !== undefined) return;
    this.#failure = error;
    this.#stream.reset(ErrorCode.CANCEL);
    this.#receiver?.closed(error);
  }

  /** Waits for the daemon to end the call too: it then has taken note of the end, and logs no error. */
  async #close(graceMs: number): Promise<void> {
    if (this.#stream.closed) return;
    const ended = new Promise<void>((resolve) => this.#peerEnded = resolve);
    const stop = unrefTimeout(() => this.#peerEnded?.(), graceMs);
    this.#stream.end();
    await ended;
    stop();
    this.#stream.reset(ErrorCode.CANCEL);
  }
}
