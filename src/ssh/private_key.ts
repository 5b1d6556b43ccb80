/** From the text of a private key's file to the key: OpenSSH's own format, PKCS#8, and the older PEM formats. */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { openSshKey } from "./openssh_key.ts";
import { askFor, type AskPassphrase } from "./passphrase.ts";
import { PrivateKeyError } from "./private_key_error.ts";

/** A key, and what its file says about it. */
export interface PrivateKey {
  readonly key: KeyObject;
  /** Empty in formats that have none. */
  readonly comment: string;
}

const BLOCK_REGEXP = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[\s\S]*?-----END \1-----/;

/** Other things that keys' files hold, with what is said of them. */
const OTHERS: readonly [RegExp, string][] = [
  [
    /^PuTTY-User-Key-File/,
    "it is in PuTTY's format; export it in OpenSSH's (puttygen -O private-openssh)",
  ],
  [
    /^(ssh-|ecdsa-|sk-)\S+ AAAA|BEGIN (SSH2 )?PUBLIC KEY/,
    "it is a public key; name the private one",
  ],
];

/**
 * Reads a private key.
 *
 * @throws {PrivateKeyError} if it can't be read, or is encrypted and `ask` is undefined or answers something else
 */
export async function parsePrivateKey(text: string, ask: AskPassphrase): Promise<PrivateKey> {
  const [pem, label] = BLOCK_REGEXP.exec(text) ?? [];
  if (pem === undefined) {
    const other = OTHERS.find(([pattern]) => pattern.test(text))?.[1];
    throw new PrivateKeyError(other ?? "it is no private key");
  }
  if (label === "OPENSSH PRIVATE KEY") return await openSshKey(pem, ask);
  const encrypted = label!.startsWith("ENCRYPTED") || /^Proc-Type: 4,ENCRYPTED/m.test(pem);
  const passphrase = encrypted ? await askFor(ask) : undefined;
  try {
    const key = createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
    return { key, comment: "" };
  } catch (error) {
    // Whatever OpenSSL and its peers say of it, which is different in each.
    throw new PrivateKeyError(encrypted ? "the passphrase is wrong" : "it is malformed", error);
  }
}
