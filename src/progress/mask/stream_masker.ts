/** One stream of bytes with patterns replaced, however it is cut into chunks. */
import type { PatternSet } from "./pattern_set.ts";

/** What stands for a secret; for several that overlap, once. */
const MASK = new TextEncoder().encode("***");
const EMPTY = new Uint8Array();

/**
 * Replaces what `patterns` has. A chunk's end that may be a pattern's beginning is kept until the next chunk tells: never more than
 * the longest pattern, and nothing where no pattern begins.
 */
export class StreamMasker {
  readonly #patterns: PatternSet;
  /** What was kept. */
  #kept: Uint8Array = EMPTY;
  /** How many bytes from the kept ones' start on are already known to be part of a pattern, whose mask is written. */
  #covered = 0;

  constructor(patterns: PatternSet) {
    this.#patterns = patterns;
  }

  /** Whether anything is kept. */
  get keeps(): boolean {
    return this.#kept.length > 0;
  }

  /** What can be told of the stream after one more chunk; the chunk itself where there is nothing to do. */
  write(chunk: Uint8Array): Uint8Array {
    const text = this.#kept.length === 0 ? chunk : concat([this.#kept, chunk]);
    return this.#mask(text, false);
  }

  /** What was kept; the stream is over, or goes on after a pause. */
  end(): Uint8Array {
    return this.#mask(this.#kept, true);
  }

  #mask(text: Uint8Array, isLast: boolean): Uint8Array {
    const patterns = this.#patterns;
    const pieces: Uint8Array[] = [];
    let end = this.#covered;
    let shown = end;
    let at = 0;
    for (; at < text.length; at++) {
      at = patterns.next(text, at);
      if (at >= text.length) break;
      const { length, open } = patterns.at(text, at);
      if (open && !isLast) break;
      if (length === 0) continue;
      if (at >= end) pieces.push(text.subarray(shown, at), MASK);
      end = Math.max(end, at + length);
      shown = end;
    }
    const stop = Math.min(at, text.length);
    if (stop > shown) pieces.push(text.subarray(shown, stop));
    this.#kept = stop === text.length ? EMPTY : text.slice(stop);
    this.#covered = Math.max(0, end - stop);
    if (pieces.length === 0) return EMPTY;
    return pieces.length === 1 ? pieces[0]! : concat(pieces);
  }
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
