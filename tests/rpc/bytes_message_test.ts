import assert from "node:assert/strict";
import { ProtocolError } from "../../src/errors.ts";
import { Buffer } from "node:buffer";
import { BytesMessage } from "../../src/gen/control.ts";
import { bytesMessageData, bytesMessageHeader } from "../../src/rpc/bytes_message.ts";
import { BytesMessageReader } from "../../src/rpc/bytes_message_reader.ts";
import { concat } from "../../src/rpc/concat.ts";
import { envelope } from "../../src/rpc/envelope.ts";

for (const length of [1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, (16 << 20) - 5]) {
  Deno.test(`bytesMessageHeader() and bytesMessageData() carry ${length} bytes`, () => {
    const data = new Uint8Array(length).fill(7);
    const encoded = BytesMessage.encode({ data });
    const framed = concat([bytesMessageHeader(length), data]);
    assert.equal(Buffer.compare(framed, envelope(encoded)), 0);
    const read = bytesMessageData(encoded);
    assert.equal(Buffer.compare(read, data), 0);
    assert.equal(read.buffer, encoded.buffer, "copied");
  });
}

const ODD: Array<[string, number[], number[]]> = [
  ["nothing", [], []],
  ["empty data", [0x0a, 0], []],
  ["an unknown field first", [0x10, 5, 0x0a, 1, 9], [9]],
  ["an unknown field last", [0x0a, 1, 9, 0x10, 5], [9]],
  ["data twice", [0x0a, 1, 8, 0x0a, 1, 9], [9]],
  ["a length in more bytes than needed", [0x0a, 0x81, 0x00, 9], [9]],
];

for (const [what, bytes, data] of ODD) {
  Deno.test(`bytesMessageData() reads ${what}`, () => {
    assert.deepEqual([...bytesMessageData(Uint8Array.from(bytes))], data);
  });
}

const MALFORMED = [[0x0a], [0x0a, 5, 1], [0x0a, 0xff], [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 1]];

for (const bytes of MALFORMED) {
  Deno.test(`bytesMessageData() refuses ${bytes}`, () => {
    assert.throws(() => bytesMessageData(Uint8Array.from(bytes)), ProtocolError);
  });
}

/** The data that a reader finds in `messages`, given in pieces of `size` bytes. */
function readInPieces(messages: readonly Uint8Array[], size: number): number[] {
  const stream = concat(messages.map(envelope));
  const reader = new BytesMessageReader();
  const found: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += size) {
    reader.push(stream.subarray(at, at + size), (data) => found.push(data));
  }
  return [...concat(found)];
}

const PIECES = [1, 2, 3, 5, 6, 7, 8, 11, 13, 100, 1_000_000];

for (const size of PIECES) {
  Deno.test(`BytesMessageReader reads what comes in pieces of ${size}`, () => {
    const plain = [1, 127, 128, 300, 20_000].map((length) => new Uint8Array(length).fill(length));
    const odd = ODD.map(([, bytes]) => Uint8Array.from(bytes));
    const messages = plain.map((data) => BytesMessage.encode({ data }));
    const mixed = [...odd, ...messages, ...odd];
    const data = ODD.flatMap(([, , data]) => data);
    const expected = [...data, ...plain.flatMap((bytes) => [...bytes]), ...data];
    assert.deepEqual(readInPieces(mixed, size), expected);
  });
}

Deno.test("BytesMessageReader copies nothing, and waits for nothing", () => {
  const reader = new BytesMessageReader();
  const message = envelope(BytesMessage.encode({ data: new Uint8Array(1_000) }));
  const found: Uint8Array[] = [];
  reader.push(message.subarray(0, 500), (data) => found.push(data));
  assert.equal(found.length, 1);
  assert.equal(found[0]!.buffer, message.buffer);
});

for (const bytes of MALFORMED) {
  for (const size of [1, 2, 100]) {
    Deno.test(`BytesMessageReader refuses ${bytes} in pieces of ${size}`, () => {
      assert.throws(() => readInPieces([Uint8Array.from(bytes)], size), ProtocolError);
    });
  }
}

Deno.test("BytesMessageReader refuses what is compressed or too large", () => {
  for (const header of [[1, 0, 0, 0, 1], [0, 1, 0, 0, 1]]) {
    const reader = new BytesMessageReader();
    assert.throws(() => reader.push(Uint8Array.from(header), () => {}), ProtocolError);
  }
});
