/** OpenSSH's format of private keys, "openssh-key-v1" (its PROTOCOL.key). */
import { Buffer } from "node:buffer";
import { createDecipheriv, createPrivateKey } from "node:crypto";
import { bcryptPbkdf } from "./bcrypt_pbkdf.ts";
import type { Jwk } from "./jwk.ts";
import { askFor, type AskPassphrase } from "./passphrase.ts";
import type { PrivateKey } from "./private_key.ts";
import { PrivateKeyError } from "./private_key_error.ts";
import { padded, TruncatedError, WireReader } from "./wire.ts";

const MAGIC = "openssh-key-v1\0";

/** By OpenSSH's names: Node's name and the bytes of the key. All have a block of 16 bytes. */
const CIPHERS: Readonly<Record<string, [name: string, keyLength: number]>> = {
  "aes256-ctr": ["aes-256-ctr", 32],
  "aes192-ctr": ["aes-192-ctr", 24],
  "aes128-ctr": ["aes-128-ctr", 16],
  "aes256-cbc": ["aes-256-cbc", 32],
  "aes192-cbc": ["aes-192-cbc", 24],
  "aes128-cbc": ["aes-128-cbc", 16],
};

const BLOCK = 16;

/** Rounds beyond which a key would take minutes; OpenSSH makes keys with 16 or 24. */
const MAX_ROUNDS = 4096;

const CURVES: Readonly<Record<string, [crv: string, size: number]>> = {
  nistp256: ["P-256", 32],
  nistp384: ["P-384", 48],
  nistp521: ["P-521", 66],
};

/** Reads a key. Throws a `PrivateKeyError`. */
export async function openSshKey(pem: string, ask: AskPassphrase): Promise<PrivateKey> {
  try {
    const reader = new WireReader(Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64"));
    if (new TextDecoder().decode(reader.take(MAGIC.length)) !== MAGIC) throw malformed();
    const cipher = reader.text();
    const kdf = reader.text();
    const kdfOptions = reader.string();
    if (reader.uint32() !== 1) throw new PrivateKeyError("it holds more than one key");
    // The public key, which the private one says again.
    reader.string();
    const secret = reader.string();
    if (cipher === "none") return privateKey(secret, "it is malformed");
    const plain = decrypt(secret, { cipher, kdf, kdfOptions }, () => askFor(ask));
    return privateKey(await plain, "the passphrase is wrong");
  } catch (error) {
    if (error instanceof TruncatedError) throw malformed(error);
    throw error;
  }
}

function malformed(cause?: unknown): PrivateKeyError {
  return new PrivateKeyError("it is malformed", cause);
}

async function decrypt(
  secret: Uint8Array,
  { cipher, kdf, kdfOptions }: { cipher: string; kdf: string; kdfOptions: Uint8Array },
  passphrase: () => Promise<string>,
): Promise<Uint8Array> {
  const known = Object.hasOwn(CIPHERS, cipher) ? CIPHERS[cipher] : undefined;
  const options = new WireReader(kdfOptions);
  const [salt, rounds] = kdf === "bcrypt" ? [options.string(), options.uint32()] : [];
  if (known === undefined || salt === undefined || rounds! > MAX_ROUNDS) {
    throw new PrivateKeyError(
      `it is encrypted with ${cipher} and ${kdf}, which is not supported; change it (ssh-keygen -p -Z aes256-ctr), ` +
        "or forward an agent that holds it",
    );
  }
  if (rounds! < 1 || secret.length % BLOCK !== 0) throw malformed();
  const [name, keyLength] = known;
  const bytes = bcryptPbkdf(await passphrase(), salt, rounds!, keyLength + BLOCK);
  const [key, iv] = [bytes.subarray(0, keyLength), bytes.subarray(keyLength)];
  const decipher = createDecipheriv(name, key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(secret), decipher.final()]);
}

/** Reads the part that may be encrypted; `otherwise` says what is wrong if it is not what it should be. */
function privateKey(secret: Uint8Array, otherwise: string): PrivateKey {
  const reader = new WireReader(secret);
  if (reader.uint32() !== reader.uint32()) throw new PrivateKeyError(otherwise);
  const type = reader.text();
  const read = Object.hasOwn(READERS, type) ? READERS[type]! : undefined;
  if (read === undefined) {
    const hint = type.startsWith("sk-") ? "; its device signs through an agent: forward that" : "";
    throw new PrivateKeyError(`keys of the type ${type} are not supported${hint}`);
  }
  const jwk = read(reader);
  const comment = reader.text();
  try {
    return { key: createPrivateKey({ key: jwk, format: "jwk" }), comment };
  } catch (error) {
    // Numbers that are no key, whatever the runtime finds wrong with them.
    throw malformed(error);
  }
}

const READERS: Readonly<Record<string, (reader: WireReader) => Jwk>> = {
  "ssh-ed25519"(reader) {
    const x = encode(reader.string());
    const d = encode(reader.string().subarray(0, 32));
    return { kty: "OKP", crv: "Ed25519", x, d };
  },
  "ssh-rsa"(reader) {
    const [n, e, d, qi, p, q] = Array.from({ length: 6 }, () => toBigInt(reader.string()));
    // By less nothing can be divided, and no prime is less.
    if (p! < 2n || q! < 2n) throw malformed();
    const numbers = { n, e, d, p, q, qi, dp: d! % (p! - 1n), dq: d! % (q! - 1n) };
    const fields = Object.entries(numbers).map(([name, value]) => [name, fromBigInt(value!)]);
    return { kty: "RSA", ...Object.fromEntries(fields) };
  },
  "ecdsa-sha2-nistp256": ellipticKey,
  "ecdsa-sha2-nistp384": ellipticKey,
  "ecdsa-sha2-nistp521": ellipticKey,
};

function ellipticKey(reader: WireReader): Jwk {
  const name = reader.text();
  const [crv, size] = Object.hasOwn(CURVES, name) ? CURVES[name]! : [];
  if (crv === undefined) throw malformed();
  const point = new WireReader(reader.string());
  if (point.take(1)[0] !== 4) throw malformed();
  const [x, y] = [encode(point.take(size!)), encode(point.take(size!))];
  return { kty: "EC", crv, x, y, d: encode(padded(reader.string(), size!)) };
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
}

function fromBigInt(value: bigint): string {
  const digits = value.toString(16);
  return encode(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex"));
}
