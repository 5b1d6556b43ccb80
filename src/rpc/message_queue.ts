/** The messages of one stream on their way to whoever reads them. */
import { FrameDecoder } from "./envelope.ts";
import type { Http2Stream } from "./http2/stream.ts";

/** Cuts a stream's bytes into messages and keeps them until they are read; the peer may send more as they are. */
export class MessageQueue implements AsyncIterable<Uint8Array[]> {
  /** Set by whoever opened or accepted the stream, before the first bytes come. */
  stream: Http2Stream | undefined;
  readonly #decoder = new FrameDecoder();
  /** Messages that wait, and the bytes to give back for them. */
  #waiting: Uint8Array[] = [];
  #waitingSize = 0;
  /** Bytes of messages that are not complete yet, as far as the peer was not given them back. */
  #partSize = 0;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** Takes bytes. Throws a `ProtocolError` if they are not messages. */
  push(bytes: Uint8Array): void {
    this.#partSize += bytes.length;
    const messages = this.#decoder.push(bytes);
    if (messages.length === 0) return this.#giveBackPart();
    if (this.#waiting.length === 0) this.#waiting = messages;
    else for (const message of messages) this.#waiting.push(message);
    this.#waitingSize += this.#partSize;
    this.#partSize = 0;
    this.#wake?.();
  }

  /** No more bytes come. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** The stream broke off: what waits can still be read, then `error` is thrown. Only the first counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  /**
   * A message that grows over many frames must not wait for the window that it fills itself. Nor must messages pile up
   * uncounted before a reader that is slower: parts are given back only while nothing is left to be read.
   */
  #giveBackPart(): void {
    if (this.#waiting.length > 0) return;
    this.stream?.consume(this.#partSize);
    this.#partSize = 0;
  }

  /** The messages, in arrays just as they came; can be iterated once. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array[], undefined> {
    return { next: () => this.#next() };
  }

  async #next(): Promise<IteratorResult<Uint8Array[], undefined>> {
    for (;;) {
      const messages = this.#waiting;
      if (messages.length > 0) {
        this.#waiting = [];
        this.stream?.consume(this.#waitingSize);
        this.#waitingSize = 0;
        this.#giveBackPart();
        return { done: false, value: messages };
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#ended) {
        this.#decoder.end();
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.#wake = undefined;
    }
  }
}
