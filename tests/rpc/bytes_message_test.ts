import assert from "node:assert/strict";
import { ProtocolError } from "../../src/errors.ts";
import { Buffer } from "node:buffer";
import { BytesMessage } from "../../src/gen/control.ts";
import { bytesMessageData, bytesMessageHeader } from "../../src/rpc/bytes_message.ts";
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

for (const bytes of [[0x0a], [0x0a, 5, 1], [0x0a, 0xff], [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 1]]) {
  Deno.test(`bytesMessageData() refuses ${bytes}`, () => {
    assert.throws(() => bytesMessageData(Uint8Array.from(bytes)), ProtocolError);
  });
}
