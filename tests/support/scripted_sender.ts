/** A scripted daemon that sends a tree, right or wrong. */
import { type Packet, PacketType, type Stat } from "../../src/gen/fsutil.ts";
import { ScriptedCall } from "./scripted_call.ts";

const { PACKET_STAT, PACKET_REQ, PACKET_DATA, PACKET_FIN } = PacketType;

/** The modification time of all entries that say nothing else. */
export const MTIME = 1_600_000_000_000_000_000n;

/** An entry, and the content that is sent for it when it is requested. */
export type Entry = Partial<Stat> & { path: string; content?: string | Uint8Array };

/** A directory. */
export function dir(path: string, mode = 0o755): Entry {
  return { path, mode: (0x80000000 | mode) >>> 0 };
}

/** A regular file. */
export function file(path: string, content: string | Uint8Array = "", mode = 0o644): Entry {
  return { path, mode, content };
}

/** A symbolic link to `linkname`. */
export function symlink(path: string, linkname: string): Entry {
  return { path, mode: 0x08000000 | 0o777, linkname };
}

/** Another name of the entry `linkname`. */
export function hardlink(path: string, linkname: string): Entry {
  return { path, mode: 0o644, linkname };
}

/** The packet that announces an entry. */
export function stat({ content, ...rest }: Entry): Partial<Packet> {
  const size = BigInt(contentOf(content).length);
  return { type: PACKET_STAT, stat: { size, modTime: MTIME, ...rest } as Stat };
}

/** A packet with content; without, the end of the file. */
export function data(id: number, content: string | Uint8Array = ""): Partial<Packet> {
  return { type: PACKET_DATA, id, data: contentOf(content) };
}

/** The end of the list of entries. */
export const END: Partial<Packet> = { type: PACKET_STAT };

/** The end of a transfer. */
export const FIN: Partial<Packet> = { type: PACKET_FIN };

/** A daemon that announces `entries`, sends what is requested, and confirms the end. */
export function sender(entries: readonly Entry[]): ScriptedCall {
  const call = answering(entries);
  call.packets(...entries.map(stat), END);
  return call;
}

/** A daemon that does nothing by itself. */
export function mute(): ScriptedCall {
  return new ScriptedCall();
}

/** A daemon that sends content for `entries` and confirms the end, but announces nothing by itself. */
export function answering(entries: readonly Entry[]): ScriptedCall {
  return new ScriptedCall(({ type, id }, call) => {
    if (type === PACKET_FIN) call.packets(FIN);
    if (type !== PACKET_REQ) return;
    const content = contentOf(entries[id]?.content);
    if (content.length > 0) call.packets(data(id, content));
    call.packets(data(id));
  });
}

function contentOf(content: string | Uint8Array = ""): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}
