/** What a daemon may send to a folder: none of it reaches anything outside, and all errors are ours. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fs from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { MoatError } from "../../src/errors.ts";
import { receiveTree } from "../../src/files/receive.ts";
import { type Packet, PacketType } from "../../src/gen/fsutil.ts";
import { RpcError } from "../../src/rpc/status.ts";
import { data, END, FIN, sender, stat } from "../support/scripted_sender.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { property, textOf } from "./support.ts";

const NAME = fc.oneof(
  fc.constantFrom("a", "b", "a/b", "a/b/c", "link", "link/x", "out", "A", "é", "e\u0301"),
  textOf(["a", "b", "/", "/", "..", ".", "\0", "\\", " ", "\n", "link", "%2e", "\u202e"], 6),
  fc.constantFrom("/etc/x", "../canary", "a/../../canary", "./a", "a//b", "a/", "", ".", ".."),
);
const TARGET = fc.constantFrom(
  "..",
  "../canary",
  "../other",
  "/",
  ".",
  "a",
  "link",
  "a/b",
  "",
  "/proc/self/cwd",
);
const TYPE = fc.constantFrom(
  ...[0o644, 0o4755, 0o444, 0],
  ...[0x80000000 + 0o755, 0x80000000 + 0o555, 0x80000000],
  ...[
    0x08000000 + 0o777,
    0x02000000 + 0o644,
    0x01000000 + 0o644,
    0x80000000 + 0x08000000,
    0x00080000,
  ],
);
const ENTRY = fc.record({
  path: NAME,
  mode: TYPE,
  linkname: fc.oneof(fc.constant(""), TARGET),
  content: fc.constantFrom("", "content"),
});

/** A world with something to lose beside the folder, and what it looks like. */
async function withWorld(use: (dest: string) => Promise<void>): Promise<void> {
  await using temp = tempFolder();
  fs.mkdirSync(join(temp.path, "other"));
  fs.writeFileSync(join(temp.path, "other/file"), "kept");
  fs.writeFileSync(join(temp.path, "canary"), "alive", { mode: 0o600 });
  const dest = join(temp.path, "dest");
  fs.mkdirSync(dest);
  try {
    await use(dest);
  } finally {
    const look = (name: string) => {
      const { mode, mtimeNs, nlink } = fs.statSync(join(temp.path, name), { bigint: true });
      return [mode & 0o777n, mtimeNs > 0n, nlink];
    };
    assert.deepEqual(fs.readdirSync(temp.path).sort(), ["canary", "dest", "other"]);
    assert.deepEqual(fs.readdirSync(join(temp.path, "other")), ["file"]);
    assert.equal(fs.readFileSync(join(temp.path, "canary"), "utf8"), "alive");
    assert.equal(fs.readFileSync(join(temp.path, "other/file"), "utf8"), "kept");
    assert.deepEqual(look("canary"), [0o600n, true, 1n]);
    makeRemovable(dest);
  }
}

/** Folders may have come without the rights to remove what is in them. */
function makeRemovable(folder: string): void {
  fs.chmodSync(folder, 0o700);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeRemovable(join(folder, entry.name));
  }
}

function checkError(error: unknown): void {
  assert(error instanceof MoatError || error instanceof RpcError, String(error));
}

property(
  "receiveTree() writes nothing outside of its folder, whatever entries come",
  fc.record({
    entries: fc.array(ENTRY, { maxLength: 6 }),
    sorted: fc.boolean(),
    removeOthers: fc.boolean(),
    there: fc.constantFrom("nothing", "a link out", "a file"),
  }),
  600,
  async ({ entries, sorted, removeOthers, there }) => {
    const list = sorted ? entries.toSorted((a, b) => a.path < b.path ? -1 : 1) : entries;
    await withWorld(async (dest) => {
      if (there === "a link out") fs.symlinkSync("../other", join(dest, "a"));
      if (there === "a file") fs.writeFileSync(join(dest, "a"), "");
      await receiveTree(sender(list), dest, { removeOthers }).catch(checkError);
    });
  },
);

const PACKET = fc.oneof(
  ENTRY.map((entry) => stat(entry)),
  fc.tuple(fc.oneof(fc.nat(3), fc.constant(0xffff_ffff)), fc.constantFrom("", "x", "content"))
    .map(([id, content]) => data(id, content)),
  fc.constantFrom<Partial<Packet>>(
    END,
    FIN,
    { type: PacketType.PACKET_REQ },
    { type: PacketType.PACKET_ERR, data: Buffer.from("no") },
    { type: 17 },
  ),
);

property(
  "receiveTree() comes to an end with any packets",
  fc.array(PACKET, { maxLength: 8 }),
  600,
  async (packets) => {
    await withWorld(async (dest) => {
      const call = sender([]);
      call.packets(...packets);
      call.end();
      await receiveTree(call, dest).catch(checkError);
    });
  },
);
