/** Byte strings, indexed so that a text is searched for all of them at once. */

/** Bytes of a pattern that the index goes by; no pattern has fewer. */
const KEY_BYTES = 4;

/** What may be at a place of a text. */
export interface Found {
  /** Length of the longest pattern that is there; 0 for none. */
  readonly length: number;
  /** Whether a pattern, or a longer one, may be there: the text ends too early to tell. */
  readonly open: boolean;
}

const NOTHING: Found = { length: 0, open: false };
const TOO_SHORT: Found = { length: 0, open: true };

/** Grows, and is asked what is at a place. */
export class PatternSet {
  /** By the first two bytes: whether any pattern begins so. Most places of a text are told by this alone. */
  readonly #pairs = new Uint8Array(1 << 16);
  readonly #byKey = new Map<number, Uint8Array[]>();
  /** The beginnings of one to three bytes, each with its length. */
  readonly #starts = new Set<number>();

  /** Whether there are no patterns. */
  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  /** Adds a pattern of at least four bytes. */
  add(pattern: Uint8Array): void {
    if (pattern.length < KEY_BYTES) throw new Error("A pattern is too short");
    this.#pairs[pattern[0]! << 8 | pattern[1]!] = 1;
    for (let length = 1; length < KEY_BYTES; length++) {
      this.#starts.add(startKey(pattern, 0, length));
    }
    const key = keyAt(pattern, 0);
    const same = this.#byKey.get(key);
    if (same === undefined) this.#byKey.set(key, [pattern]);
    else if (!same.some((other) => isEqual(other, pattern))) same.push(pattern);
  }

  /** The first place from `from` on at which something may be; the text's length if there is none. */
  next(text: Uint8Array, from: number): number {
    const pairs = this.#pairs;
    const last = text.length - 1;
    let at = from;
    while (at < last && pairs[text[at]! << 8 | text[at + 1]!] === 0) at++;
    if (at === last && !this.#starts.has(startKey(text, at, 1))) at++;
    return at;
  }

  /** What is at a place. */
  at(text: Uint8Array, at: number): Found {
    const left = text.length - at;
    if (left < KEY_BYTES) return this.#starts.has(startKey(text, at, left)) ? TOO_SHORT : NOTHING;
    let length = 0;
    let open = false;
    for (const pattern of this.#byKey.get(keyAt(text, at)) ?? []) {
      const shown = Math.min(pattern.length, left);
      if (!isAt(pattern, shown, text, at)) continue;
      if (shown < pattern.length) open = true;
      else length = Math.max(length, shown);
    }
    return length === 0 && !open ? NOTHING : { length, open };
  }
}

function keyAt(text: Uint8Array, at: number): number {
  return text[at]! << 24 | text[at + 1]! << 16 | text[at + 2]! << 8 | text[at + 3]!;
}

function startKey(text: Uint8Array, at: number, length: number): number {
  let key = length;
  for (let i = 0; i < length; i++) key = key << 8 | text[at + i]!;
  return key;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && isAt(a, a.length, b, 0);
}

/** Whether the first `count` bytes of `pattern` are at `at`; `text` has as many from there on. */
function isAt(pattern: Uint8Array, count: number, text: Uint8Array, at: number): boolean {
  for (let i = 0; i < count; i++) if (pattern[i] !== text[at + i]) return false;
  return true;
}
