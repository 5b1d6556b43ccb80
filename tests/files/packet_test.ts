import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { ProtocolError } from "../../src/errors.ts";
import { decodePacket } from "../../src/files/packet.ts";
import { PacketBatch } from "../../src/files/packet_batch.ts";
import type { FileStat } from "../../src/files/tree.ts";
import { Packet, PacketType } from "../../src/gen/fsutil.ts";
import { envelope, FrameDecoder } from "../../src/rpc/envelope.ts";

const MAX_INT64 = (1n << 63n) - 1n;

function entry(stat: Partial<FileStat>): FileStat {
  return {
    path: "a",
    mode: 0o644,
    size: 0,
    modTime: 0n,
    linkname: "",
    devmajor: 0,
    devminor: 0,
    ...stat,
  };
}

/** The packet as the generated codec has it. */
function statPacket(stat: FileStat): Partial<Packet> {
  const { path, mode, modTime, linkname } = stat;
  const size = BigInt(stat.size);
  const devmajor = BigInt(stat.devmajor);
  const devminor = BigInt(stat.devminor);
  const xattrs = stat.xattrs ?? new Map<string, Uint8Array>();
  return {
    stat: { path, mode, uid: 0, gid: 0, size, modTime, linkname, devmajor, devminor, xattrs },
  };
}

const ENTRIES: Record<string, Partial<FileStat>> = {
  "a plain file": { path: "src/main.ts", size: 1234, modTime: 1_700_000_000_123_456_789n },
  "a directory": { path: "src", mode: 0x800001ed },
  "all mode bits": { mode: 0xffffffff },
  "no path": { path: "" },
  "a path of 127 bytes": { path: "x".repeat(127) },
  "a path of 128 bytes": { path: "x".repeat(128) },
  "a path of 20,000 bytes": { path: "x/".repeat(10_000) },
  "an entry of 127 bytes": { path: "x".repeat(122) },
  "an entry of 128 bytes": { path: "x".repeat(123) },
  "an entry of 129 bytes": { path: "x".repeat(124) },
  "an entry whose length was guessed too long": { path: "x".repeat(104), mode: 0 },
  "an entry whose length was guessed too short": { path: "ü".repeat(100) },
  "an entry of three length bytes": { path: "x".repeat(20_000), linkname: "y".repeat(20_000) },
  "an accented path": { path: "caf\u00e9" },
  "a path beyond the BMP": { path: "🦕/🚢.txt" },
  "a path that is not ASCII at its end": { path: `${"x".repeat(120)}ü` },
  "a link": { mode: 0x080001ff, linkname: "../ü", size: 4 },
  "a device": { mode: 0x042001b6, devmajor: 0xfff, devminor: 0xfffff },
  "a time before the epoch": { modTime: -1n },
  "the earliest time": { modTime: -MAX_INT64 - 1n },
  "the last time": { modTime: MAX_INT64 },
  "a time of 32 bits": { modTime: 0xffffffffn },
  "a time of 33 bits": { modTime: 0x100000000n },
  "a size of 31 bits": { size: 2 ** 31 - 1 },
  "a size of 32 bits": { size: 2 ** 32 - 1 },
  "a size of 33 bits": { size: 2 ** 32 },
  "the biggest exact size": { size: Number.MAX_SAFE_INTEGER },
  "attributes": {
    xattrs: new Map([
      ["user.ü", new Uint8Array([0, 255])],
      ["user.empty", new Uint8Array(0)],
      ["user.long", new Uint8Array(70_000)],
    ]),
  },
};

for (const [name, stat] of Object.entries(ENTRIES)) {
  Deno.test(`PacketBatch.stat() writes ${name} as the generated codec does`, () => {
    const batch = new PacketBatch();
    batch.stat(entry({}));
    batch.stat(entry(stat));
    const expected = statPacket(entry(stat));
    const frames = [statPacket(entry({})), expected].map((it) => envelope(Packet.encode(it)));
    assert.deepEqual(Buffer.from(batch.take()), Buffer.concat(frames));
    const decoded = decodePacket(Packet.encode(expected));
    assert.deepEqual(decoded.stat, Packet.decode(Packet.encode(expected)).stat);
  });
}

