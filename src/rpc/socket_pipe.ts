/** A pipe on a byte stream of Node's: a socket, or what a program relays. */
import { once } from "node:events";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { CLOSE_GRACE_MS, MAX_UNSENT, type PipeReceiver, type Wire } from "./pipe.ts";
import { RpcError, StatusCode } from "./status.ts";
import { reuse } from "../runtime/memory.ts";

/** The pipe on a connected stream, which it owns from now on. */
export function socketPipe(socket: Duplex): Wire {
  return new SocketPipe(socket);
}

class SocketPipe implements Wire {
  readonly #socket: Duplex;
  #receiver: PipeReceiver | undefined;
  #failure: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(socket: Duplex) {
    this.#socket = socket;
    socket.on("error", (error) => this.#fail(error));
    socket.on("end", () => this.#fail(lost("the daemon closed the connection")));
    socket.on("close", () => this.#fail(lost("the connection was closed")));
    socket.on("drain", () => this.#receiver?.drained());
  }

  start(receiver: PipeReceiver): void {
    this.#receiver = receiver;
    if (this.#failure !== undefined) return receiver.closed(this.#failure);
    this.#socket.on("data", (bytes: Uint8Array) => receiver.data(bytes));
    // Whoever handed it over has paused it, so that nothing is lost meanwhile.
    this.#socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#failure !== undefined || this.#closing !== undefined) return false;
    this.#socket.write(bytes, (error) => {
      // Other streams may have passed on what they say is written.
      if (!error && this.#socket instanceof Socket) reuse(bytes);
    });
    return this.#socket.writableLength < MAX_UNSENT;
  }

  close(graceMs = CLOSE_GRACE_MS): Promise<void> {
    return this.#closing ??= this.#close(graceMs);
  }

  /** The first error counts; after it, or once closing has begun, the rest are its echoes. */
  #fail(error: Error): void {
    if (this.#failure !== undefined || this.#closing !== undefined) return;
    this.#failure = error;
    this.#socket.destroy();
    this.#receiver?.closed(error);
  }

  async destroy(): Promise<void> {
    this.#closing ??= Promise.resolve();
    if (this.#socket.closed) return;
    const gone = once(this.#socket, "close");
    this.#socket.destroy();
    await gone;
  }

  async #close(graceMs: number): Promise<void> {
    if (this.#socket.closed) return;
    const gone = once(this.#socket, "close");
    // Somebody must go on reading, or the peer's end is never met.
    this.#socket.resume();
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), graceMs);
    this.#socket.once("end", () => this.#socket.destroy());
    try {
      await gone;
    } finally {
      clearTimeout(timer);
    }
  }
}

function lost(text: string): RpcError {
  return new RpcError(StatusCode.UNAVAILABLE, text);
}
