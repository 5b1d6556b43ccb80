import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { type Digest, parseDigest } from "../../src/content/digest.ts";
import { folderStore } from "../../src/content/folder_store.ts";
import type { ContentStore } from "../../src/content/store.ts";
import { RpcError, StatusCode } from "../../src/rpc/status.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

const sha256 = (text: string): Digest =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

async function store(content: ContentStore, text: string, expected = sha256(text)): Promise<void> {
  const writer = await content.openWriter(`layer-${expected}`, { total: text.length, expected });
  try {
    await writer.write(bytes(text));
    await writer.commit(text.length, expected);
  } finally {
    await writer.close();
  }
}

async function load(content: ContentStore, digest: Digest, offset = 0, length?: number) {
  const { size } = (await content.info(digest))!;
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.read(digest, { offset, length: length ?? size - offset })) {
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Uint8Array.from(chunks.flatMap((chunk) => [...chunk])));
}

function hasStatus(status: number): (error: unknown) => boolean {
  return (error) => error instanceof RpcError && error.status === status;
}

const BAD_DIGESTS = [
  "",
  "sha256:",
  `sha256:${"A".repeat(64)}`,
  `sha256:${"a".repeat(63)}`,
  `sha256:${"a".repeat(65)}`,
  `sha256:${"a".repeat(64)}\n`,
  `sha256:../../${"a".repeat(58)}`,
  `sha512:${"a".repeat(64)}`,
  `md5:${"a".repeat(32)}`,
  "a".repeat(64),
];

for (const text of BAD_DIGESTS) {
  Deno.test(`parseDigest() refuses ${JSON.stringify(text)}`, () => {
    assert.equal(parseDigest(text), undefined);
  });
}

Deno.test("folderStore() keeps a blob, read-only, and nothing else", async () => {
  await using temp = tempFolder(fastParent());
  const content = folderStore(temp.path, { writable: true });
  const digest = sha256("hello");
  assert.equal(await content.info(digest), undefined);
  await store(content, "hello");
  const path = join(temp.path, "blobs/sha256", digest.slice(7));
  assert.equal(fs.statSync(path).mode & 0o777, 0o444);
  assert.deepEqual(fs.readdirSync(join(temp.path, "ingest")), []);
  assert.equal((await content.info(digest))?.size, 5);
  assert.equal(await load(content, digest), "hello");
  assert.equal(await load(content, digest, 1, 3), "ell");
  const listed: string[] = [];
  for await (const info of content.list()) listed.push(info.digest);
  assert.deepEqual(listed, [digest]);
});

Deno.test("folderStore() takes sha512, told before or at the end", async () => {
  await using temp = tempFolder(fastParent());
  const content = folderStore(temp.path, { writable: true });
  const digest = (text: string) =>
    parseDigest(`sha512:${createHash("sha512").update(text).digest("hex")}`)!;
  await store(content, "before", digest("before"));
  const writer = await content.openWriter("after", { total: 0, expected: undefined });
  await writer.write(bytes("after"));
  assert.equal(writer.digest(), sha256("after"));
  assert.equal(await writer.commit(0, digest("after")), digest("after"));
  await writer.close();
  assert.equal(await load(content, digest("before")), "before");
  assert.equal(await load(content, digest("after")), "after");
});

Deno.test("folderStore() resumes what an earlier writer left", async () => {
  await using temp = tempFolder(fastParent());
  const options = { total: 6, expected: sha256("abcdef") };
  const first = await folderStore(temp.path, { writable: true }).openWriter("x", options);
  await first.write(bytes("abc"));
  await first.close();
  const content = folderStore(temp.path, { writable: true });
  const status = await content.status("x");
  assert.deepEqual([status?.ref, status?.offset, status?.total], ["x", 3, 6]);
  const second = await content.openWriter("x", options);
  assert.equal(second.offset, 3);
  assert.equal(second.startedAt, status!.startedAt);
  assert.equal(second.digest(), sha256("abc"));
  await second.write(bytes("def"));
  await second.commit(6, options.expected);
  await second.close();
  assert.equal(await load(content, options.expected), "abcdef");
});