for (const id of [0, 1, 127, 128, 2 ** 14, 2 ** 21, 2 ** 28, 2 ** 31, 2 ** 32 - 1]) {
  Deno.test(`PacketBatch.data() writes id ${id} as the generated codec does`, () => {
    for (const length of [1, 127, 128, 16_383, 16_384, 300_000]) {
      const data = new Uint8Array(length).fill(7);
      const batch = new PacketBatch();
      const place = batch.data(id, length);
      assert.equal(place.length, length + 1);
      place.fill(7);
      batch.commit(length);
      batch.endOfFile(id);
      const type = PacketType.PACKET_DATA;
      const packets = [{ type, id, data }, { type, id }];
      const frames = packets.map((packet) => envelope(Packet.encode(packet)));
      assert.deepEqual(Buffer.from(batch.take()), Buffer.concat(frames));
    }
  });
}

Deno.test("PacketBatch writes the ends and errors as the generated codec does", () => {
  const batch = new PacketBatch();
  batch.endOfList();
  batch.fin();
  batch.error("außer Betrieb");
  const data = new TextEncoder().encode("außer Betrieb");
  const packets = [{}, { type: PacketType.PACKET_FIN }, { type: PacketType.PACKET_ERR, data }];
  const frames = packets.map((packet) => envelope(Packet.encode(packet)));
  assert.deepEqual(Buffer.from(batch.take()), Buffer.concat(frames));
});

Deno.test("PacketBatch.take() never changes what it gave", () => {
  const batch = new PacketBatch();
  const taken: Array<{ frames: Uint8Array; copy: Uint8Array }> = [];
  for (const length of [10, 300_000, 10, 100_000, 250_000, 5]) {
    batch.data(1, length).fill(length);
    batch.commit(length);
    const frames = batch.take();
    assert.equal(batch.length, 0);
    taken.push({ frames, copy: frames.slice() });
  }
  for (const { frames, copy } of taken) assert.deepEqual(frames, copy);
});

Deno.test("PacketBatch.full says when to send, and a packet more still fits", () => {
  const batch = new PacketBatch();
  let entries = 0;
  while (!batch.full) {
    batch.stat(entry({ path: `file-${entries++}` }));
  }
  assert.equal(batch.room, 0);
  batch.data(1, 64 << 10);
  batch.commit(64 << 10);
  assert.equal(new FrameDecoder().push(batch.take()).length, entries + 1);
});

const PACKETS: Array<Partial<Packet>> = [
  {},
  { type: PacketType.PACKET_REQ },
  { type: PacketType.PACKET_REQ, id: 1 },
  { type: PacketType.PACKET_REQ, id: 2 ** 32 - 1 },
  { type: PacketType.PACKET_FIN },
  { type: PacketType.PACKET_DATA, id: 300, data: new Uint8Array([1, 2, 3]) },
  { type: PacketType.PACKET_DATA, id: 300 },
  { type: PacketType.PACKET_ERR, data: new TextEncoder().encode("no") },
];

Deno.test("decodePacket() reads what the generated codec writes", () => {
  for (const packet of PACKETS) {
    const bytes = Packet.encode(packet);
    assert.deepEqual({ stat: undefined, ...Packet.decode(bytes) }, decodePacket(bytes));
  }
});

Deno.test("decodePacket() gives content as a view", () => {
  const bytes = Packet.encode({ type: PacketType.PACKET_DATA, data: new Uint8Array(100) });
  assert.equal(decodePacket(bytes).data.buffer, bytes.buffer);
});

Deno.test("decodePacket() passes over fields of newer versions", () => {
  const unknown = [0x28, 0x81, 0x01, 0x31, 1, 2, 3, 4, 5, 6, 7, 8, 0x3a, 2, 9, 9, 0x45, 1, 2, 3, 4];
  assert.equal(decodePacket(new Uint8Array([...unknown, 0x08, 0x01, 0x18, 0x05])).id, 5);
});

const BROKEN: Record<string, number[]> = {
  "a tag without a value": [0x08],
  "a number that does not end": [0x18, 0x80],
  "a number of eleven bytes": [0x18, ...new Array(10).fill(0x80), 1],
  "a 64-bit number of eleven bytes": [0x12, 12, 0x30, ...new Array(10).fill(0x80), 1],
  "content that is cut off": [0x22, 5, 1, 2],
  "a length beyond everything": [0x22, 0xff, 0xff, 0xff, 0xff, 0x0f],
  "a group": [0x2b],
  "a fixed field that is cut off": [0x2d, 1, 2],
  "a name that is not UTF-8": [0x12, 3, 0x0a, 1, 0xff],
  "an entry that is cut off": [0x12, 3, 0x0a, 5, 0x61],
};

for (const [name, bytes] of Object.entries(BROKEN)) {
  Deno.test(`decodePacket() refuses ${name}`, () => {
    assert.throws(() => decodePacket(new Uint8Array(bytes)), ProtocolError);
  });
}
