// Generated from proto/fsutil.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";

/** `fsutil.types.Stat` */
export interface Stat {
  /** Field 1, `path`: string. */
  path: string;
  /** Field 2, `mode`: uint32. */
  mode: number;
  /** Field 3, `uid`: uint32. */
  uid: number;
  /** Field 4, `gid`: uint32. */
  gid: number;
  /** Field 5, `size`: int64. */
  size: bigint;
  /** Field 6, `modTime`: int64. */
  modTime: bigint;
  /** Field 7, `linkname`: string. */
  linkname: string;
  /** Field 8, `devmajor`: int64. */
  devmajor: bigint;
  /** Field 9, `devminor`: int64. */
  devminor: bigint;
  /** Field 10, `xattrs`: map<string, bytes>. */
  xattrs: Map<string, Uint8Array>;
}

/** Codec of `fsutil.types.Stat`. */
export const Stat: MessageType<Stat> = message("fsutil.types.Stat", () => [
  { no: 1, name: "path", type: "string" },
  { no: 2, name: "mode", type: "uint32" },
  { no: 3, name: "uid", type: "uint32" },
  { no: 4, name: "gid", type: "uint32" },
  { no: 5, name: "size", type: "int64" },
  { no: 6, name: "modTime", type: "int64" },
  { no: 7, name: "linkname", type: "string" },
  { no: 8, name: "devmajor", type: "int64" },
  { no: 9, name: "devminor", type: "int64" },
  { no: 10, name: "xattrs", type: "bytes", mapKey: "string" },
]);

/** `fsutil.types.PacketType` */
export const PacketType = {
  PACKET_STAT: 0,
  PACKET_REQ: 1,
  PACKET_DATA: 2,
  PACKET_FIN: 3,
  PACKET_ERR: 4,
} as const;

/** `fsutil.types.Packet` */
export interface Packet {
  /** Field 1, `type`: PacketType. */
  type: number;
  /** Field 2, `stat`: Stat. */
  stat?: Stat | undefined;
  /** Field 3, `ID`: uint32. */
  id: number;
  /** Field 4, `data`: bytes. */
  data: Uint8Array;
}

/** Codec of `fsutil.types.Packet`. */
export const Packet: MessageType<Packet> = message("fsutil.types.Packet", () => [
  { no: 1, name: "type", type: "enum" },
  { no: 2, name: "stat", type: () => Stat },
  { no: 3, name: "id", type: "uint32", proto: "ID" },
  { no: 4, name: "data", type: "bytes" },
]);
