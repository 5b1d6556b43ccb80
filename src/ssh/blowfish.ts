/** The cipher Blowfish, as far as bcrypt needs it (Schneier 1993; Provos and Mazières 1999). */

const SUBKEYS = 18;
const BOX = 256;
const WORDS = SUBKEYS + 4 * BOX;

/** Bits that the last steps of the series may get wrong. */
const GUARD_BITS = 64n;

let initial: Uint32Array | undefined;

/** Blowfish's state, beginning with the digits of pi. */
export class Blowfish {
  /** The subkeys, then the four boxes. */
  readonly #words: Uint32Array = (initial ??= digitsOfPi()).slice();

  /** Works a key into the state, with a salt if there is one. Both are used again from their start as often as needed. */
  mixIn(key: Uint8Array, salt?: Uint8Array): void {
    const words = this.#words;
    const keyWords = cyclicWords(key);
    for (let i = 0; i < SUBKEYS; i++) words[i]! ^= keyWords[i % keyWords.length]!;
    const saltWords = salt && cyclicWords(salt);
    const block = new Uint32Array(2);
    for (let at = 0, s = 0; at < WORDS; at += 2) {
      if (saltWords !== undefined) {
        block[0]! ^= saltWords[s++ % saltWords.length]!;
        block[1]! ^= saltWords[s++ % saltWords.length]!;
      }
      this.encrypt(block, 0);
      words[at] = block[0]!;
      words[at + 1] = block[1]!;
    }
  }

  /** Encrypts two words in place. */
  encrypt(block: Uint32Array, at: number): void {
    const w = this.#words;
    let left = block[at]!;
    let right = block[at + 1]!;
    for (let round = 0; round < SUBKEYS - 2; round++) {
      left ^= w[round]!;
      const first = w[SUBKEYS + (left >>> 24)]! + w[SUBKEYS + BOX + (left >>> 16 & 0xff)]!;
      const next = (first ^ w[SUBKEYS + 2 * BOX + (left >>> 8 & 0xff)]!) >>> 0;
      const mixed = right ^ (next + w[SUBKEYS + 3 * BOX + (left & 0xff)]!);
      right = left;
      left = mixed;
    }
    block[at] = right ^ w[SUBKEYS - 1]!;
    block[at + 1] = left ^ w[SUBKEYS - 2]!;
  }
}

/** The words of some bytes; their number must be a multiple of four, as that of SHA-512 is. */
function cyclicWords(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i));
}

/** The first words of pi's binary fraction, which the state begins with: calculated by Machin's formula, which is shorter than a table. */
function digitsOfPi(): Uint32Array {
  const bits = BigInt(32 * WORDS);
  const one = 1n << (bits + GUARD_BITS);
  const pi = 16n * arctanOfInverse(5n, one) - 4n * arctanOfInverse(239n, one);
  const digits = ((pi - 3n * one) >> GUARD_BITS).toString(16).padStart(8 * WORDS, "0");
  return Uint32Array.from({ length: WORDS }, (_, i) => {
    return parseInt(digits.slice(8 * i, 8 * i + 8), 16);
  });
}

/** The arc tangent of 1/x, in units of 1/one. */
function arctanOfInverse(x: bigint, one: bigint): bigint {
  let sum = 0n;
  let power = one / x;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += n % 4n === 1n ? power / n : -(power / n);
    power /= x * x;
  }
  return sum;
}
