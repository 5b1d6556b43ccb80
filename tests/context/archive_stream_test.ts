import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { ArchiveStream } from "../../src/context/archive_stream.ts";
import { FileError } from "../../src/errors.ts";

const ARCHIVE = Uint8Array.from(gzipSync(new Uint8Array(100_000).map((_, i) => i * 7919 >> 3)));
const never = new AbortController().signal;

/** A stream of pieces, which notes how many were asked for and why it was canceled. */
function pieces(size: number): {
  stream: ReadableStream<Uint8Array>;
  asked: () => number;
  canceled: () => unknown;
} {
  let asked = 0;
  let canceled: unknown = "not";
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const start = asked++ * size;
      if (start >= ARCHIVE.length) controller.close();
      else controller.enqueue(ARCHIVE.subarray(start, start + size));
    },
    cancel: (reason) => void (canceled = reason),
  }, { highWaterMark: 0 });
  return { stream, asked: () => asked, canceled: () => canceled };
}

for (const size of [1, 7, 511, 512, 513, ARCHIVE.length]) {
  Deno.test(`ArchiveStream reads an archive in pieces of ${size}`, async () => {
    const { stream, canceled } = pieces(size);
    const archive = new ArchiveStream(stream);
    const got = await Array.fromAsync(archive.read(never));
    assert.deepEqual(new Uint8Array(await new Blob(got as BlobPart[]).arrayBuffer()), ARCHIVE);
    await archive.close(undefined);
    assert.equal(canceled(), "not");
  });
}

Deno.test("ArchiveStream reads only what is taken, and cancels the rest", async () => {
  const { stream, asked, canceled } = pieces(512);
  const archive = new ArchiveStream(stream);
  for await (const chunk of archive.read(never)) {
    assert.equal(chunk.length, 512);
    break;
  }
  assert.equal(asked(), 1);
  await archive.close(undefined);
  assert.equal(canceled(), undefined);
});

Deno.test("ArchiveStream can be read once", async () => {
  const archive = new ArchiveStream(pieces(512).stream);
  await Array.fromAsync(archive.read(never));
  await assert.rejects(Array.fromAsync(archive.read(never)), (error) => {
    return error instanceof FileError && /asked for it a second time/.test(error.message);
  });
});

Deno.test("ArchiveStream stops waiting for data when it is aborted", async () => {
  const controller = new AbortController();
  let canceled: unknown;
  const archive = new ArchiveStream(
    new ReadableStream({
      pull: () => new Promise(() => {}),
      cancel: (reason) => void (canceled = reason),
    }),
  );
  const reading = Array.fromAsync(archive.read(controller.signal));
  const reason = new Error("enough");
  controller.abort(reason);
  await assert.rejects(reading, reason);
  assert.equal(canceled, reason);
});

Deno.test("ArchiveStream closes streams that fail, before they are read and after", async () => {
  const failing = new ReadableStream({ start: (controller) => controller.error(new Error("x")) });
  const archive = new ArchiveStream(failing);
  await archive.close(undefined);
  await assert.rejects(
    Array.fromAsync(archive.read(never)),
    /Cannot read the context's stream: x$/,
  );
  await archive.close(undefined);
});
