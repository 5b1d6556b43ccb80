import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { parsePrivateKey } from "../../src/ssh/private_key.ts";
import { signingKey } from "../../src/ssh/signing_key.ts";
import { WireReader } from "../../src/ssh/wire.ts";
import { makeKey } from "../support/ssh_agent.ts";
import { find } from "../support/tools.ts";
import { tempFolder } from "../support/temp_folder.ts";

const DATA = new TextEncoder().encode("what is signed");

const KINDS: [options: string[], algorithms: string[]][] = [
  [["-t", "ed25519"], ["ssh-ed25519", "ssh-ed25519", "ssh-ed25519"]],
  [["-t", "rsa", "-b", "2048"], ["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"]],
  ...["256", "384", "521"].map((bits): [string[], string[]] => [
    ["-t", "ecdsa", "-b", bits],
    Array.from({ length: 3 }, () => `ecdsa-sha2-nistp${bits}`),
  ]),
];

/** In PEM, ssh-keygen writes PKCS#1 and SEC 1. */
const FORMATS = ["RFC4716", "PEM", "PKCS8"];

const ignore = find("ssh-keygen") === undefined;

for (const [kind, algorithms] of KINDS) {
  for (const format of FORMATS) {
    // Whatever the format, ssh-keygen writes these in OpenSSH's.
    if (kind[1] === "ed25519" && format !== "RFC4716") continue;
    Deno.test({
      name: `parsePrivateKey() reads keys that ssh-keygen makes: ${kind.join(" ")} -m ${format}`,
      ignore,
      fn: async () => {
        await using folder = tempFolder();
        for (const passphrase of ["", "open sesame"]) {
          const options = [...kind, "-m", format, "-N", passphrase];
          const file = await makeKey(folder.path, `key${passphrase.length}`, ...options);
          const ask = passphrase === "" ? undefined : () => Promise.resolve(passphrase);
          const { key, comment } = await parsePrivateKey(readFileSync(file, "utf8"), ask);
          const [, blob, said] = readFileSync(`${file}.pub`, "utf8").trim().split(" ");
          const signing = signingKey(key, comment);
          assert.equal(Buffer.from(signing.blob).toString("base64"), blob);
          assert.equal(comment, /OPENSSH/.test(readFileSync(file, "utf8")) ? said : "");
          for (const [i, flags] of [0, 2, 4].entries()) {
            checkSignature(signing.sign(DATA, flags), key, algorithms[i]!);
          }
        }
      },
    });
  }
}

function checkSignature(signature: Uint8Array, key: KeyObject, algorithm: string): void {
  const reader = new WireReader(signature);
  assert.equal(reader.text(), algorithm);
  const bytes = reader.string();
  assert.equal(reader.rest.length, 0);
  const hash = { "ssh-rsa": "sha1", "rsa-sha2-256": "sha256", "rsa-sha2-512": "sha512" }[algorithm];
  const publicKey = createPublicKey(key);
  if (algorithm.startsWith("ecdsa")) {
    const hashes: Record<string, string> = { 256: "sha256", 384: "sha384", 521: "sha512" };
    const numbers = new WireReader(bytes);
    const size = Math.ceil(Number(algorithm.slice(-3)) / 8);
    const both = [numbers.string(), numbers.string()].map((number) => {
      return Buffer.from(number).toString("hex").padStart(2 * size, "0").slice(-2 * size);
    });
    const encoded = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
    const p1363 = Buffer.from(both.join(""), "hex");
    assert(verify(hashes[algorithm.slice(-3)]!, DATA, encoded, p1363));
  } else {
    assert(verify(hash ?? null, DATA, publicKey, bytes));
  }
}

Deno.test({
  name: "parsePrivateKey() refuses what it can't use",
  ignore,
  async fn() {
    await using folder = tempFolder();
    const refuses = async (text: string, message: RegExp, passphrase?: string) => {
      const ask = passphrase === undefined ? undefined : () => passphrase;
      await assert.rejects(parsePrivateKey(text, ask), { name: "PrivateKeyError", message });
    };
    const [plain, locked, pem] = await Promise.all([
      makeKey(folder.path, "plain"),
      makeKey(folder.path, "locked", "-N", "secret"),
      makeKey(folder.path, "pem", "-t", "ecdsa", "-m", "PEM", "-N", "secret"),
    ]);
    for (const file of [locked!, pem!].map((path) => readFileSync(path, "utf8"))) {
      await refuses(file, /^it is encrypted; add it to an agent/);
      await refuses(file, /^the passphrase is wrong$/, "public");
    }
    const unknown = await makeKey(
      folder.path,
      "gcm",
      "-N",
      "secret",
      "-Z",
      "aes256-gcm@openssh.com",
    );
    await refuses(
      readFileSync(unknown, "utf8"),
      /^it is encrypted with aes256-gcm.*-Z aes256-ctr/,
      "secret",
    );
    await refuses(readFileSync(`${plain}.pub`, "utf8"), /^it is a public key/);
    await refuses("PuTTY-User-Key-File-3: ssh-ed25519", /^it is in PuTTY's format/);
    await refuses("", /^it is no private key$/);
    const block = (label: string, body: string) =>
      `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
    await refuses(block("RSA PRIVATE KEY", "AAAA"), /^it is malformed$/);
    const whole = Buffer.from(
      readFileSync(plain, "utf8").replace(/-----.*-----/g, ""),
      "base64",
    );
    for (const length of [0, 10, 15, 40, 100, whole.length - 40]) {
      const cut = whole.subarray(0, length).toString("base64");
      await refuses(block("OPENSSH PRIVATE KEY", cut), /^it is malformed$/);
    }
  },
});
