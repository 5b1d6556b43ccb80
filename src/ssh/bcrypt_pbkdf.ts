/** The derivation of keys from passphrases in OpenSSH's key files: PBKDF2's shape around bcrypt (OpenBSD's bcrypt_pbkdf(3)). */
import { createHash } from "node:crypto";
import { concat } from "../rpc/concat.ts";
import { Blowfish } from "./blowfish.ts";
import { uint32 } from "./wire.ts";

/** Bytes that one run of bcrypt gives. */
const HASH_LENGTH = 32;

/** Times that both the salt and the passphrase are worked into the cipher, and that the text is encrypted. */
const REPETITIONS = 64;

const PLAIN = new TextEncoder().encode("OxychromaticBlowfishSwatDynamite");

/** `length` bytes from a passphrase and a salt. The time grows with `rounds`: 24 take some tenths of a second. */
export function bcryptPbkdf(
  passphrase: string,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Uint8Array {
  const secret = sha512(new TextEncoder().encode(passphrase));
  const blocks = Math.ceil(length / HASH_LENGTH);
  const result = new Uint8Array(length);
  for (let block = 0; block < blocks; block++) {
    let hash = bcryptHash(secret, sha512(concat([salt, uint32(block + 1)])));
    const sum = hash.slice();
    for (let round = 1; round < rounds; round++) {
      hash = bcryptHash(secret, sha512(hash));
      for (let i = 0; i < HASH_LENGTH; i++) sum[i]! ^= hash[i]!;
    }
    // Each block's bytes are spread over the whole result.
    for (let at = block, i = 0; at < length; at += blocks, i++) result[at] = sum[i]!;
  }
  return result;
}

function bcryptHash(secret: Uint8Array, salt: Uint8Array): Uint8Array {
  const cipher = new Blowfish();
  cipher.mixIn(secret, salt);
  for (let i = 0; i < REPETITIONS; i++) {
    cipher.mixIn(salt);
    cipher.mixIn(secret);
  }
  const view = new DataView(PLAIN.slice().buffer);
  const words = Uint32Array.from({ length: HASH_LENGTH / 4 }, (_, i) => view.getUint32(4 * i));
  for (let i = 0; i < REPETITIONS; i++) {
    for (let at = 0; at < words.length; at += 2) cipher.encrypt(words, at);
  }
  words.forEach((word, i) => view.setUint32(4 * i, word, true));
  return new Uint8Array(view.buffer);
}

function sha512(bytes: Uint8Array): Uint8Array {
  return createHash("sha512").update(bytes).digest();
}
