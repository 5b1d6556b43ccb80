/** Bytes of the wire: whatever comes, cut however it may be, gives the same or an error of ours. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { ProtocolError } from "../../src/errors.ts";
import { decodePacket } from "../../src/files/packet.ts";
import { PacketBatch } from "../../src/files/packet_batch.ts";
import type { FileStat } from "../../src/files/tree.ts";
import { StatusResponse } from "../../src/gen/control.ts";
import { Packet } from "../../src/gen/fsutil.ts";
import { Result } from "../../src/gen/gateway.ts";
import { Definition } from "../../src/gen/ops.ts";
import type { MessageType } from "../../src/rpc/codec.ts";
import { concat } from "../../src/rpc/concat.ts";
import { envelope, FrameDecoder } from "../../src/rpc/envelope.ts";
import {
  Flag,
  type Frame,
  frameOf,
  FrameReader,
  FrameType,
  PREFACE,
} from "../../src/rpc/http2/frames.ts";
import { encodeHeaders, type HeaderField, HpackDecoder } from "../../src/rpc/http2/hpack.ts";
import { requestBlock, turn } from "../support/raw_peer.ts";
import { message, served } from "../support/served_peer.ts";
import { agreement, isError } from "./oracle.ts";
import { cutInPieces, CUTS, orRefused, property, REFUSED } from "./support.ts";

/** Objects as we make them. */
const PLAIN = { noNullPrototype: true };
const BYTES = fc.uint8Array({ maxLength: 40 });
const TEXT = fc.string({ unit: "grapheme", maxLength: 30 });
const UINT32 = fc.oneof(fc.nat(200), fc.nat(0xffff_ffff));
const INT64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const STAT = fc.record({
  path: TEXT,
  mode: UINT32,
  size: fc.nat(Number.MAX_SAFE_INTEGER),
  modTime: INT64,
  linkname: fc.oneof(fc.constant(""), TEXT),
  devmajor: UINT32,
  devminor: UINT32,
  xattrs: fc.array(fc.tuple(TEXT, BYTES), { maxLength: 2 }).map((pairs) => new Map(pairs)),
}, PLAIN);

/** What changes bytes a little: one replaced, one put in, one taken out, the end cut off. */
const DAMAGE = fc.array(
  fc.tuple(fc.constantFrom("set", "insert", "remove", "cut"), fc.nat(), fc.nat(255)),
  { minLength: 1, maxLength: 4 },
);

function damaged(bytes: Uint8Array, damage: ReadonlyArray<[string, number, number]>): Uint8Array {
  const list = [...bytes];
  for (const [kind, at, byte] of damage) {
    const index = at % (list.length + 1);
    if (kind === "cut") list.length = index;
    else list.splice(index, kind === "insert" ? 0 : 1, ...(kind === "remove" ? [] : [byte]));
  }
  return Uint8Array.from(list);
}

property(
  "PacketBatch writes a STAT as the generated codec does",
  STAT,
  2_000,
  (entry: FileStat) => {
    const batch = new PacketBatch();
    batch.stat(entry);
    const expected = Packet.encode({
      type: 0,
      stat: {
        ...entry,
        uid: 0,
        gid: 0,
        size: BigInt(entry.size),
        devmajor: BigInt(entry.devmajor),
        devminor: BigInt(entry.devminor),
        xattrs: entry.xattrs ?? new Map(),
      },
    });
    const [bytes] = new FrameDecoder().push(batch.take());
    assert.deepEqual(decodePacket(bytes!), Packet.decode(expected));
    assert.deepEqual(bytes, expected);
  },
);

const PACKET = fc.record({
  type: fc.nat(5),
  stat: fc.option(
    STAT.map((stat) => ({
      ...stat,
      uid: stat.mode,
      gid: stat.devmajor,
      size: stat.modTime,
      devmajor: stat.modTime,
      devminor: BigInt(stat.size),
    })),
    { nil: undefined },
  ),
  id: UINT32,
  data: BYTES,
}, PLAIN);

property("decodePacket() reads what the generated codec writes", PACKET, 2_000, (packet) => {
  assert.deepEqual(decodePacket(Packet.encode(packet)), packet);
});

property(
  "decodePacket() reads damaged packets as the generated codec, or refuses them",
  fc.oneof(
    fc.tuple(PACKET, DAMAGE).map(([packet, damage]) => damaged(Packet.encode(packet), damage)),
    BYTES,
  ),
  10_000,
  (bytes) => {
    const byHand = orRefused(() => decodePacket(bytes), ProtocolError);
    const generated = orRefused(() => Packet.decode(bytes), ProtocolError);
    // By hand it is stricter: about names that are not UTF-8, and about groups.
    if (byHand === REFUSED) return;
    assert.deepEqual({ ...byHand, type: byHand.type | 0 }, {
      stat: undefined,
      ...generated as Packet,
    });
  },
  {
    "a name of an attribute that is a number": Uint8Array.of(
      ...[0x12, 17, 0x52, 15, 0x08, 7, 0xf0, 0x90, 0x80, 0x80, 0xe0, 0xa0, 0x80],
      ...[0x12, 4, 0, 0, 0, 0],
    ),
    "such a name, and a value": Uint8Array.of(0x12, 6, 0x52, 4, 0x08, 7, 0x12, 0),
  },
);

