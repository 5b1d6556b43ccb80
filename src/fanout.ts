/** One source, any number of readers: each sees all that is published after it subscribed. */
export class Fanout<T> {
  readonly #readers = new Set<Reader<T>>();
  #outcome: { error?: unknown } | undefined;

  /** Gives `value` to every reader. */
  publish(value: T): void {
    for (const reader of this.#readers) reader.push(value);
  }

  /** Ends all readers, with `error` if there is one. */
  end(outcome: { error?: unknown } = {}): void {
    this.#outcome ??= outcome;
    for (const reader of this.#readers) reader.end(this.#outcome);
    this.#readers.clear();
  }

  /** A reader from now on. `onReturn` is told when it is left before the end. */
  subscribe(onReturn: () => void = () => {}): AsyncIterableIterator<T> {
    const reader = new Reader<T>(() => {
      if (this.#readers.delete(reader)) onReturn();
    });
    if (this.#outcome === undefined) this.#readers.add(reader);
    else reader.end(this.#outcome);
    return reader;
  }
}

class Reader<T> implements AsyncIterableIterator<T> {
  readonly #queue: T[] = [];
  readonly #onReturn: () => void;
  #outcome: { error?: unknown } | undefined;
  #waiting: (() => void)[] = [];

  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  push(value: T): void {
    this.#queue.push(value);
    this.#wake();
  }

  end(outcome: { error?: unknown }): void {
    this.#outcome = outcome;
    this.#wake();
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      if (this.#queue.length > 0) return { done: false, value: this.#queue.shift()! };
      const outcome = this.#outcome;
      if (outcome !== undefined) {
        this.#outcome = {};
        if ("error" in outcome) throw outcome.error;
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  return(): Promise<IteratorResult<T>> {
    this.#onReturn();
    this.#outcome = {};
    this.#queue.length = 0;
    this.#wake();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Whoever finds nothing for itself waits again. */
  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
