/** Ids of sessions and builds, in the format of BuildKit's own (identity/randomid.go). */
import { randomBytes } from "node:crypto";

const LENGTH = 25;

/** 25 characters of `[0-9a-z]`, about 129 random bits. */
export function randomId(): string {
  const bytes = randomBytes(17);
  bytes[0]! |= 0x80;
  // The first digit of the 27 depends on the bit just set, so it is left out.
  return BigInt(`0x${bytes.toString("hex")}`).toString(36).slice(1, 1 + LENGTH);
}