const TYPES: ReadonlyArray<MessageType<unknown>> = [StatusResponse, Definition, Result];

for (const type of TYPES) {
  property(
    `${type.typeName} refuses what is none of it properly`,
    fc.uint8Array(),
    5_000,
    (bytes) => {
      const value = orRefused(() => type.decode(bytes), ProtocolError);
      if (value !== REFUSED) type.decode(type.encode(value as object));
    },
  );
}

const MESSAGES = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 5 });

property(
  "FrameDecoder gives the same messages however their bytes are cut",
  fc.record({ messages: MESSAGES, cuts: CUTS }),
  5_000,
  ({ messages, cuts }) => {
    const decoder = new FrameDecoder();
    const bytes = concat(messages.map(envelope));
    const found = cutInPieces(bytes, cuts).flatMap((piece) => decoder.push(piece));
    decoder.end();
    assert.deepEqual(found.map((one) => [...one]), messages.map((one) => [...one]));
  },
);

property(
  "FrameDecoder takes or refuses any bytes, and never waits for more than it allows",
  fc.record({
    bytes: fc.array(fc.oneof(fc.constantFrom(0, 0, 0, 1), fc.nat(255)), { maxLength: 40 }),
    cuts: CUTS,
  }),
  5_000,
  ({ bytes, cuts }) => {
    const whole = framesOf([Uint8Array.from(bytes)]);
    assert.deepEqual(framesOf(cutInPieces(Uint8Array.from(bytes), cuts)), whole);
  },
);

function framesOf(pieces: readonly Uint8Array[]): unknown {
  return orRefused(() => {
    const decoder = new FrameDecoder();
    const messages = pieces.flatMap((piece) => decoder.push(piece));
    decoder.end();
    return messages.map((one) => [...one]);
  }, ProtocolError);
}

const FRAME = fc.record({
  type: fc.oneof(fc.constant(FrameType.DATA), fc.nat(12)),
  flags: fc.nat(255),
  stream: fc.nat(0x7fff_ffff),
  payload: fc.uint8Array({ maxLength: 40 }),
}, PLAIN);

property(
  "FrameReader gives the same frames however their bytes are cut",
  fc.record({ frames: fc.array(FRAME, { maxLength: 5 }), cuts: CUTS }),
  5_000,
  ({ frames, cuts }) => {
    const bytes = concat([
      Buffer.from(PREFACE),
      ...frames.map(({ type, flags, stream, payload }) => frameOf(type, flags, stream, payload)),
    ]);
    const reader = new FrameReader(1 << 14);
    const found: Frame[] = [];
    for (const piece of cutInPieces(bytes, cuts)) {
      reader.push(piece, (frame) => found.push({ ...frame, payload: frame.payload.slice() }));
    }
    assert.deepEqual(frames.map((frame) => joined(found, frame)), frames);
    assert.deepEqual(found, []);
  },
);

/** Takes a frame out of `found`, put together from as many pieces as `wanted` may have come in. */
function joined(found: Frame[], { payload: { length } }: Frame): Frame | undefined {
  let frame = found.shift();
  while (frame !== undefined && frame.payload.length < length) {
    const { type, flags, stream, payload } = found.shift() ?? assert.fail("a piece is missing");
    // Only pieces of DATA, and only the last may end the stream.
    const begun = { type: FrameType.DATA, flags: flags & ~Flag.END_STREAM, stream };
    assert.deepEqual({ type: frame.type, flags: frame.flags, stream: frame.stream }, begun);
    frame = { type, flags, stream, payload: concat([frame.payload, payload]) };
  }
  return frame;
}

/** What ten letters are in HPACK's Huffman code: their place, in five bits. */
const SHORT_LETTERS = "012aceiost";

