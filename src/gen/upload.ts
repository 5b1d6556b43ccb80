// Generated from proto/upload.proto by proto/generate.ts. Do not edit.
import type { Method } from "../rpc/method.ts";
import { BytesMessage } from "./control.ts";

/** Methods of `moby.upload.v1.Upload`. */
export const Upload: {
  pull: Method<BytesMessage, BytesMessage>;
} = {
  pull: { path: "/moby.upload.v1.Upload/Pull", request: BytesMessage, response: BytesMessage },
};