for (const [name, total] of [["of another size", 7], ["that was begun again", 6]] as const) {
  Deno.test(`folderStore() starts over with a blob ${name}`, async () => {
    await using temp = tempFolder(fastParent());
    const content = folderStore(temp.path, { writable: true });
    const first = await content.openWriter("x", { total: 6, expected: undefined });
    await first.write(bytes("longer"));
    await first.close();
    const second = await content.openWriter("x", { total, expected: undefined });
    assert.equal(second.offset, total === 7 ? 0 : 6);
    await second.truncate();
    await second.write(bytes("new"));
    assert.equal(await second.commit(0, undefined), sha256("new"));
    await second.close();
  });
}

const MISMATCHES: [size: number, expected: Digest | undefined][] = [
  [6, undefined],
  [5, sha256("other")],
  [0, sha256("other")],
];

for (const [size, expected] of MISMATCHES) {
  Deno.test(`folderStore() refuses 5 bytes that should be ${size} of ${expected}`, async () => {
    await using temp = tempFolder(fastParent());
    const content = folderStore(temp.path, { writable: true });
    const writer = await content.openWriter("x", { total: 0, expected: undefined });
    await writer.write(bytes("hello"));
    await assert.rejects(
      writer.commit(size, expected),
      hasStatus(StatusCode.FAILED_PRECONDITION),
    );
    await writer.close();
    assert.equal(await content.status("x"), undefined);
    assert.equal(await content.info(sha256("hello")), undefined);
  });
}

Deno.test("folderStore() lets one writer have a ref, whichever store it comes from", async () => {
  await using temp = tempFolder(fastParent());
  const options = { total: 0, expected: undefined };
  const first = await folderStore(temp.path, { writable: true }).openWriter("x", options);
  const other = folderStore(`${temp.path}/.`, { writable: true });
  await assert.rejects(other.openWriter("x", options), hasStatus(StatusCode.UNAVAILABLE));
  await first.close();
  await (await other.openWriter("x", options)).close();
});

Deno.test("folderStore() says when a blob is there already", async () => {
  await using temp = tempFolder(fastParent());
  const content = folderStore(temp.path, { writable: true });
  const late = await content.openWriter("late", { total: 0, expected: undefined });
  await late.write(bytes("hello"));
  await store(content, "hello");
  await assert.rejects(store(content, "hello"), hasStatus(StatusCode.ALREADY_EXISTS));
  await assert.rejects(late.commit(5, undefined), hasStatus(StatusCode.ALREADY_EXISTS));
  await late.close();
  assert.deepEqual(await content.statuses(), []);
});

Deno.test("folderStore() aborts and deletes", async () => {
  await using temp = tempFolder(fastParent());
  const content = folderStore(temp.path, { writable: true });
  await (await content.openWriter("../x", { total: 0, expected: undefined })).close();
  assert.deepEqual((await content.statuses()).map(({ ref }) => ref), ["../x"]);
  assert.equal(await content.abort("../x"), true);
  assert.equal(await content.abort("../x"), false);
  await store(content, "hello");
  assert.equal(await content.delete(sha256("hello")), true);
  assert.equal(await content.delete(sha256("hello")), false);
});

Deno.test("folderStore() of a folder that is not there is empty", async () => {
  const content = folderStore("/nowhere/at/all");
  assert.equal(await content.info(sha256("x")), undefined);
  assert.deepEqual(await content.statuses(), []);
  for await (const _ of content.list()) assert.fail();
});

Deno.test("folderStore() fails to read what became shorter", async () => {
  await using temp = tempFolder(fastParent());
  const content = folderStore(temp.path, { writable: true });
  await store(content, "hello");
  await assert.rejects(load(content, sha256("hello"), 0, 6), /is shorter than it was/);
});
