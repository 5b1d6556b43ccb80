/** Archives that come and go, whole, cut and damaged, against Go's reader of them. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { emptyHeader } from "../../src/context/empty_header.ts";
import { ArchiveStream } from "../../src/context/archive_stream.ts";
import { ARCHIVE_HEAD, beginsWithMore, isArchive } from "../../src/context/archive_magic.ts";
import { FileError, ProtocolError } from "../../src/errors.ts";
import { TarEnd } from "../../src/files/tar_end.ts";
import { agreement } from "./oracle.ts";
import { cutInPieces, CUTS, orRefused, property, REFUSED } from "./support.ts";

const BLOCK = 512;

/** One entry of an archive, right but for what `damage` says. */
interface Entry {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array;
  readonly magic: string;
  readonly binarySize: boolean;
}

/** Without the folders of old archives, which have no type of their own: no builder makes any. */
const ENTRY: fc.Arbitrary<Entry> = fc.record({
  name: fc.constantFrom("a", "dir/", "dir/file", "é", "x".repeat(100)),
  type: fc.constantFrom("0", "0", "0", "\0", "5", "2", "1", "3", "6", "7", "x", "g", "L", "K"),
  content: fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.constant(new Uint8Array(700))),
  magic: fc.constantFrom("ustar\x0000", "ustar  \0", "\0\0\0\0\0\0\0\0"),
  binarySize: fc.boolean(),
}).filter(({ name, type }) => !(name.endsWith("/") && type === "\0"));

/** What is done to the archive: places and what they become. */
const DAMAGE = fc.array(
  fc.record({
    at: fc.nat(3_000),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 0x20, 0x30, 0x37, 0x80)),
    mend: fc.boolean(),
  }),
  { maxLength: 2 },
);

function header({ name, type, content, magic, binarySize }: Entry): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  if (binarySize) {
    block[124] = 0x80;
    block.writeUInt32BE(content.length, 132);
  } else block.write(content.length.toString(8).padStart(11, "0") + "\0", 124);
  block.write("14000000000\0", 136);
  block.write(type, 156);
  block.write(magic, 257);
  return mended(block);
}

/** With the checksum that it should have. */
function mended(block: Uint8Array): Uint8Array {
  const result = Buffer.from(block);
  result.fill(0x20, 148, 156);
  const sum = result.reduce((total, byte) => total + byte, 0);
  result.write(sum.toString(8).padStart(6, "0") + "\0 ", 148);
  return result;
}

/** A pax header's record: the next one's size, where it has that one in its header as well. */
function recordFor(next: Entry | undefined): Uint8Array {
  const hasContent = next !== undefined && /[0\0]/.test(next.type) && next.content.length === 700;
  return Buffer.from(hasContent ? "12 size=700\n" : "11 path=ab\n");
}

function archiveOf(
  entries: readonly Entry[],
  damage: ReadonlyArray<{ at: number; byte: number; mend: boolean }>,
): Buffer {
  const parts = entries.flatMap((entry, i) => {
    const content = /[xg]/.test(entry.type)
      ? recordFor(entry.type === "x" ? entries[i + 1] : undefined)
      : entry.content;
    const hasContent = !/[1-6]/.test(entry.type);
    const padding = new Uint8Array((BLOCK - content.length % BLOCK) % BLOCK);
    return [header({ ...entry, content }), ...(hasContent ? [content, padding] : [])];
  });
  const archive = Buffer.concat([...parts, new Uint8Array(2 * BLOCK)]);
  for (const { at, byte, mend } of damage) {
    const place = at % archive.length;
    archive[place] = byte;
    const start = place - place % BLOCK;
    if (mend) archive.set(mended(archive.subarray(start, start + BLOCK)), start);
  }
  return archive;
}

const ARCHIVE = fc.record({ entries: fc.array(ENTRY, { maxLength: 4 }), damage: DAMAGE });

