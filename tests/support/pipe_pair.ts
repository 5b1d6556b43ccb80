/** A pipe joined to a Duplex in memory: what one side writes, the other reads. */
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import type { Pipe, PipeReceiver } from "../../src/rpc/pipe.ts";

/** The two ends: ours, and one for an HTTP/2 client of the runtime. */
export interface PipePair {
  readonly pipe: MemoryPipe;
  readonly peer: Duplex;
}

/** Makes a joined pair. The peer's end stops reading when its own buffer is full, so that back pressure is real. */
export function pipePair(): PipePair {
  const pipe = new MemoryPipe();
  const peer = new Duplex({
    read: () => pipe.taken(),
    write: (chunk: Buffer, _encoding, done) => {
      pipe.deliver(chunk);
      setImmediate(done);
    },
    final: (done) => {
      pipe.fail(new Error("the peer ended"));
      done();
    },
  });
  pipe.join(peer);
  return { pipe, peer };
}

/** The pipe's end of a pair. */
export class MemoryPipe implements Pipe {
  /** Bytes written and not yet wanted by the peer, now and at most. */
  buffered = 0;
  mostBuffered = 0;
  readonly #waiting: Uint8Array[] = [];
  #receiver: PipeReceiver | undefined;
  #peer: Duplex | undefined;
  #wanted = false;
  #full = false;
  #closed = false;

  join(peer: Duplex): void {
    this.#peer = peer;
  }

  start(receiver: PipeReceiver): void {
    this.#receiver = receiver;
  }

  deliver(bytes: Uint8Array): void {
    if (!this.#closed) this.#receiver?.data(Uint8Array.from(bytes));
  }

  /** Breaks the pipe. */
  fail(error: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#receiver?.closed(error);
    this.#peer?.destroy();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#closed) return false;
    this.#waiting.push(bytes);
    this.buffered += bytes.length;
    this.mostBuffered = Math.max(this.mostBuffered, this.buffered);
    this.#flow();
    this.#full = this.#waiting.length > 0;
    return !this.#full;
  }

  /** The peer wants more. */
  taken(): void {
    this.#wanted = true;
    this.#flow();
    if (this.#full && this.#waiting.length === 0) {
      this.#full = false;
      setImmediate(() => this.#receiver?.drained());
    }
  }

  #flow(): void {
    while (this.#wanted && this.#waiting.length > 0) {
      const bytes = this.#waiting.shift()!;
      this.buffered -= bytes.length;
      this.#wanted = this.#peer!.push(Buffer.from(bytes));
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#peer?.push(null);
    return Promise.resolve();
  }
}
