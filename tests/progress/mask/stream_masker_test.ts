import assert from "node:assert/strict";
import { PatternSet } from "../../../src/progress/mask/pattern_set.ts";
import { StreamMasker } from "../../../src/progress/mask/stream_masker.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function patternSet(patterns: readonly string[]): PatternSet {
  const set = new PatternSet();
  for (const pattern of patterns) set.add(encode(pattern));
  return set;
}

/** What comes out after each chunk, and last what comes at the end. */
function masked(patterns: readonly string[], chunks: readonly string[]): string[] {
  const masker = new StreamMasker(patternSet(patterns));
  const out = [...chunks.map((chunk) => masker.write(encode(chunk))), masker.end()];
  return out.map((bytes) => new TextDecoder().decode(bytes));
}

/** The same by hand: the places of all patterns, those that overlap as one. */
function expected(patterns: readonly string[], text: string): string {
  const secret = new Array<boolean>(text.length).fill(false);
  const begins = new Array<boolean>(text.length).fill(false);
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const here = patterns.filter((pattern) => text.startsWith(pattern, at));
    if (here.length === 0) continue;
    const longest = Math.max(...here.map(({ length }) => length));
    if (at >= end) begins[at] = true;
    end = Math.max(end, at + longest);
    secret.fill(true, at, at + longest);
  }
  return [...text].map((character, i) => begins[i] ? "***" : secret[i] ? "" : character).join("");
}

const CASES: [what: string, patterns: string[], chunks: string[], out: string[]][] = [
  ["a secret in one chunk", ["hunter2"], ["a hunter2 b"], ["a *** b", ""]],
  ["a secret in pieces", ["hunter2"], ["a hun", "te", "r2 b"], ["a ", "", "*** b", ""]],
  ["no more than may be one", ["hunter2"], ["hunters", " hunt"], ["hunters", " ", "hunt"]],
  ["what it begins with again", ["aaab"], ["aa", "aa", "ab"], ["", "a", "a***", ""]],
  ["overlapping ones as one", ["abcd", "cdef"], ["xabc", "de", "fx"], ["x", "***", "x", ""]],
  ["the longer one", ["abcd", "abcdefgh"], ["abcd", "efg", "h"], ["", "", "***", ""]],
  ["the shorter one", ["abcd", "abcdefgh"], ["abcd", "efx"], ["", "***efx", ""]],
  ["the shorter one at the end", ["abcd", "abcdefgh"], ["abcde"], ["", "***e"]],
  ["one after the other", ["abcd"], ["abcdabcd"], ["******", ""]],
  ["nothing in an empty chunk", ["abcd"], [""], ["", ""]],
];

for (const [what, patterns, chunks, out] of CASES) {
  Deno.test(`StreamMasker masks ${what}`, () => assert.deepEqual(masked(patterns, chunks), out));
}

Deno.test("StreamMasker gives the same for every way to cut a stream, and keeps no more than it must", () => {
  const random = generator(7);
  const letters = "ab";
  const word = (length: number): string =>
    Array.from({ length }, () => letters[random(letters.length)]!).join("");
  for (let round = 0; round < 3_000; round++) {
    const patterns = Array.from({ length: 1 + random(4) }, () => word(4 + random(6)));
    const text = word(random(60));
    const chunks: string[] = [];
    for (let at = 0; at < text.length;) {
      const length = random(9);
      chunks.push(text.slice(at, at + length));
      at += length;
    }
    const longest = Math.max(...patterns.map(({ length }) => length));
    const out = masked(patterns, chunks);
    assert.equal(out.join(""), expected(patterns, text), JSON.stringify({ patterns, chunks }));
    assert.ok(out.at(-1)!.length < longest);
  }
});

Deno.test("StreamMasker leaves a stream without secrets byte for byte", () => {
  const masker = new StreamMasker(patternSet(["hunter2", "\u0000\u0001\u0002\u0003"]));
  const all = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) >> 3);
  const out: number[] = [];
  for (let at = 0; at < all.length; at += 37) out.push(...masker.write(all.subarray(at, at + 37)));
  assert.deepEqual(Uint8Array.from([...out, ...masker.end()]), all);
});

/** Numbers that are the same each time. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}
