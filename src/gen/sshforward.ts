// Generated from proto/sshforward.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";
import { BytesMessage } from "./control.ts";

/** `moby.sshforward.v1.CheckAgentRequest` */
export interface CheckAgentRequest {
  /** Field 1, `ID`: string. */
  id: string;
}

/** Codec of `moby.sshforward.v1.CheckAgentRequest`. */
export const CheckAgentRequest: MessageType<CheckAgentRequest> = message("moby.sshforward.v1.CheckAgentRequest", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
]);

/** `moby.sshforward.v1.CheckAgentResponse` */
export interface CheckAgentResponse {
}

/** Codec of `moby.sshforward.v1.CheckAgentResponse`. */
export const CheckAgentResponse: MessageType<CheckAgentResponse> = message("moby.sshforward.v1.CheckAgentResponse", () => [
]);

/** Methods of `moby.sshforward.v1.SSH`. */
export const SSH: {
  checkAgent: Method<CheckAgentRequest, CheckAgentResponse>;
  forwardAgent: Method<BytesMessage, BytesMessage>;
} = {
  checkAgent: { path: "/moby.sshforward.v1.SSH/CheckAgent", request: CheckAgentRequest, response: CheckAgentResponse },
  forwardAgent: { path: "/moby.sshforward.v1.SSH/ForwardAgent", request: BytesMessage, response: BytesMessage },
};
