/** Ids of sessions and builds, in the format of BuildKit's own (identity/randomid.go). */
import { hex } from "../runtime/hex.ts";
import { randomBytes } from "../runtime/random_bytes.ts";

const LENGTH = 25;

/** 25 characters of `[0-9a-z]`, about 129 random bits. */
export function randomId(): string {
  const bytes = randomBytes(17);
  bytes[0]! |= 0x80;
  // The first digit of the 27 depends on the bit just set, so it is left out.
  return BigInt(`0x${hex(bytes)}`).toString(36).slice(1, 1 + LENGTH);
}
