// Generated from proto/any.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";

/** `google.protobuf.Any` */
export interface Any {
  /** Field 1, `type_url`: string. */
  typeUrl: string;
  /** Field 2, `value`: bytes. */
  value: Uint8Array;
}

/** Codec of `google.protobuf.Any`. */
export const Any: MessageType<Any> = message("google.protobuf.Any", () => [
  { no: 1, name: "typeUrl", type: "string", proto: "type_url" },
  { no: 2, name: "value", type: "bytes" },
]);