agreement("isArchive() knows the archives that the daemon knows", {
  // Where it begins with more than an entry, what that says is not looked at.
  inputs: ARCHIVE.map(({ entries, damage }) => archiveOf(entries, damage).subarray(0, 2 * BLOCK))
    .filter((head) => !"xgLKS".includes(String.fromCharCode(head[156]!))),
  runs: 3_000,
  question: (head) => ({ ask: "archive", bytes: head.toString("base64") }),
  ours: isArchive,
});

agreement("emptyHeader() is an archive to the daemon, whatever follows it", {
  inputs: fc.uint8Array({ maxLength: 20 }),
  runs: 100,
  question: (more) => ({
    ask: "archive",
    bytes: Buffer.concat([emptyHeader(), more]).toString("base64"),
  }),
  ours: (more) => isArchive(Buffer.concat([emptyHeader(), more])),
  theirs: (answer) => (assert.equal(answer, true), answer),
});

agreement("isArchive() knows the beginnings of what is compressed as the daemon does", {
  inputs: fc.array(
    fc.oneof(
      fc.constantFrom(
        0x1f,
        0x8b,
        0x08,
        0x42,
        0x5a,
        0x68,
        0xfd,
        0x37,
        0x7a,
        0x58,
        0x00,
        0x28,
        0xb5,
        0x2f,
      ),
      fc.constantFrom(0x50, 0x5f, 0x2a, 0x4d, 0x18),
    ),
    { maxLength: 9 },
  ),
  runs: 5_000,
  question: (bytes) => ({ ask: "archive", bytes: Buffer.from(bytes).toString("base64") }),
  ours: (bytes) => isArchive(Uint8Array.from(bytes)),
});

function endOf(pieces: readonly Uint8Array[]): boolean {
  return orRefused(() => {
    const end = new TarEnd();
    for (const piece of pieces) end.push(piece);
    end.end();
    return true;
  }, ProtocolError) !== REFUSED;
}

agreement("TarEnd takes for whole what Go reads to its end", {
  inputs: ARCHIVE,
  runs: 3_000,
  question: ({ entries, damage }) => ({
    ask: "tar",
    // Without anything behind it, Go is content with one block of zeros.
    bytes: Buffer.concat([archiveOf(entries, damage), Buffer.alloc(BLOCK, 1)]).toString("base64"),
  }),
  // Go looks at more fields: what it refuses says nothing.
  ours: ({ entries, damage }) => endOf([archiveOf(entries, damage)]) || "damaged",
  theirs: (answer, { entries, damage }) =>
    answer === true ? true : endOf([archiveOf(entries, damage)]) || "damaged",
});

property(
  "TarEnd says the same however an archive is cut in pieces, and misses no end cut off",
  fc.record({ archive: ARCHIVE, cuts: CUTS, end: fc.nat() }),
  1_000,
  ({ archive: { entries, damage }, cuts, end }) => {
    const bytes = archiveOf(entries, damage);
    assert.equal(endOf(cutInPieces(bytes, cuts)), endOf([bytes]));
    const whole = archiveOf(entries, []);
    assert.equal(endOf([whole]), true);
    assert.equal(endOf([whole.subarray(0, end % (whole.length - BLOCK))]), false);
  },
);

property(
  "ArchiveStream passes an archive on as it is, and nothing else",
  fc.record({ archive: ARCHIVE, cuts: CUTS, length: fc.nat() }),
  500,
  async ({ archive: { entries, damage }, cuts, length }) => {
    const bytes = archiveOf(entries, damage);
    const part = bytes.subarray(0, length % (bytes.length + 1));
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of cutInPieces(part, cuts)) controller.enqueue(piece);
        controller.close();
      },
    });
    const found: Uint8Array[] = [];
    try {
      for await (const chunk of new ArchiveStream(source).read(new AbortController().signal)) {
        found.push(chunk);
      }
    } catch (error) {
      assert(error instanceof FileError, String(error));
      assert(!isArchive(part.subarray(0, ARCHIVE_HEAD)));
      return;
    }
    const before = beginsWithMore(part) ? emptyHeader() : new Uint8Array();
    assert.deepEqual(Buffer.concat(found), Buffer.concat([before, part]));
  },
);
