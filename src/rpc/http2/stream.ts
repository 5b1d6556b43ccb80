/** One stream of an HTTP/2 connection, with its own flow control. */
import { ProtocolError } from "../../errors.ts";
import { ReceiveWindow, SendWindow } from "./flow_control.ts";
import { reuse } from "../../runtime/memory.ts";
import type { HeaderField } from "./hpack.ts";

/** What a stream needs of its connection. */
export interface StreamOwner {
  sendHeaders(stream: Http2Stream, fields: readonly HeaderField[], last: boolean): void;
  /** Sends what flow control allows of the stream's waiting bytes. */
  sendWaiting(stream: Http2Stream): void;
  /** Ends our side of a stream without trailers. */
  sendEnd(stream: Http2Stream): void;
  sendReset(stream: Http2Stream, code: number): void;
  /** Gives the peer `count` bytes more to send. */
  consumed(stream: Http2Stream, count: number): void;
  forget(stream: Http2Stream): void;
  /** Whether the transport beneath takes more without piling it up. */
  readonly writable: boolean;
}

/** Who takes what the peer sends. */
export interface StreamListener {
  /** Headers or trailers of the answer; only on streams that we opened. */
  headers?(fields: readonly HeaderField[]): void;
  data(bytes: Uint8Array): void;
  end(): void;
  /** The stream broke off; nothing follows. */
  broken(error: Error): void;
  /** There is room again after {@linkcode Http2Stream.write} returned false. */
  drained(): void;
}

/** Bytes that may wait for the peer's window before the writer is told to stop. */
const MAX_WAITING = 1 << 20;

/** The peer gave up one stream. */
export class StreamResetError extends ProtocolError {
  /** One of `ErrorCode`. */
  readonly errorCode: number;

  constructor(errorCode: number) {
    super(`The daemon broke the call off (HTTP/2 error ${errorCode})`);
    this.errorCode = errorCode;
  }
}

/** A stream that the peer opened, or we. */
export class Http2Stream {
  readonly id: number;
  readonly headers: readonly HeaderField[];
  listener: StreamListener | undefined;
  readonly sendWindow: SendWindow;
  readonly receiveWindow: ReceiveWindow = new ReceiveWindow();
  waitingSize = 0;
  /** Bytes of the headers, as far as its connection counts them. */
  headersSize = 0;
  remoteEnded = false;
  closed = false;
  readonly #owner: StreamOwner;
  #waiting: Uint8Array[] = [];
  /** How much of the first of them is sent. */
  #sent = 0;
  #stalled = false;
  /** Our side is to end once all that waits is sent: with these trailers, or without any. */
  #ending: { trailers?: readonly HeaderField[] } | undefined;
  #localEnded = false;

  constructor(
    owner: StreamOwner,
    id: number,
    headers: readonly HeaderField[],
    peerWindow: number,
  ) {
    this.#owner = owner;
    this.id = id;
    this.headers = headers;
    this.sendWindow = new SendWindow(peerWindow);
  }

  /** Sends the response's headers. */
  respond(fields: readonly HeaderField[]): void {
    if (!this.closed) this.#owner.sendHeaders(this, fields, false);
  }

  /**
   * Sends bytes, or keeps them until the peer's window allows; they are the stream's from now on. Returns false if the writer
   * should wait for `drained`.
   */
  write(...parts: Uint8Array[]): boolean {
    if (this.closed) return false;
    for (const part of parts) {
      this.#waiting.push(part);
      this.waitingSize += part.length;
    }
    this.#owner.sendWaiting(this);
    // Whoever was told to wait is woken by `drained`, also if there is room before that.
    this.#stalled ||= !this.#hasRoom();
    return !this.#stalled;
  }

  /** Moves the next `length` of the waiting bytes into `into`. */
  take(into: Uint8Array, offset: number, length: number): void {
    this.waitingSize -= length;
    let finished = 0;
    let at = offset;
    for (let left = length; left > 0;) {
      const part = this.#waiting[finished]!;
      const count = Math.min(left, part.length - this.#sent);
      into.set(count === part.length ? part : part.subarray(this.#sent, this.#sent + count), at);
      at += count;
      left -= count;
      this.#sent += count;
      if (this.#sent < part.length) break;
      this.#sent = 0;
      finished++;
      reuse(part);
    }
    if (finished > 0) this.#waiting = this.#waiting.slice(finished);
  }

  /** Ends our side with these trailers, or without any, once all that waits is sent. */
  end(trailers?: readonly HeaderField[]): void {
    if (this.closed || this.#ending !== undefined) return;
    this.#ending = trailers === undefined ? {} : { trailers };
    this.#finish();
  }

  /** Called by the connection when the peer has ended its side. */
  endRemote(): void {
    this.remoteEnded = true;
    this.listener?.end();
    if (this.#localEnded) this.close();
  }

  /** Breaks the stream off on both sides. */
  reset(code: number): void {
    if (this.closed) return;
    this.#owner.sendReset(this, code);
    this.close();
  }

  /** Lets the peer send as many bytes more. */
  consume(count: number): void {
    if (!this.closed && !this.remoteEnded) this.#owner.consumed(this, count);
  }

  /** Called by the connection after it has sent waiting bytes, or the transport has room again. */
  progressed(): void {
    if (this.closed) return;
    this.#finish();
    if (this.#stalled && this.#hasRoom()) {
      this.#stalled = false;
      this.listener?.drained();
    }
  }

  /** Called by the connection when the peer or the transport broke it off. */
  abort(error: Error): void {
    if (this.closed) return;
    this.close();
    this.listener?.broken(error);
  }

  close(): void {
    this.closed = true;
    this.#waiting = [];
    this.#sent = 0;
    this.waitingSize = 0;
    this.#owner.forget(this);
  }

  #hasRoom(): boolean {
    return this.waitingSize < MAX_WAITING && this.#owner.writable;
  }

  #finish(): void {
    if (this.#ending === undefined || this.#localEnded || this.waitingSize > 0) return;
    this.#localEnded = true;
    const { trailers } = this.#ending;
    if (trailers === undefined) {
      this.#owner.sendEnd(this);
      if (this.remoteEnded) this.close();
      return;
    }
    this.#owner.sendHeaders(this, trailers, true);
    // An answer before the end of the question: the peer is told that the rest is not wanted (RFC 9113, 8.1).
    if (!this.remoteEnded) this.#owner.sendReset(this, 0);
    this.close();
  }
}
