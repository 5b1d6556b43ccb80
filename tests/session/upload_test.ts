import assert from "node:assert/strict";
import { Upload } from "../../src/gen/upload.ts";
import { concat } from "../../src/rpc/concat.ts";
import type { ServerCall } from "../../src/rpc/call.ts";
import { FrameDecoder } from "../../src/rpc/envelope.ts";
import { Metadata } from "../../src/rpc/metadata.ts";
import { RpcError, StatusCode } from "../../src/rpc/status.ts";
import { type OpenUpload, uploadHandlers } from "../../src/session/upload.ts";

/** Pulls an upload; `room` is what each write is given to wait for. */
async function pull(
  urlpath: string,
  uploads: Record<string, OpenUpload>,
  room: (message: Uint8Array) => Promise<void> | undefined = () => undefined,
): Promise<Uint8Array[]> {
  const decoder = new FrameDecoder();
  const messages: Uint8Array[] = [];
  const call: ServerCall = {
    path: Upload.pull.path,
    metadata: new Metadata([["urlpath", urlpath], ["urlhost", "buildkit-session"]]),
    signal: new AbortController().signal,
    // The daemon's side of the call stays open.
    batches: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) },
    write(frames) {
      const [message] = decoder.push(frames);
      messages.push(Upload.pull.response.decode(message!).data);
      return room(messages.at(-1)!);
    },
  };
  await uploadHandlers(new Map(Object.entries(uploads)))[call.path]!(call);
  decoder.end();
  return messages;
}

async function* chunks(...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (const [i, size] of sizes.entries()) {
    yield await Promise.resolve(new Uint8Array(size).fill(i + 1));
  }
}

Deno.test("uploadHandlers() sends an upload by its id, in messages of 1 MiB at most", async () => {
  const sent = await pull("/b", { a: () => chunks(1), b: () => chunks(3, 0, 2_500_000) });
  assert.deepEqual(sent.map(({ length }) => length), [3, 1 << 20, 1 << 20, 2_500_000 - (2 << 20)]);
  assert.deepEqual(concat(sent), concat(await Array.fromAsync(chunks(3, 0, 2_500_000))));
});

Deno.test("uploadHandlers() knows no other ids", async () => {
  for (const path of ["/c", "", "/", "/a/"]) {
    await assert.rejects(pull(path, { a: () => chunks(1) }), (error) => {
      return error instanceof RpcError && error.status === StatusCode.NOT_FOUND;
    });
  }
});

Deno.test("uploadHandlers() reads no further than the daemon takes", async () => {
  let read = 0;
  const endless = async function* () {
    for (;;) {
      read++;
      yield await Promise.resolve(new Uint8Array(1));
    }
  };
  let taken = 0;
  const stopped = new Error("reset by peer");
  const attempt = pull("/a", { a: endless }, () => {
    // What it read so far was all sent.
    assert.equal(read, ++taken);
    return taken < 5 ? Promise.resolve() : Promise.reject(stopped);
  });
  await assert.rejects(attempt, stopped);
  assert.equal(read, 5);
});
