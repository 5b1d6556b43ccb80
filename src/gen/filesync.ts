// Generated from proto/filesync.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";
import { Packet } from "./fsutil.ts";

/** `moby.filesync.v1.BytesMessage` */
export interface BytesMessage {
  /** Field 1, `data`: bytes. */
  data: Uint8Array;
}

/** Codec of `moby.filesync.v1.BytesMessage`. */
export const BytesMessage: MessageType<BytesMessage> = message("moby.filesync.v1.BytesMessage", () => [
  { no: 1, name: "data", type: "bytes" },
]);

/** Methods of `moby.filesync.v1.FileSync`. */
export const FileSync: {
  diffCopy: Method<Packet, Packet>;
} = {
  diffCopy: { path: "/moby.filesync.v1.FileSync/DiffCopy", request: Packet, response: Packet },
};

/** Methods of `moby.filesync.v1.FileSend`. */
export const FileSend: {
  diffCopy: Method<BytesMessage, BytesMessage>;
} = {
  diffCopy: { path: "/moby.filesync.v1.FileSend/DiffCopy", request: BytesMessage, response: BytesMessage },
};
