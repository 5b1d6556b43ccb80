import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FileError } from "../../src/errors.ts";
import { archiveSink } from "../../src/files/archive_sink.ts";
import { receiveArchive } from "../../src/files/archive.ts";
import { BytesMessage } from "../../src/gen/filesync.ts";
import { ScriptedCall } from "../support/scripted_call.ts";
import { tempFolder } from "../support/temp_folder.ts";

const message = (data: string | Uint8Array) =>
  BytesMessage.encode({ data: typeof data === "string" ? new TextEncoder().encode(data) : data });

/** A daemon that sends these messages, each as a batch of its own, and ends the stream. */
function sender(...messages: Array<string | Uint8Array>): ScriptedCall {
  const call = new ScriptedCall();
  for (const data of messages) call.push(message(data));
  call.end();
  return call;
}

/** Content in which each position tells where it is. */
function pattern(length: number): Uint8Array {
  return new Uint8Array(length).map((_, i) => (i >> 8) ^ i);
}

/** A stream that keeps what is written to it. */
function collector(): { stream: WritableStream<Uint8Array>; chunks: Uint8Array[]; end: string[] } {
  const chunks: Uint8Array[] = [];
  const end: string[] = [];
  const stream = new WritableStream<Uint8Array>({
    write: (chunk) => void chunks.push(chunk),
    close: () => void end.push("closed"),
    abort: (reason) => void end.push(`aborted: ${reason.message}`),
  });
  return { stream, chunks, end };
}

Deno.test("receiveArchive() writes a file that is there once committed", async () => {
  await using temp = tempFolder();
  const path = join(temp.path, "deep/er/out.tar");
  const sink = archiveSink(path);
  assert.deepEqual(await receiveArchive(sender("abc", "", "def"), sink), { bytes: 6 });
  assert.equal(fs.existsSync(path), false);
  await sink.commit();
  assert.equal(fs.readFileSync(path, "utf8"), "abcdef");
  assert.deepEqual(fs.readdirSync(join(temp.path, "deep/er")), ["out.tar"]);
});

Deno.test("archiveSink() takes a URL", async () => {
  await using temp = tempFolder();
  const path = join(temp.path, "a b#c.tar");
  const sink = archiveSink(pathToFileURL(path));
  await receiveArchive(sender("x"), sink);
  await sink.commit();
  assert.equal(fs.readFileSync(path, "utf8"), "x");
});

const SIZES = [0, 1, 4096, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, 3 << 20];

for (const size of SIZES) {
  Deno.test(`receiveArchive() takes ${size} bytes in one message and in small ones`, async () => {
    await using temp = tempFolder();
    const content = pattern(size);
    const pieces = [];
    for (let at = 0; at < size; at += 4093) pieces.push(content.subarray(at, at + 4093));
    for (const [i, messages] of [[content], pieces].entries()) {
      const sink = archiveSink(join(temp.path, `${i}`));
      assert.deepEqual(await receiveArchive(sender(...messages), sink), { bytes: size });
      await sink.commit();
      assert.deepEqual(new Uint8Array(fs.readFileSync(join(temp.path, `${i}`))), content);
    }
  });
}

Deno.test("receiveArchive() leaves nothing of a file that is discarded", async () => {
  await using temp = tempFolder();
  const path = join(temp.path, "out.tar");
  fs.writeFileSync(path, "before");
  const sink = archiveSink(path);
  await receiveArchive(sender("abc"), sink);
  assert.equal(fs.readdirSync(temp.path).length, 2);
  await sink.discard(new Error("the build failed"));
  assert.deepEqual(fs.readdirSync(temp.path), ["out.tar"]);
  assert.equal(fs.readFileSync(path, "utf8"), "before");
  await sink.discard(new Error("again"));
});

Deno.test("archiveSink() keeps the permissions of the file it replaces", async () => {
  await using temp = tempFolder();
  const path = join(temp.path, "out.tar");
  fs.writeFileSync(path, "before", { mode: 0o600 });
  const sink = archiveSink(path);
  await receiveArchive(sender("after"), sink);
  await sink.commit();
  assert.equal(fs.statSync(path).mode & 0o777, 0o600);
  assert.equal(fs.readFileSync(path, "utf8"), "after");
});

Deno.test("archiveSink() replaces what a link points to, not the link", async () => {
  await using temp = tempFolder();
  fs.mkdirSync(join(temp.path, "store"));
  fs.writeFileSync(join(temp.path, "store/real.tar"), "before");
  fs.symlinkSync("store/real.tar", join(temp.path, "out.tar"));
  const sink = archiveSink(join(temp.path, "out.tar"));
  await receiveArchive(sender("after"), sink);
  await sink.commit();
  assert.ok(fs.lstatSync(join(temp.path, "out.tar")).isSymbolicLink());
  assert.equal(fs.readFileSync(join(temp.path, "store/real.tar"), "utf8"), "after");
});

Deno.test("archiveSink() says what to do about a folder", async () => {
  await using temp = tempFolder();
  assert.throws(
    () => archiveSink(temp.path),
    (error) => error instanceof FileError && /is a folder\. Name a file/.test(error.message),
  );
});

Deno.test("archiveSink() names a file that cannot be written", async () => {
  await using temp = tempFolder();
  fs.writeFileSync(join(temp.path, "file"), "");
  const path = join(temp.path, "file/out.tar");
  await assert.rejects(
    async () => await receiveArchive(sender("x"), archiveSink(path)),
    (error) => error instanceof FileError && error.path === path,
  );
});

