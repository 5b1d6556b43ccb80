import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { receiveTree } from "../../src/files/receive.ts";
import type { Packet } from "../../src/gen/fsutil.ts";
import { PacketType, type Stat } from "../../src/gen/fsutil.ts";
import { ScriptedCall } from "../support/scripted_call.ts";
import { tempFolder } from "../support/temp_folder.ts";

const { PACKET_STAT, PACKET_REQ, PACKET_DATA, PACKET_FIN, PACKET_ERR } = PacketType;
const DIR = 0x80000000,
  LINK = 0x08000000,
  PIPE = 0x02000000,
  DEVICE = 0x04000000,
  CHAR = 0x00200000;
const MTIME = 1_600_000_000_000_000_000n;

/** An entry and the content to be sent for it when it is requested. */
type Entry = Partial<Stat> & { path: string; content?: string | Uint8Array };

const bytes = (content: string | Uint8Array = "") =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;

const dir = (path: string, mode = 0o755): Entry => ({ path, mode: (DIR | mode) >>> 0 });
const file = (path: string, content: string | Uint8Array = "", mode = 0o644): Entry => ({
  path,
  mode,
  content,
});
const symlink = (path: string, linkname: string): Entry => ({ path, mode: LINK | 0o777, linkname });
const hardlink = (path: string, linkname: string): Entry => ({ path, mode: 0o644, linkname });

function statPacket({ content, ...stat }: Entry): Partial<Packet> {
  const size = BigInt(bytes(content).length);
  return { type: PACKET_STAT, stat: { size, modTime: MTIME, ...stat } as Stat };
}

/** A daemon that sends these entries as it should. */
function sender(entries: Entry[]): ScriptedCall {
  const call = new ScriptedCall(({ type, id }) => {
    if (type === PACKET_FIN) call.packets({ type: PACKET_FIN });
    if (type !== PACKET_REQ) return;
    const content = bytes(entries[id]!.content);
    if (content.length > 0) call.packets({ type: PACKET_DATA, id, data: content });
    call.packets({ type: PACKET_DATA, id });
  });
  call.packets(...entries.map(statPacket));
  call.packets({ type: PACKET_STAT });
  return call;
}

const receive = (dest: string, ...entries: Entry[]) => receiveTree(sender(entries), dest);

Deno.test("receiveTree() writes files, directories and links", async () => {
  await using temp = tempFolder();
  const dest = join(temp.path, "out/deep");
  const summary = await receive(
    dest,
    dir("a", 0o750),
    file("a/empty"),
    file("a/hello", "hello", 0o600),
    symlink("a/to", "../anywhere"),
    file("b", "b"),
    hardlink("c", "a/hello"),
  );
  assert.deepEqual(summary, { entries: 6, bytes: 6 });
  assert.equal(fs.readFileSync(join(dest, "a/hello"), "utf8"), "hello");
  assert.equal(fs.statSync(join(dest, "a/hello")).mode & 0o7777, 0o600);
  assert.equal(fs.statSync(join(dest, "a/hello")).ino, fs.statSync(join(dest, "c")).ino);
  assert.equal(fs.statSync(join(dest, "a")).mode & 0o7777, 0o750);
  assert.equal(fs.readlinkSync(join(dest, "a/to")), "../anywhere");
  assert.equal(fs.readFileSync(join(dest, "a/empty"), "utf8"), "");
  for (const path of ["a", "a/empty", "a/hello", "a/to", "b"]) {
    assert.equal(fs.lstatSync(join(dest, path)).mtimeMs, Number(MTIME / 1_000_000n), path);
  }
});
