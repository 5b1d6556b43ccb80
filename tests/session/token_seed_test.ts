import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processSeed, tokenSeed } from "../../src/session/token_seed.ts";
import { tempFolder } from "../support/temp_folder.ts";

const HOST = "registry.example:5000";

function seedsIn(folder: string): Record<string, { Seed: string }> {
  return JSON.parse(readFileSync(join(folder, ".token_seed"), "utf8"));
}

Deno.test("tokenSeed() adds a seed that only its owner can read, and keeps the others", async () => {
  await using folder = tempFolder();
  const path = join(folder.path, ".token_seed");
  const other = { Seed: btoa("0123456789abcdef") };
  writeFileSync(path, JSON.stringify({ other }));
  const seed = await tokenSeed(folder.path, HOST);
  assert.equal(seed.length, 16);
  assert.deepEqual(await tokenSeed(folder.path, HOST), seed);
  assert.equal(Buffer.from(await tokenSeed(folder.path, "other")).toString(), "0123456789abcdef");
  assert.deepEqual(seedsIn(folder.path), {
    other,
    [HOST]: { Seed: Buffer.from(seed).toString("base64") },
  });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder.path).sort(), [".token_seed", ".token_seed.lock"]);
});

Deno.test("tokenSeed() loses none of many made at once", async () => {
  await using folder = tempFolder();
  const hosts = Array.from({ length: 20 }, (_, i) => `host-${i}`);
  await Promise.all(hosts.map((host) => tokenSeed(folder.path, host)));
  assert.deepEqual(Object.keys(seedsIn(folder.path)).sort(), hosts.sort());
});

Deno.test("tokenSeed() replaces half a file", async () => {
  await using folder = tempFolder();
  writeFileSync(join(folder.path, ".token_seed"), '{"a": {"Se');
  await tokenSeed(folder.path, HOST);
  assert.deepEqual(Object.keys(seedsIn(folder.path)), [HOST]);
});

Deno.test("tokenSeed() is the process's own without a folder, and where no file can be", async () => {
  await using folder = tempFolder();
  mkdirSync(join(folder.path, "a"));
  writeFileSync(join(folder.path, "a/file"), "");
  for (const place of [undefined, "/nowhere", join(folder.path, "a/file")]) {
    assert.deepEqual(await tokenSeed(place, HOST), processSeed(HOST));
  }
  assert.notDeepEqual(processSeed(HOST), processSeed("other"));
});

Deno.test({
  name: "tokenSeed() is the process's own without permission to write",
  permissions: { read: true },
  async fn() {
    assert.deepEqual(await tokenSeed("/tmp", HOST), processSeed(HOST));
  },
});
