/**
 * gRPC metadata as it was on the wire: ordered, with repeated keys kept apart. `node:http2` joins repeated headers with
 * `", "` in its header object, which would merge values that hold a comma; only the raw list tells them apart.
 */
export class Metadata {
  readonly #pairs: ReadonlyArray<readonly [string, string]>;

  constructor(pairs: Iterable<readonly [string, string]> = []) {
    this.#pairs = [...pairs].map(([key, value]) => [key.toLowerCase(), value]);
  }

  /** From the flat `[name, value, name, value, ...]` list of a `stream` event. */
  static fromRaw(raw: readonly string[]): Metadata {
    const pairs: [string, string][] = [];
    for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i]!, raw[i + 1]!]);
    return new Metadata(pairs);
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
