/**
 * gRPC metadata as it was on the wire: ordered, with repeated keys kept apart, because a value may hold a comma.
 */
export class Metadata {
  readonly #pairs: ReadonlyArray<readonly [string, string]>;

  /** Makes metadata of pairs of a key and a value. */
  constructor(pairs: Iterable<readonly [string, string]> = []) {
    this.#pairs = [...pairs].map(([key, value]) => [key.toLowerCase(), value]);
  }

  /** The first value of `key`, or undefined. */
  get(key: string): string | undefined {
    return this.#pairs.find(([name]) => name === key)?.[1];
  }

  /** All values of `key`, in order. */
  getAll(key: string): string[] {
    return this.#pairs.filter(([name]) => name === key).map(([, value]) => value);
  }

  /** All pairs, in order. */
  entries(): ReadonlyArray<readonly [string, string]> {
    return this.#pairs;
  }
}
