/** Flow control (RFC 9113, 5.2): what each side may send on a stream, and on the connection for all of them. */
import { ProtocolError } from "../../errors.ts";

/** What each stream and the connection let the peer send: a round trip must never hold a transfer back. */
export const WINDOW_SIZE: number = 16 << 20;

/** Every window before its owner has said another. */
export const DEFAULT_WINDOW = 65_535;

/** How much is consumed before the peer is told. */
const WINDOW_STEP = 1 << 20;

const MAX_WINDOW = 0x7fffffff;

/** What the peer lets us send. */
export class SendWindow {
  #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** Bytes; below zero after the peer has made its windows smaller. */
  get size(): number {
    return this.#size;
  }

  /** Bytes were sent. */
  take(count: number): void {
    this.#size -= count;
  }

  /** The peer changes it. Throws a `ProtocolError` where it becomes too large. */
  grow(count: number): void {
    this.#size += count;
    if (this.#size > MAX_WINDOW) throw new ProtocolError("HTTP/2: a window is too large");
  }
}

/** What we let the peer send. */
export class ReceiveWindow {
  #size = WINDOW_SIZE;
  /** Bytes consumed that the peer was not told of. */
  #consumed = 0;

  /** Bytes came. Throws a `ProtocolError` if they were more than it has. */
  take(count: number, whose: string): void {
    this.#size -= count;
    if (this.#size < 0) throw new ProtocolError(`HTTP/2: the peer overran ${whose} window`);
  }

  /** Bytes were consumed. Returns by how much the peer is to be told that it grows; mostly 0, as it is told in steps. */
  giveBack(count: number): number {
    this.#consumed += count;
    if (this.#consumed < WINDOW_STEP) return 0;
    const growth = this.#consumed;
    this.#consumed = 0;
    this.#size += growth;
    return growth;
  }
}
