/**
 * A byte pipe inside one gRPC call: BuildKit's `Control.Session`, whose two streams of BytesMessage carry a whole HTTP/2
 * connection (session/grpchijack). Spoken on node:http2 directly, because a message at a time through a gRPC library costs more
 * than moving the bytes.
 */
import { once } from "node:events";
import http2 from "node:http2";
import { bytesMessageData, bytesMessageHeader } from "./bytes_message.ts";
import { FrameDecoder } from "./envelope.ts";
import type { Pipe, PipeReceiver } from "./pipe.ts";
import { RpcError, StatusCode } from "./status.ts";
import { statusOf } from "./status_headers.ts";

/** Largest piece put into one message; far below the 16 MiB that the daemon accepts. */
const MAX_PIECE = 1 << 20;

/** How long the peer may take to end its side after we ended ours, in milliseconds. */
const CLOSE_GRACE_MS = 2_000;

/** The pipe on one HTTP/2 stream; its connection is not its own. */
export class Tunnel implements Pipe {
  readonly #stream: http2.ClientHttp2Stream;
  readonly #decoder = new FrameDecoder();
  #receiver: PipeReceiver | undefined;
  #failure: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(stream: http2.ClientHttp2Stream) {
    this.#stream = stream;
    this.#listen();
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
      this.#stream.write(bytesMessageHeader(piece.length));
      room = this.#stream.write(piece);
    }
    return room;
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  #listen(): void {
    this.#stream.on("error", (error) => this.#fail(error));
    this.#stream.on("close", () => {
      this.#fail(new RpcError(StatusCode.UNAVAILABLE, "the session's connection was closed"));
    });
    this.#stream.on("response", (headers) => this.#checkStatus(headers));
    this.#stream.on("trailers", (headers) => this.#checkStatus(headers));
    this.#stream.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    this.#stream.on("drain", () => this.#receiver?.drained());
  }

  #receive(chunk: Uint8Array): void {
    // Whatever still comes while closing is for a session that is over.
    if (this.#closing !== undefined) return;
    try {
      for (const message of this.#decoder.push(chunk)) {
        const data = bytesMessageData(message);
        if (data.length > 0) this.#receiver?.data(data);
      }
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #checkStatus(headers: http2.IncomingHttpHeaders): void {
    const status = statusOf(headers);
    if (status instanceof RpcError) this.#fail(status);
    else if (status === "ok") {
      this.#fail(new RpcError(StatusCode.UNAVAILABLE, "the daemon ended the session"));
    }
  }

  /** The first error counts; after it, or once closing has begun, the rest are its echoes. */
  #fail(error: Error): void {
    if (this.#failure !== undefined || this.#closing !== undefined) return;
    this.#failure = error;
    this.#stream.close(http2.constants.NGHTTP2_CANCEL);
    this.#receiver?.closed(error);
  }

  async #close(): Promise<void> {
    if (this.#stream.closed) return;
    this.#stream.end();
    await this.#peerEnd();
    this.#stream.close(http2.constants.NGHTTP2_CANCEL);
  }

  /** Waits for the daemon to end the call too: it then has taken note of the end, and logs no error. */
  async #peerEnd(): Promise<void> {
    const grace = new AbortController();
    const timer = setTimeout(() => grace.abort(), CLOSE_GRACE_MS);
    try {
      await once(this.#stream, "close", { signal: grace.signal });
    } catch {
      // Either the grace is over or the stream broke: both mean that there is nothing left to wait for.
    } finally {
      clearTimeout(timer);
    }
  }
}
