// Generated from proto/content.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";

/** `containerd.services.content.v1.ReadContentRequest` */
export interface ReadContentRequest {
  digest: string;
  offset: bigint;
  size: bigint;
}

/** Codec of `containerd.services.content.v1.ReadContentRequest`. */
export const ReadContentRequest: MessageType<ReadContentRequest> = message("containerd.services.content.v1.ReadContentRequest", () => [
  { no: 1, name: "digest", type: "string" },
  { no: 2, name: "offset", type: "int64" },
  { no: 3, name: "size", type: "int64" },
]);

/** `containerd.services.content.v1.ReadContentResponse` */
export interface ReadContentResponse {
  offset: bigint;
  data: Uint8Array;
}

/** Codec of `containerd.services.content.v1.ReadContentResponse`. */
export const ReadContentResponse: MessageType<ReadContentResponse> = message("containerd.services.content.v1.ReadContentResponse", () => [
  { no: 1, name: "offset", type: "int64" },
  { no: 2, name: "data", type: "bytes" },
]);

/** Methods of `containerd.services.content.v1.Content`. */
export const Content: {
  read: Method<ReadContentRequest, ReadContentResponse>;
} = {
  read: { path: "/containerd.services.content.v1.Content/Read", request: ReadContentRequest, response: ReadContentResponse },
};