Deno.test("archiveSink() writes into a named pipe", async () => {
  await using temp = tempFolder();
  const path = join(temp.path, "pipe");
  await once(spawn("mknod", [path, "p"]), "exit");
  const copy = join(temp.path, "copy");
  const reader = spawn("sh", ["-c", `cat "$0" > "$1"`, path, copy], { stdio: "inherit" });
  const exited = once(reader, "exit");
  const sink = archiveSink(path);
  await receiveArchive(sender(pattern(1 << 20)), sink);
  await sink.commit();
  await exited;
  assert.deepEqual(new Uint8Array(fs.readFileSync(copy)), pattern(1 << 20));
  assert.ok(fs.lstatSync(path).isFIFO());
});

Deno.test("receiveArchive() writes big chunks to a stream and closes it when committed", async () => {
  const { stream, chunks, end } = collector();
  const sink = archiveSink(stream);
  const content = pattern(1 << 20);
  const pieces = Array.from({ length: 256 }, (_, i) => content.subarray(i * 4096, (i + 1) * 4096));
  await receiveArchive(sender(...pieces), sink);
  assert.deepEqual(end, []);
  await sink.commit();
  assert.deepEqual(end, ["closed"]);
  assert.deepEqual(chunks.map(({ length }) => length), [262144, 262144, 262144, 262144]);
  assert.deepEqual(new Uint8Array(Buffer.concat(chunks)), content);
});

Deno.test("receiveArchive() gives a stream buffers of its own", async () => {
  const received: Uint8Array[] = [];
  const sink = archiveSink(
    new WritableStream({
      write: (chunk) =>
        void received.push(structuredClone(chunk, { transfer: [chunk.buffer as ArrayBuffer] })),
    }),
  );
  await receiveArchive(sender(pattern(600_000)), sink);
  await sink.commit();
  assert.deepEqual(new Uint8Array(Buffer.concat(received)), pattern(600_000));
});

Deno.test("receiveArchive() waits for a slow stream", async () => {
  let take = () => {};
  let written = 0;
  const sink = archiveSink(
    new WritableStream<Uint8Array>({
      write: async (chunk) => {
        await new Promise<void>((resolve) => take = resolve);
        written += chunk.length;
      },
    }),
  );
  const call = new ScriptedCall();
  for (let i = 0; i < 8; i++) call.push(message(pattern(256 << 10)));
  call.end();
  let done = false;
  const receiving = receiveArchive(call, sink).then(() => done = true);
  await turns(20);
  assert.equal(done, false);
  assert.ok(call.waiting >= 5, `${call.waiting} batches wait`);
  while (!done) {
    take();
    await turns(1);
  }
  const committed = sink.commit();
  take();
  await receiving;
  await committed;
  assert.equal(written, 8 * (256 << 10));
});

Deno.test("receiveArchive() aborts the stream of an archive that is discarded", async () => {
  const { stream, end } = collector();
  const sink = archiveSink(stream);
  await receiveArchive(sender("abc"), sink);
  await sink.discard(new Error("the build failed"));
  assert.deepEqual(end, ["aborted: the build failed"]);
});

Deno.test("receiveArchive() fails with the error of the stream", async () => {
  const sink = archiveSink(
    new WritableStream({
      write: () => {
        throw new Error("the disk is full");
      },
    }),
  );
  const messages = Array.from({ length: 8 }, () => pattern(256 << 10));
  await assert.rejects(receiveArchive(sender(...messages), sink), /the disk is full/);
  await sink.discard(new Error("over"));
});

Deno.test("receiveArchive() fails late with the error of a short stream", async () => {
  const sink = archiveSink(
    new WritableStream({
      write: () => {
        throw new Error("the disk is full");
      },
    }),
  );
  await receiveArchive(sender("abc"), sink);
  await assert.rejects(sink.commit(), /the disk is full/);
});

Deno.test("receiveArchive() fails when the call breaks off", async () => {
  await using temp = tempFolder();
  const sink = archiveSink(join(temp.path, "out.tar"));
  const call = new ScriptedCall();
  call.push(message(pattern(300_000)));
  const receiving = receiveArchive(call, sink);
  await turns(2);
  call.break();
  await assert.rejects(receiving, /reset by peer/);
  await sink.discard(new Error("over"));
  assert.deepEqual(fs.readdirSync(temp.path), []);
});

Deno.test("receiveArchive() does not wait for a stuck stream when the call breaks off", async () => {
  let unstick = () => {};
  const sink = archiveSink(
    new WritableStream({ write: () => new Promise<void>((resolve) => unstick = resolve) }),
  );
  const call = new ScriptedCall();
  for (let i = 0; i < 4; i++) call.push(message(pattern(256 << 10)));
  const receiving = receiveArchive(call, sink);
  await turns(2);
  call.break();
  await assert.rejects(receiving, /reset by peer/);
  const discarded = sink.discard(new Error("over"));
  unstick();
  await discarded;
});

Deno.test("receiveArchive() reports progress", async () => {
  const { stream } = collector();
  const seen: number[] = [];
  const options = { onProgress: ({ bytes }: { bytes: number }) => seen.push(bytes) };
  await receiveArchive(sender("abc", "de"), archiveSink(stream), options);
  assert.deepEqual(seen, [3, 5]);
});

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}
