// Generated from proto/auth.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";

/** `moby.filesync.v1.CredentialsRequest` */
export interface CredentialsRequest {
  host: string;
}

/** Codec of `moby.filesync.v1.CredentialsRequest`. */
export const CredentialsRequest: MessageType<CredentialsRequest> = message("moby.filesync.v1.CredentialsRequest", () => [
  { no: 1, name: "host", type: "string" },
]);

/** `moby.filesync.v1.CredentialsResponse` */
export interface CredentialsResponse {
  username: string;
  secret: string;
}

/** Codec of `moby.filesync.v1.CredentialsResponse`. */
export const CredentialsResponse: MessageType<CredentialsResponse> = message("moby.filesync.v1.CredentialsResponse", () => [
  { no: 1, name: "username", type: "string" },
  { no: 2, name: "secret", type: "string" },
]);

/** Methods of `moby.filesync.v1.Auth`. */
export const Auth: {
  credentials: Method<CredentialsRequest, CredentialsResponse>;
} = {
  credentials: { path: "/moby.filesync.v1.Auth/Credentials", request: CredentialsRequest, response: CredentialsResponse },
};
