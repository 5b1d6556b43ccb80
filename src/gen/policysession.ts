// Generated from proto/policysession.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";
import { ResolveSourceMetaRequest, ResolveSourceMetaResponse } from "./gateway.ts";
import { Platform, SourceOp } from "./ops.ts";
import { PolicyAction } from "./policy.ts";

/** `moby.buildkit.v1.sourcepolicy.policysession.CheckPolicyRequest` */
export interface CheckPolicyRequest {
  platform?: Platform | undefined;
  source?: ResolveSourceMetaResponse | undefined;
  caps: Map<string, boolean>;
}

/** Codec of `moby.buildkit.v1.sourcepolicy.policysession.CheckPolicyRequest`. */
export const CheckPolicyRequest: MessageType<CheckPolicyRequest> = message("moby.buildkit.v1.sourcepolicy.policysession.CheckPolicyRequest", () => [
  { no: 1, name: "platform", type: () => Platform, proto: "Platform" },
  { no: 2, name: "source", type: () => ResolveSourceMetaResponse, proto: "Source" },
  { no: 3, name: "caps", type: "bool", mapKey: "string" },
]);

/** `moby.buildkit.v1.sourcepolicy.policysession.CheckPolicyResponse` */
export interface CheckPolicyResponse {
  decision?: DecisionResponse | undefined;
  request?: ResolveSourceMetaRequest | undefined;
}

/** Codec of `moby.buildkit.v1.sourcepolicy.policysession.CheckPolicyResponse`. */
export const CheckPolicyResponse: MessageType<CheckPolicyResponse> = message("moby.buildkit.v1.sourcepolicy.policysession.CheckPolicyResponse", () => [
  { no: 1, name: "decision", type: () => DecisionResponse },
  { no: 2, name: "request", type: () => ResolveSourceMetaRequest },
]);

/** `moby.buildkit.v1.sourcepolicy.policysession.DecisionResponse` */
export interface DecisionResponse {
  action: number;
  denyMessages: DenyMessage[];
  update?: SourceOp | undefined;
}

/** Codec of `moby.buildkit.v1.sourcepolicy.policysession.DecisionResponse`. */
export const DecisionResponse: MessageType<DecisionResponse> = message("moby.buildkit.v1.sourcepolicy.policysession.DecisionResponse", () => [
  { no: 1, name: "action", type: "enum" },
  { no: 2, name: "denyMessages", type: () => DenyMessage, repeated: true },
  { no: 3, name: "update", type: () => SourceOp },
]);

/** `moby.buildkit.v1.sourcepolicy.policysession.DenyMessage` */
export interface DenyMessage {
  message: string;
}

/** Codec of `moby.buildkit.v1.sourcepolicy.policysession.DenyMessage`. */
export const DenyMessage: MessageType<DenyMessage> = message("moby.buildkit.v1.sourcepolicy.policysession.DenyMessage", () => [
  { no: 1, name: "message", type: "string" },
]);

/** Methods of `moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier`. */
export const PolicyVerifier: {
  checkPolicy: Method<CheckPolicyRequest, CheckPolicyResponse>;
} = {
  checkPolicy: { path: "/moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier/CheckPolicy", request: CheckPolicyRequest, response: CheckPolicyResponse },
};
