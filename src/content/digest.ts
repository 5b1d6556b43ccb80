/** Digests of content (opencontainers/go-digest). */

/** A digest that was checked: nothing else may become a path. Made by {@linkcode parseDigest}. */
export type Digest = `${"sha256" | "sha512"}:${string}`;

const DIGEST_REGEXP = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** `text` as a digest, undefined if it is none. */
export function parseDigest(text: string): Digest | undefined {
  return DIGEST_REGEXP.test(text) ? text as Digest : undefined;
}

/** The two halves of a digest; the algorithm is named as `node:crypto` does. */
export function splitDigest(digest: Digest): { algorithm: "sha256" | "sha512"; hex: string } {
  const at = digest.indexOf(":");
  return { algorithm: digest.slice(0, at) as "sha256" | "sha512", hex: digest.slice(at + 1) };
}
