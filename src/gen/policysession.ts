// Generated from proto/policysession.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";
import { ResolveSourceMetaRequest, ResolveSourceMetaResponse } from "./gateway.ts";
import { Platform, SourceOp } from "./ops.ts";
import { PolicyAction } from "./policy.ts";

/** `moby.buildkit.v1.sourcepolicy.policysession.CheckPolicyRequest` */
export interface CheckPolicyRequest {
  /** Field 1, `Platform`: pb.Platform. */
  platform?: Platform | undefined;
  /** Field 2, `Source`: moby.buildkit.v1.frontend.ResolveSourceMetaResponse. */
  source?: ResolveSourceMetaResponse | undefined;
  /** Field 3, `caps`: map<string, bool>. */
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
  /** Field 1, `decision`: DecisionResponse. */
  decision?: DecisionResponse | undefined;
  /** Field 2, `request`: moby.buildkit.v1.frontend.ResolveSourceMetaRequest. */
  request?: ResolveSourceMetaRequest | undefined;
}

/** Codec of `moby.buildkit.v1.sourcepolicy.policysession.CheckPolicyResponse`. */
export const CheckPolicyResponse: MessageType<CheckPolicyResponse> = message("moby.buildkit.v1.sourcepolicy.policysession.CheckPolicyResponse", () => [
  { no: 1, name: "decision", type: () => DecisionResponse },
  { no: 2, name: "request", type: () => ResolveSourceMetaRequest },
]);

/** `moby.buildkit.v1.sourcepolicy.policysession.DecisionResponse` */
export interface DecisionResponse {
  /** Field 1, `action`: moby.buildkit.v1.sourcepolicy.PolicyAction. */
  action: number;
  /** Field 2, `denyMessages`: repeated DenyMessage. */
  denyMessages: DenyMessage[];
  /** Field 3, `update`: pb.SourceOp. */
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
  /** Field 1, `message`: string. */
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
