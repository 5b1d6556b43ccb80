/** A private key, and the signatures that an agent makes with it (RFC 4253, 5656, 8332, 8709). */
import { Buffer } from "node:buffer";
import { type KeyObject, sign } from "node:crypto";
import { concat } from "../rpc/concat.ts";
import type { Jwk } from "./jwk.ts";
import { mpint, padded, string } from "./wire.ts";

/** A key that signs. */
export interface SigningKey {
  /** The public key, in SSH's form. */
  readonly blob: Uint8Array;
  readonly comment: string;
  /** The signature of `data`, in SSH's form; `flags` are those of the agent protocol. */
  sign(data: Uint8Array, flags: number): Uint8Array;
}

/** A kind of key that SSH does not know. */
export class UnknownKeyError extends Error {}

/** An elliptic curve. */
interface Curve {
  readonly name: string;
  readonly hash: string;
  /** Bytes of a coordinate. */
  readonly size: number;
}

const CURVES: Readonly<Record<string, Curve>> = {
  "P-256": { name: "nistp256", hash: "sha256", size: 32 },
  "P-384": { name: "nistp384", hash: "sha384", size: 48 },
  "P-521": { name: "nistp521", hash: "sha512", size: 66 },
};

/** Flags of a request to sign with RSA; without them, it is SHA-1 that is asked for. */
const RSA_SHA2_256 = 2;
const RSA_SHA2_512 = 4;

/**
 * Makes a key of SSH's of a private key.
 *
 * @throws {UnknownKeyError} if SSH has no such keys
 */
export function signingKey(key: KeyObject, comment: string): SigningKey {
  const type = key.asymmetricKeyType;
  const make = Object.hasOwn(MAKERS, type ?? "") ? MAKERS[type!]! : undefined;
  if (make === undefined) throw new UnknownKeyError(`keys of the type ${type} are not supported`);
  return { comment, ...make(key, key.export({ format: "jwk" }) as Jwk) };
}

const MAKERS: Readonly<
  Record<string, (key: KeyObject, jwk: Jwk) => Omit<SigningKey, "comment">>
> = {
  ed25519: (key, jwk) => ({
    blob: concat([string("ssh-ed25519"), string(decode(jwk.x))]),
    sign: (data) => concat([string("ssh-ed25519"), string(sign(null, data, key))]),
  }),
  rsa: (key, jwk) => ({
    blob: concat([string("ssh-rsa"), mpint(decode(jwk.e)), mpint(decode(jwk.n))]),
    sign(data, flags) {
      const [name, hash] = rsaAlgorithm(flags);
      return concat([string(name), string(sign(hash, data, key))]);
    },
  }),
  ec(key, jwk) {
    const curve = CURVES[jwk.crv ?? ""];
    if (curve === undefined) throw new UnknownKeyError(`the curve ${jwk.crv} is not supported`);
    const { name, hash, size } = curve;
    const point = [Uint8Array.of(4), padded(decode(jwk.x), size), padded(decode(jwk.y), size)];
    return {
      blob: concat([string(`ecdsa-sha2-${name}`), string(name), string(concat(point))]),
      sign(data) {
        const both = sign(hash, data, { key, dsaEncoding: "ieee-p1363" });
        const numbers = [mpint(both.subarray(0, size)), mpint(both.subarray(size))];
        return concat([string(`ecdsa-sha2-${name}`), string(concat(numbers))]);
      },
    };
  },
};

function rsaAlgorithm(flags: number): [name: string, hash: string] {
  if (flags & RSA_SHA2_256) return ["rsa-sha2-256", "sha256"];
  if (flags & RSA_SHA2_512) return ["rsa-sha2-512", "sha512"];
  return ["ssh-rsa", "sha1"];
}

function decode(value: string | undefined): Uint8Array {
  return Buffer.from(value ?? "", "base64url");
}
