/** The build's side of a connection, without a builder. */
import type { Answer, Connection } from "../../src/ssh/connection.ts";

/** A connection that a test writes to and reads from. */
export class TestConnection implements Connection {
  readonly #abort = new AbortController();
  readonly #sent: Uint8Array[] = [];
  #ended = false;
  #wake = () => {};
  #received: Uint8Array[] = [];
  #arrived = () => {};
  /** While true, what is answered stays under way. */
  blocked = false;
  #unblock = () => {};
  /** Chunks that were not taken yet. */
  get waiting(): number {
    return this.#sent.length;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What was answered so far. */
  get received(): Uint8Array {
    const blob = new Uint8Array(this.#received.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#received) {
      blob.set(part, at);
      at += part.length;
    }
    return blob;
  }

  /** Has `answer` serve it. */
  servedBy(answer: Answer): Promise<void> {
    return answer(this);
  }

  send(...chunks: Uint8Array[]): void {
    this.#sent.push(...chunks);
    this.#wake();
  }

  /** Half-closes. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Breaks off. */
  break(reason: Error): void {
    this.#abort.abort(reason);
    this.#wake();
    this.#unblock();
  }

  unblock(): void {
    this.blocked = false;
    this.#unblock();
  }

  /** Waits until so many bytes were answered. */
  async until(bytes: number): Promise<Uint8Array> {
    while (this.received.length < bytes) {
      await new Promise<void>((resolve) => this.#arrived = resolve);
    }
    return this.received;
  }

  readonly chunks: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({ next: () => this.#next() }),
  };

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      this.signal.throwIfAborted();
      const value = this.#sent.shift();
      if (value !== undefined) return { done: false, value };
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.blocked) await new Promise<void>((resolve) => this.#unblock = resolve);
    this.signal.throwIfAborted();
    this.#received.push(bytes.slice());
    this.#arrived();
  }
}
