/** Collects small frames of one turn into one write, so that a short answer is not four messages on the tunnel. */

import { concat } from "../concat.ts";

/** So much is written at once, and not joined with anything, which would copy it. */
const FLUSH_SIZE = 64 << 10;

/** Gathers outgoing bytes. */
export class Outbox {
  readonly #write: (bytes: Uint8Array) => void;
  #parts: Uint8Array[] = [];
  #size = 0;
  #scheduled = false;

  /** `write` is called with joined bytes, at the end of the turn or when there are many. */
  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  /** Adds bytes; they must not change afterwards. */
  push(bytes: Uint8Array): void {
    if (bytes.length >= FLUSH_SIZE) {
      this.flush();
      this.#write(bytes);
      return;
    }
    this.#parts.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= FLUSH_SIZE) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
  }

  /** Writes what was gathered. */
  flush(): void {
    if (this.#size === 0) return;
    const bytes = concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    this.#write(bytes);
  }
}
