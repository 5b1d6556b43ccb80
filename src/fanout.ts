/** Values that a reader may leave unread before the source is asked to wait. */
const MOST_UNREAD = 64;

/**
 * One source, any number of readers: each sees all that is published after it subscribed, at its own pace. Nothing is ever
 * dropped: a source that waits where it is asked to goes as fast as the slowest reader, and no reader holds more than a
 * few values.
 */
export class Fanout<T> {
  readonly #readers = new Set<Reader<T>>();
  #outcome: { error?: unknown } | undefined;
  #room: { promise: Promise<void>; resolve: () => void } | undefined;

  /**
   * Gives `value` to every reader. Where one of them has much left to read, returns a promise that resolves when it has
   * caught up or has left; a source that can wait should.
   */
  publish(value: T): Promise<void> | undefined {
    for (const reader of this.#readers) reader.push(value);
    if (this.#hasRoom()) return undefined;
    return (this.#room ??= pending()).promise;
  }

  /** Ends all readers once they have read what is there, with `error` if there is one. */
  end(outcome: { error?: unknown } = {}): void {
    this.#outcome ??= outcome;
    for (const reader of this.#readers) reader.end(this.#outcome);
    this.#readers.clear();
    this.#release();
  }

  /** A reader from now on; leaving its loop, or calling its `return()`, gives it up. */
  subscribe(): AsyncIterableIterator<T>;
  /** A reader of what `accepts` accepts. */
  subscribe<U extends T>(accepts: (value: T) => value is U): AsyncIterableIterator<U>;
  subscribe(accepts: (value: T) => boolean = () => true): AsyncIterableIterator<T> {
    const reader: Reader<T> = new Reader<T>({
      accepts,
      onRead: () => this.#release(),
      onReturn: () => {
        this.#readers.delete(reader);
        this.#release();
      },
    });
    if (this.#outcome === undefined) this.#readers.add(reader);
    else reader.end(this.#outcome);
    return reader;
  }

  #hasRoom(): boolean {
    for (const reader of this.#readers) if (reader.unread >= MOST_UNREAD) return false;
    return true;
  }

  #release(): void {
    if (this.#room === undefined || !this.#hasRoom()) return;
    this.#room.resolve();
    this.#room = undefined;
  }
}

interface Listener<T> {
  accepts: (value: T) => boolean;
  onRead: () => void;
  onReturn: () => void;
}

class Reader<T> implements AsyncIterableIterator<T> {
  readonly #queue: T[] = [];
  readonly #listener: Listener<T>;
  #outcome: { error?: unknown } | undefined;
  #wake: Array<() => void> = [];

  constructor(listener: Listener<T>) {
    this.#listener = listener;
  }

  get unread(): number {
    return this.#queue.length;
  }

  push(value: T): void {
    if (!this.#listener.accepts(value)) return;
    this.#queue.push(value);
    this.#wakeAll();
  }

  end(outcome: { error?: unknown }): void {
    this.#outcome = outcome;
    this.#wakeAll();
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      if (this.#queue.length > 0) {
        const value = this.#queue.shift()!;
        this.#listener.onRead();
        return { done: false, value };
      }
      const outcome = this.#outcome;
      if (outcome !== undefined) {
        this.#outcome = {};
        if ("error" in outcome) throw outcome.error;
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  return(): Promise<IteratorResult<T>> {
    this.#outcome = {};
    this.#queue.length = 0;
    this.#listener.onReturn();
    this.#wakeAll();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** A promise and what resolves it; `Promise.withResolvers` came after Node 20. */
function pending(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => resolve = done);
  return { promise, resolve };
}
