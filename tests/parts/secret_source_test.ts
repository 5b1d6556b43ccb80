import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { OptionError, SecretError } from "../../src/errors.ts";
import { openSecret, type SecretScope } from "../../src/parts/secret_source.ts";
import type { SecretSource } from "../../src/types.ts";
import { tempFolder } from "../support/temp_folder.ts";

const SCOPE: SecretScope = {
  env: (name) => ({ TOKEN: "from env", EMPTY: "" })[name],
  signal: new AbortController().signal,
};

const open = (source: unknown, scope = SCOPE): () => Promise<Uint8Array | undefined> =>
  openSecret("token", source as SecretSource, scope).read;

async function text(read: () => Promise<Uint8Array | undefined>): Promise<string | undefined> {
  const value = await read();
  return value && new TextDecoder().decode(value);
}

const VALUES: [what: string, source: SecretSource, value: string | undefined][] = [
  ["a string", "väl", "väl"],
  ["an empty string", "", ""],
  ["bytes", Uint8Array.of(65, 66), "AB"],
  ["a variable", { env: "TOKEN" }, "from env"],
  ["an empty variable", { env: "EMPTY" }, ""],
  ["a function's string", () => "made", "made"],
  ["a function's promise", () => Promise.resolve(Uint8Array.of(65)), "A"],
  ["a function's nothing", () => undefined, undefined],
  ["as much as there may be", "x".repeat(512_000), "x".repeat(512_000)],
];

for (const [what, source, value] of VALUES) {
  Deno.test(`openSecret() reads ${what}`, async () =>
    assert.equal(await text(open(source)), value));
}

Deno.test("openSecret() reads a file when it is asked for, and each time", async () => {
  await using folder = tempFolder();
  const file = join(folder.path, "token");
  writeFileSync(file, "old");
  const read = open({ file });
  writeFileSync(file, "new");
  assert.equal(await text(read), "new");
  writeFileSync(file, "newer");
  assert.equal(await text(read), "newer");
  assert.equal(await text(open({ file: pathToFileURL(file) })), "newer");
});

const REFUSED: [source: unknown, problem: RegExp][] = [
  [{ file: "/nowhere/token" }, /^there is no "\/nowhere\/token"$/],
  [{ file: "~/token" }, /^there is no "~\/token"; ~ means nothing here$/],
  [{ env: "UNSET" }, /^the variable UNSET is not set/],
  [{ env: "" }, /^env is no variable's name$/],
  [{ env: "TOKEN", file: "x" }, /^it is no value, file, variable or function$/],
  [{ fiel: "hunter2" }, /^it is no value, file, variable or function$/],
  [{ env: "TOKEN", required: true }, /^there is no such option$/],
  [1234, /^it is no value/],
  [null, /^it is no value/],
  ["x".repeat(512_001), /^the secret has 512001 bytes, and a secret can't have more than 512000$/],
];

for (const [source, problem] of REFUSED) {
  Deno.test(`openSecret() refuses what ${problem.source.slice(0, 40)}`, () => {
    assert.throws(() => open(source), (error: unknown) => {
      assert(error instanceof OptionError);
      assert.match(error.problem, problem);
      assert.match(error.option, /^secrets\.token/);
      assert.doesNotMatch(error.message, /hunter2|1234\b/);
      return true;
    });
  });
}

Deno.test("openSecret() refuses folders and files that are too large", async () => {
  await using folder = tempFolder();
  assert.throws(() => open({ file: folder.path }), /is a folder/);
  const file = join(folder.path, "large");
  writeFileSync(file, new Uint8Array(512_001));
  assert.throws(() => open({ file }), /Invalid secrets\.token: the secret has 512001 bytes/);
});

const failed = (code: string, message: RegExp) => (error: unknown): boolean => {
  assert(error instanceof SecretError);
  assert.deepEqual([error.code, error.id], [code, "token"]);
  assert.match(error.message, message);
  return true;
};

Deno.test("openSecret() fails with what went wrong when it was asked for", async () => {
  await using folder = tempFolder();
  const file = join(folder.path, "token");
  writeFileSync(file, "x");
  const read = open({ file });
  writeFileSync(file, new Uint8Array(600_000));
  await assert.rejects(read(), failed("SECRET_TOO_LARGE", /more than 512000 bytes/));
  Deno.removeSync(file);
  await assert.rejects(
    read(),
    failed("SECRET_UNREADABLE", /^Cannot read the secret token from .*: ENOENT$/),
  );
  mkdirSync(file);
  await assert.rejects(read(), failed("SECRET_UNREADABLE", /EISDIR$/));
});

Deno.test("openSecret() calls a function once, and repeats none of its words", async () => {
  let calls = 0;
  const problem = new Error("the vault said hunter2");
  const read = open(() => {
    calls++;
    throw problem;
  });
  const both = await Promise.allSettled([read(), read()]);
  assert.deepEqual(both.map(({ status }) => status), ["rejected", "rejected"]);
  await assert.rejects(read(), (error: unknown) => {
    assert.doesNotMatch((error as Error).message, /hunter2/);
    assert.equal((error as Error).cause, problem);
    return failed("SECRET_FUNCTION_FAILED", /its function failed/)(error);
  });
  assert.equal(calls, 1);
  await assert.rejects(open(() => 5)(), failed("SECRET_FUNCTION_FAILED", /neither a string nor/));
  const large = open(() => "x".repeat(512_001));
  await assert.rejects(large(), failed("SECRET_TOO_LARGE", /512001 bytes/));
});

Deno.test("openSecret() gives functions a signal", async () => {
  const controller = new AbortController();
  const scope = { ...SCOPE, signal: controller.signal };
  const read = open(
    (signal: AbortSignal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    scope,
  );
  const reading = read();
  const reason = new Error("my reason");
  controller.abort(reason);
  await assert.rejects(reading, (error) => error === reason);
});
