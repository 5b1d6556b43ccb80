import assert from "node:assert/strict";
import { ProtocolError } from "../../src/errors.ts";
import { concat } from "../../src/rpc/concat.ts";
import { envelope, FrameDecoder, MAX_MESSAGE } from "../../src/rpc/envelope.ts";

const MESSAGES = ["", "a", "hello", "x".repeat(300), "", "y".repeat(70_000)]
  .map((text) => new TextEncoder().encode(text));
const BYTES = concat(MESSAGES.map(envelope));

for (const size of [1, 2, 4, 5, 6, 7, 1_000, 16_384, BYTES.length]) {
  Deno.test(`FrameDecoder reads messages out of chunks of ${size} bytes`, () => {
    const decoder = new FrameDecoder();
    const messages: Uint8Array[] = [];
    for (let at = 0; at < BYTES.length; at += size) {
      messages.push(...decoder.push(BYTES.slice(at, at + size)));
    }
    decoder.end();
    assert.deepEqual(messages, MESSAGES);
  });
}

Deno.test("FrameDecoder does not copy a message that lies in one chunk", () => {
  const [message] = new FrameDecoder().push(BYTES.subarray(5));
  assert.equal(message?.buffer, BYTES.buffer);
});

Deno.test("FrameDecoder takes the largest message and refuses a larger one", () => {
  const header = (length: number) =>
    Uint8Array.of(0, length >>> 24, length >>> 16, length >>> 8, length);
  assert.deepEqual(new FrameDecoder().push(header(MAX_MESSAGE)), []);
  for (const length of [MAX_MESSAGE + 1, 0x7fffffff, 0xffffffff]) {
    const refused = { name: "ProtocolError", message: new RegExp(`message of ${length} bytes`) };
    assert.throws(() => new FrameDecoder().push(header(length)), refused);
  }
});

Deno.test("FrameDecoder refuses compressed messages", () => {
  for (const flag of [1, 2, 255]) {
    assert.throws(() => new FrameDecoder().push(Uint8Array.of(flag, 0, 0, 0, 0)), ProtocolError);
  }
});

Deno.test("FrameDecoder.end() refuses a stream that stops within a message", () => {
  for (const kept of [1, 4, 5, 9]) {
    const decoder = new FrameDecoder();
    decoder.push(envelope(new Uint8Array(5)).subarray(0, kept));
    assert.throws(() => decoder.end(), ProtocolError);
  }
});
