// Generated from proto/status.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import { Any } from "./any.ts";

/** `google.rpc.Status` */
export interface Status {
  /** Field 1, `code`: int32. */
  code: number;
  /** Field 2, `message`: string. */
  message: string;
  /** Field 3, `details`: repeated google.protobuf.Any. */
  details: Any[];
}

/** Codec of `google.rpc.Status`. */
export const Status: MessageType<Status> = message("google.rpc.Status", () => [
  { no: 1, name: "code", type: "int32" },
  { no: 2, name: "message", type: "string" },
  { no: 3, name: "details", type: () => Any, repeated: true },
]);
