import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createPublicKey, verify } from "node:crypto";
import type { Login } from "../../src/registry/credentials.ts";
import { authorityKey, publicBytes, signed } from "../../src/session/token_authority.ts";

const HOST = "registry.example:5000";
const SALT = new Uint8Array(32).fill(7);
const GO_ANONYMOUS = "caa40e46d7281a0e7cf7da9ff4e5b690d33ecba8b7001c7eff7a659ace2e1543";
const env = () => undefined;

const key = (login: Login | undefined, salt = SALT) => authorityKey(HOST, salt, { login, env });
const given = (password: string): Login => ({ username: "ann", password, given: true });

Deno.test("authorityKey() is the one that Go's client has where there is no login", async () => {
  // ed25519.NewKeyFromSeed of HMAC-SHA256 of nothing under 32 sevens.
  assert.equal(hex(publicBytes(await key(undefined))), GO_ANONYMOUS);
});

Deno.test("authorityKey() differs by salt, by login, and by the password of a login given in code", async () => {
  const keys = await Promise.all([
    key(undefined),
    key(undefined, new Uint8Array(32)),
    key({ username: "", password: "", registryToken: "t" }),
    key(given("a")),
    key(given("b")),
  ]);
  assert.equal(new Set(keys.map((each) => hex(publicBytes(each)))).size, keys.length);
  assert.equal(hex(publicBytes(await key(given("a")))), hex(publicBytes(keys[3]!)));
});

Deno.test("signed() puts a signature before what it signs", async () => {
  const mine = await key(given("a"));
  const payload = new Uint8Array([1, 2, 3]);
  const bytes = signed(mine, payload);
  assert.equal(bytes.length, 64 + 3);
  assert.deepEqual(bytes.subarray(64), payload);
  assert(verify(undefined, payload, createPublicKey(mine), bytes.subarray(0, 64)));
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
