// Generated from proto/secrets.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";

/** `moby.buildkit.secrets.v1.GetSecretRequest` */
export interface GetSecretRequest {
  /** Field 1, `ID`: string. */
  id: string;
  /** Field 2, `annotations`: map<string, string>. */
  annotations: Map<string, string>;
}

/** Codec of `moby.buildkit.secrets.v1.GetSecretRequest`. */
export const GetSecretRequest: MessageType<GetSecretRequest> = message("moby.buildkit.secrets.v1.GetSecretRequest", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
  { no: 2, name: "annotations", type: "string", mapKey: "string" },
]);

/** `moby.buildkit.secrets.v1.GetSecretResponse` */
export interface GetSecretResponse {
  /** Field 1, `data`: bytes. */
  data: Uint8Array;
}

/** Codec of `moby.buildkit.secrets.v1.GetSecretResponse`. */
export const GetSecretResponse: MessageType<GetSecretResponse> = message("moby.buildkit.secrets.v1.GetSecretResponse", () => [
  { no: 1, name: "data", type: "bytes" },
]);

/** Methods of `moby.buildkit.secrets.v1.Secrets`. */
export const Secrets: {
  getSecret: Method<GetSecretRequest, GetSecretResponse>;
} = {
  getSecret: { path: "/moby.buildkit.secrets.v1.Secrets/GetSecret", request: GetSecretRequest, response: GetSecretResponse },
};
