import assert from "node:assert/strict";
import { ProtocolError } from "../../src/errors.ts";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { BuildHistoryRecord, Vertex } from "../../src/gen/control.ts";
import { Packet, Stat } from "../../src/gen/fsutil.ts";
import { Definition } from "../../src/gen/ops.ts";
import { type Field, message, type MessageType } from "../../src/rpc/codec.ts";

const PROTO = fileURLToPath(new URL("../../proto/", import.meta.url));
const GEN = new URL("../../src/gen/", import.meta.url);

Deno.test("message() agrees with protobufjs's own codecs on random messages of all types", async () => {
  const root = await loadProtos();
  const random = randomSource(1);
  const types = await allTypes();
  assert(types.length > 40);
  for (const ours of types) {
    const theirs = root.lookupType(ours.typeName);
    for (let i = 0; i < 40; i++) {
      const bytes = theirs.encode(randomMessage(theirs, random, 4)).finish();
      const again = ours.encode(ours.decode(bytes) as Record<string, unknown>);
      assert.deepEqual(plain(theirs, again), plain(theirs, bytes), ours.typeName);
    }
  }
});

Deno.test("message() survives any cut and any changed byte of random messages", async () => {
  const root = await loadProtos();
  const random = randomSource(2);
  for (const ours of [BuildHistoryRecord, Packet, Definition, Vertex]) {
    const theirs = root.lookupType(ours.typeName);
    const bytes = theirs.encode(randomMessage(theirs, random, 4)).finish().slice(0, 2_000);
    for (let i = 0; i < bytes.length; i++) {
      decodeOrProtocolError(ours, bytes.slice(0, i));
      decodeOrProtocolError(ours, bytes.with(i, random(256)));
    }
  }
});

function decodeOrProtocolError(type: MessageType<unknown>, bytes: Uint8Array): void {
  try {
    type.decode(bytes);
  } catch (error) {
    assert(error instanceof ProtocolError, String(error));
    assert(error.message.startsWith(`Cannot decode ${type.typeName}: `), error.message);
  }
}

interface Sample {
  text: string;
  raw: Uint8Array;
  flag: boolean;
  small: number;
  size: number;
  big: bigint;
  time?: bigint;
  child?: Sample;
  numbers: number[];
  names: Map<string, bigint>;
}

const Sample: MessageType<Sample> = message("Sample", (): Field[] => [
  { no: 1, name: "text", type: "string" },
  { no: 2, name: "raw", type: "bytes" },
  { no: 3, name: "flag", type: "bool" },
  { no: 4, name: "small", type: "int32" },
  { no: 5, name: "size", type: "uint32" },
  { no: 6, name: "big", type: "int64" },
  { no: 7, name: "time", type: "timestamp" },
  { no: 8, name: "child", type: () => Sample },
  { no: 9, name: "numbers", type: "int32", repeated: true },
  { no: 100, name: "names", type: "int64", mapKey: "string" },
]);

const ROUND_TRIPS: Array<Partial<Sample>> = [
  { big: -1n },
  { big: 2n ** 63n - 1n },
  { big: -(2n ** 63n) },
  { big: 2n ** 53n + 1n },
  { small: -1 },
  { small: -(2 ** 31) },
  { size: 2 ** 32 - 1 },
  { time: 0n },
  { time: -1n },
  { time: -1_000_000_001n },
  { time: 1_700_000_000_123_456_789n },
  { child: Sample.decode(new Uint8Array()) },
  { numbers: [0, -1, 5] },
  { names: new Map([["", 0n], ["a", -1n]]) },
  { text: "größe 🚀".repeat(50) },
];

for (const sample of ROUND_TRIPS) {
  const shown = JSON.stringify(
    sample,
    (_, value) => typeof value === "bigint" ? `${value}n` : value,
  );
  Deno.test(`message() keeps ${shown.slice(0, 50)}`, () => {
    const empty = Sample.decode(new Uint8Array());
    assert.deepEqual(Sample.decode(Sample.encode(sample)), { ...empty, ...sample });
  });
}

const ENCODED: Array<[string, Partial<Sample>, number[]]> = [
  ["nothing at its default", { text: "", flag: false, big: 0n, numbers: [], small: 0 }, []],
  ["negative numbers in ten bytes", { small: -1 }, [0x20, ...Array(9).fill(255), 1]],
  ["a time before the epoch with positive nanoseconds", { time: -1n }, [
    ...[0x3a, 17, 0x08, ...Array(9).fill(255), 1, 0x10, 0xff, 0x93, 0xeb, 0xdc, 0x03],
  ]],
  ["an empty message that is there", { child: {} as Sample }, [0x42, 0]],
];

for (const [what, sample, bytes] of ENCODED) {
  Deno.test(`message() writes ${what}`, () => {
    assert.deepEqual([...Sample.encode(sample)], bytes);
  });
}

const DECODED: Array<[string, number[], Partial<Sample>]> = [
  ["packed numbers", [0x4a, 2, 1, 2], { numbers: [1, 2] }],
  ["numbers one by one", [0x48, 1, 0x48, 2], { numbers: [1, 2] }],
  ["a map entry without key and value", [0xa2, 0x06, 0], { names: new Map([["", 0n]]) }],
  ["past unknown fields of every wire type", [
    ...[0xf8, 1, 150, 1, 0xf9, 1, ...Array(8).fill(0), 0xfa, 1, 1, 7, 0xfb, 1, 0x08, 1, 0xfc, 1],
    ...[0xfd, 1, 0, 0, 0, 0, 0x18, 1],
  ], { flag: true }],
  ["past a known field of another wire type", [0x08, 5, 0x18, 1], { flag: true }],
  ["a field that comes twice", [0x20, 1, 0x20, 2], { small: 2 }],
];

