/** A pipe on a socket of Deno's own: loading `node:net` takes as long as a third of a small build. */
import type { DenoConn } from "../runtime/deno.ts";
import { concat } from "./concat.ts";
import { CLOSE_GRACE_MS, MAX_UNSENT, type PipeReceiver, type Wire } from "./pipe.ts";
import { RpcError, StatusCode } from "./status.ts";
import { reuse } from "../runtime/memory.ts";
import { unrefTimeout } from "../runtime/timers.ts";

/** Parts that have no more bytes together become one write; a larger one is not copied. */
const SMALL = 64 << 10;

/** Bytes read at once. */
const READ_SIZE = 256 << 10;

/** The pipe on a connected socket, which it owns from now on. */
export function denoPipe(conn: DenoConn): Wire {
  return new DenoPipe(conn);
}

class DenoPipe implements Wire {
  readonly #conn: DenoConn;
  #receiver: PipeReceiver | undefined;
  #failure: Error | undefined;
  #waiting: Uint8Array[] = [];
  #waitingSize = 0;
  #writing: Promise<void> | undefined;
  #reading: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #released = false;

  constructor(conn: DenoConn) {
    this.#conn = conn;
  }

  start(receiver: PipeReceiver): void {
    this.#receiver = receiver;
    this.#reading = this.#read();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#failure !== undefined || this.#closing !== undefined) return false;
    this.#waiting.push(bytes);
    this.#waitingSize += bytes.length;
    this.#writing ??= this.#flush();
    return this.#waitingSize < MAX_UNSENT;
  }

  close(graceMs = CLOSE_GRACE_MS): Promise<void> {
    return this.#closing ??= this.#close(graceMs);
  }

  async #read(): Promise<void> {
    let buffer = new Uint8Array(READ_SIZE);
    try {
      for (;;) {
        const count = await this.#conn.read(buffer);
        if (count === null) return this.#fail(lost("the daemon closed the connection"));
        // What was closed here has nobody to read on.
        if (this.#closing === undefined) this.#receiver!.data(buffer.subarray(0, count));
        // Whoever took the bytes may keep them.
        buffer = count * 2 < buffer.length ? buffer.subarray(count) : new Uint8Array(READ_SIZE);
      }
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  async #flush(): Promise<void> {
    try {
      // A turn for what else is written at once.
      await Promise.resolve();
      while (this.#waiting.length > 0) {
        const bytes = this.#next();
        for (let sent = 0; sent < bytes.length;) {
          sent += await this.#conn.write(sent === 0 ? bytes : bytes.subarray(sent));
        }
        reuse(bytes);
        const wasFull = this.#waitingSize >= MAX_UNSENT;
        this.#waitingSize -= bytes.length;
        if (wasFull && this.#waitingSize < MAX_UNSENT) this.#receiver?.drained();
      }
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      this.#writing = undefined;
    }
  }

  /** What is to be written next: small parts together, since each write is a system call. */
  #next(): Uint8Array {
    let count = 1;
    for (let size = this.#waiting[0]!.length; count < this.#waiting.length; count++) {
      size += this.#waiting[count]!.length;
      if (size > SMALL) break;
    }
    return concat(this.#waiting.splice(0, count));
  }

  /** The first error counts; after it, or once closing has begun, the rest are its echoes. */
  #fail(error: Error): void {
    if (this.#failure !== undefined || this.#closing !== undefined) return;
    this.#failure = error;
    this.#release();
    this.#receiver?.closed(error);
  }

  async destroy(): Promise<void> {
    this.#closing ??= Promise.resolve();
    this.#release();
    await this.#reading;
  }

  async #close(graceMs: number): Promise<void> {
    if (this.#failure !== undefined) return;
    const stop = unrefTimeout(() => this.#release(), graceMs);
    await this.#writing;
    // A peer that has gone already needs no telling.
    await this.#conn.closeWrite().catch(() => {});
    await this.#reading;
    stop();
    this.#release();
  }

  #release(): void {
    if (!this.#released) this.#conn.close();
    this.#released = true;
  }
}

function lost(text: string): RpcError {
  return new RpcError(StatusCode.UNAVAILABLE, text);
}
