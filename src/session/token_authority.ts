/** Keys by which a daemon knows whose tokens it has (session/auth, session/auth/authprovider). */
import { Buffer } from "node:buffer";
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
} from "node:crypto";
import type { Environment } from "../environment.ts";
import type { Login } from "../registry/credentials.ts";
import { dockerFolder } from "../registry/docker_config.ts";
import { processSeed, tokenSeed } from "./token_seed.ts";

/** What comes before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_HEADER = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * The key of a login: HMAC of the seed, keyed by the daemon's salt, as Ed25519 key. Without a login there is no seed: tokens
 * that anyone can have are shared by all. A login given in code has a key of its own that nothing on disk leads to: another
 * build, with another login, must not be given its tokens.
 */
export async function authorityKey(
  host: string,
  salt: Uint8Array,
  { login, env }: { login: Login | undefined; env: Environment },
): Promise<KeyObject> {
  const mac = createHmac("sha256", salt);
  if (login?.given) {
    const bound = JSON.stringify([host, login.username, login.password]);
    mac.update(processSeed("")).update(createHash("sha256").update(bound).digest());
  } else if (login?.registryToken !== undefined || login?.password) {
    mac.update(await tokenSeed(dockerFolder(env), host));
  }
  const key = Buffer.concat([PKCS8_HEADER, mac.digest()]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}

/** The 32 bytes of the public key. */
export function publicBytes(key: KeyObject): Uint8Array {
  const der = createPublicKey(key).export({ format: "der", type: "spki" });
  return new Uint8Array(der.subarray(-32));
}

/** Signature and payload in one, as NaCl's `sign` has it. */
export function signed(key: KeyObject, payload: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([sign(undefined, payload, key), payload]));
}