for (const [what, bytes, sample] of DECODED) {
  Deno.test(`message() reads ${what}`, () => {
    const empty = Sample.decode(new Uint8Array());
    assert.deepEqual(Sample.decode(Uint8Array.from(bytes)), { ...empty, ...sample });
  });
}

const MALFORMED: Array<[string, number[]]> = [
  ["a cut tag", [0x88]],
  ["a cut string", [0x0a, 5, 65]],
  ["a length of 4 GiB", [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ["a sub-message past the end", [0x42, 9, 0x18, 1]],
  ["a field past the end of its sub-message", [0x42, 2, 0x20, 0x80, 1, 0]],
  ["a time past the end", [0x3a, 9, 8, 1]],
  ["a packed list past the end", [0x4a, 9, 1]],
  ["a map entry past the end", [0xa2, 0x06, 9, 1]],
  ["a varint without end", [0x30, ...Array(20).fill(255)]],
  ["the wire type that does not exist", [0xff, 1]],
  ["a group without end", [0xfb, 1]],
];

for (const [what, bytes] of MALFORMED) {
  Deno.test(`message() refuses ${what}`, () => {
    assert.throws(() => Sample.decode(Uint8Array.from(bytes)), {
      name: "ProtocolError",
      message: /^Cannot decode Sample: /,
    });
  });
}

Deno.test("message() refuses nesting without end", () => {
  let bytes = new Uint8Array(0);
  for (let i = 0; i < 20_000; i++) {
    const next = protobuf.Writer.create().uint32(0x42).bytes(bytes).finish();
    bytes = Uint8Array.from(next);
  }
  assert.throws(() => Sample.decode(bytes), ProtocolError);
  assert.throws(() => Sample.decode(new Uint8Array(100_000).fill(0xfb)), ProtocolError);
});

Deno.test("message() keeps what only looks like a default in fields that have presence", () => {
  const stat = Stat.decode(new Uint8Array(0));
  assert.deepEqual(Packet.decode(Packet.encode({ stat })).stat, stat);
  assert.equal(Packet.decode(new Uint8Array(0)).stat, undefined);
});

async function loadProtos(): Promise<protobuf.Root> {
  const root = new protobuf.Root();
  const wellKnown = root.resolvePath;
  root.resolvePath = (_origin, target) =>
    target.startsWith("google/")
      ? wellKnown("", target)
      : PROTO + target.slice(target.lastIndexOf("/") + 1);
  const files = readdirSync(PROTO).filter((name) => name.endsWith(".proto"));
  await root.load(files, { keepCase: true });
  root.resolveAll();
  return root;
}

async function allTypes(): Promise<Array<MessageType<unknown>>> {
  const files = readdirSync(GEN).filter((name) => name.endsWith(".ts"));
  const modules = await Promise.all(files.map((name) => import(new URL(name, GEN).href)));
  return modules.flatMap((module) => Object.values(module))
    .filter((value): value is MessageType<unknown> =>
      typeof value === "object" && value !== null && "typeName" in value
    );
}

function plain(type: protobuf.Type, bytes: Uint8Array): unknown {
  return type.toObject(type.decode(bytes), { longs: String, bytes: String });
}

type Random = (below: number) => number;

/** Numbers that are the same in every run (mulberry32). */
function randomSource(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value ^= value + Math.imul(value ^ (value >>> 7), 61 | value);
    return Math.floor(((value ^ (value >>> 14)) >>> 0) / 2 ** 32 * below);
  };
}

function randomMessage(type: protobuf.Type, random: Random, depth: number): protobuf.Message {
  const object: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    field.resolve();
    if (random(4) === 0) continue;
    const count = random(4);
    const value = () => randomValue(field, random, depth);
    if (field instanceof protobuf.MapField) {
      const key = () => field.keyType === "string" ? `k${random(9)}` : String(random(9));
      object[field.name] = Object.fromEntries(
        Array.from({ length: count }, () => [key(), value()]),
      );
    } else if (field.repeated) {
      object[field.name] = Array.from({ length: depth === 0 ? 0 : count }, value);
    } else if (field.resolvedType instanceof protobuf.Type && depth === 0) continue;
    else object[field.name] = value();
  }
  return type.fromObject(object);
}

function randomValue(field: protobuf.Field, random: Random, depth: number): unknown {
  if (field.resolvedType instanceof protobuf.Enum) {
    const values = Object.values(field.resolvedType.values);
    return values[random(values.length)];
  }
  if (field.resolvedType?.fullName === ".google.protobuf.Timestamp") {
    return { seconds: random(2 ** 32) - 2 ** 31, nanos: random(1_000_000_000) };
  }
  if (field.resolvedType) {
    return depth === 0 ? {} : randomMessage(field.resolvedType as protobuf.Type, random, depth - 1);
  }
  switch (field.type) {
    case "string":
      return "größe 🚀 ".repeat(random(12));
    case "bytes":
      return Uint8Array.from({ length: random(100) }, () => random(256));
    case "bool":
      return random(2) === 1;
    case "int64":
      return String(BigInt.asIntN(64, BigInt(random(2 ** 32)) << BigInt(random(33))));
    case "uint32":
      return random(2 ** 32);
    default:
      return random(2 ** 32) - 2 ** 31;
  }
}
