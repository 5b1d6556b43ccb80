/** Collects small frames of one turn into one write, so that a short answer is not four messages on the tunnel. */

/** Larger than this is written at once. */
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
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : join(this.#parts, this.#size);
    this.#parts = [];
    this.#size = 0;
    this.#write(bytes);
  }
}

function join(parts: Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
