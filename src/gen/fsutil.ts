// Generated from proto/fsutil.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";

/** `fsutil.types.Stat` */
export interface Stat {
  path: string;
  mode: number;
  uid: number;
  gid: number;
  size: bigint;
  modTime: bigint;
  linkname: string;
  devmajor: bigint;
  devminor: bigint;
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
  type: number;
  stat?: Stat | undefined;
  id: number;
  data: Uint8Array;
}

/** Codec of `fsutil.types.Packet`. */
export const Packet: MessageType<Packet> = message("fsutil.types.Packet", () => [
  { no: 1, name: "type", type: "enum" },
  { no: 2, name: "stat", type: () => Stat },
  { no: 3, name: "id", type: "uint32", proto: "ID" },
  { no: 4, name: "data", type: "bytes" },
]);