function huffman(text: string): number[] {
  const bits = [...text].map((letter) => SHORT_LETTERS.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const padded = bits + "1".repeat((8 - bits.length % 8) % 8);
  return [...padded.matchAll(/.{8}/g)].map(([byte]) => parseInt(byte!, 2));
}

function integer(value: number, prefix: number, first: number): number[] {
  const mask = (1 << prefix) - 1;
  if (value < mask) return [first | value];
  const bytes = [first | mask];
  for (value -= mask; value >= 0x80; value >>>= 7) bytes.push(value & 0x7f | 0x80);
  return [...bytes, value];
}

const SHORT_TEXT = fc.array(fc.constantFrom(...SHORT_LETTERS), { maxLength: 6 }).map((l) =>
  l.join("")
);
const HPACK_STRING = fc.oneof(
  SHORT_TEXT.map((text) => [...integer(text.length, 7, 0), ...Buffer.from(text)]),
  SHORT_TEXT.map(huffman).map((bytes) => [...integer(bytes.length, 7, 0x80), ...bytes]),
  fc.array(fc.nat(255), { maxLength: 6 }).map((
    bytes,
  ) => [...integer(bytes.length, 7, 0x80), ...bytes]),
  fc.constant([...integer(300, 7, 0), ...Buffer.alloc(300, "x")]),
);
const HPACK_INDEX = fc.oneof(fc.nat(66), fc.nat(200));
const HPACK_FIELD = fc.oneof(
  HPACK_INDEX.map((index) => integer(index, 7, 0x80)),
  fc.tuple(
    fc.constantFrom<[number, number]>([6, 0x40], [4, 0], [4, 0x10]),
    HPACK_INDEX,
    HPACK_STRING,
  )
    .map(([[prefix, first], index, value]) => [...integer(index || 1, prefix, first), ...value]),
  fc.tuple(fc.constantFrom(0x40, 0, 0x10), HPACK_STRING, HPACK_STRING)
    .map(([first, name, value]) => [first, ...name, ...value]),
);
const HPACK_BLOCK = fc.oneof(
  { weight: 9, arbitrary: fc.array(HPACK_FIELD, { maxLength: 8 }).map((fields) => fields.flat()) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(0, 31, 100, 4_096, 4_097, 70_000), HPACK_FIELD)
      .map(([size, field]) => [...integer(size, 5, 0x20), ...field]),
  },
  // Go does not take two changes of the table's size, which the standard allows.
  {
    weight: 1,
    arbitrary: fc.array(fc.nat(255).filter((byte) => byte >> 5 !== 1), { maxLength: 12 }),
  },
);

agreement("HpackDecoder reads the blocks of a connection as Go's does", {
  inputs: fc.array(HPACK_BLOCK, { minLength: 1, maxLength: 6 }),
  runs: 5_000,
  question: (blocks) => ({
    ask: "hpack",
    blocks: blocks.map((block) => Buffer.from(block).toString("base64")),
  }),
  ours: (blocks) => {
    const decoder = new HpackDecoder(1 << 20);
    const found: HeaderField[][] = [];
    for (const block of blocks) {
      const fields = orRefused(() => decoder.decode(Uint8Array.from(block)), ProtocolError);
      if (fields === REFUSED) return { blocks: found, refused: true };
      found.push(fields.map(([name, value]) => [name, value]));
    }
    return { blocks: found, refused: false };
  },
  theirs: (answer) => ({
    blocks: (answer as { blocks: unknown[] | null }).blocks ?? [],
    refused: isError(answer),
  }),
});

property(
  "HpackDecoder reads what encodeHeaders() writes",
  fc.array(fc.tuple(fc.string({ maxLength: 200 }), fc.string({ maxLength: 200 }))),
  2_000,
  (fields) => {
    assert.deepEqual(new HpackDecoder(1 << 20).decode(encodeHeaders(fields)), fields);
  },
);

/** Two calls, one in many frames. */
function conversation(): Uint8Array {
  const block = requestBlock("/collect", [["x", "1"]]);
  return concat([
    Buffer.from(PREFACE),
    frameOf(FrameType.SETTINGS, 0, 0, new Uint8Array(0)),
    frameOf(FrameType.HEADERS, Flag.END_HEADERS, 1, block),
    frameOf(FrameType.HEADERS, 0, 3, block.subarray(0, 5)),
    frameOf(FrameType.CONTINUATION, Flag.END_HEADERS, 3, block.subarray(5)),
    frameOf(FrameType.DATA, 0, 1, message("hello").subarray(0, 4)),
    frameOf(FrameType.DATA, Flag.END_STREAM, 3, concat([message("a"), message("b")])),
    frameOf(FrameType.WINDOW_UPDATE, 0, 0, Uint8Array.of(0, 0, 1, 0)),
    frameOf(FrameType.DATA, Flag.END_STREAM, 1, message("hello").subarray(4)),
    frameOf(FrameType.PING, 0, 0, new Uint8Array(8)),
    frameOf(FrameType.RST_STREAM, 0, 1, new Uint8Array(4)),
  ]);
}

property(
  "Connection survives a damaged conversation, or ends with an error of ours",
  fc.record({ damage: DAMAGE, cuts: CUTS }),
  1_500,
  async ({ damage, cuts }) => {
    await using f = served();
    // The preface stays: without it nothing is looked at.
    const whole = conversation();
    const start = PREFACE.length;
    f.peer.raw(whole.subarray(0, start));
    for (const piece of cutInPieces(damaged(whole.subarray(start), damage), cuts)) {
      f.peer.raw(piece);
    }
    await turn();
    for (const error of f.lost) assert(error instanceof ProtocolError, String(error));
    for (const { error } of f.seen) {
      if (error !== undefined) assert(error instanceof ProtocolError, String(error));
    }
  },
);
