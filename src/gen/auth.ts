// Generated from proto/auth.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";

/** `moby.filesync.v1.CredentialsRequest` */
export interface CredentialsRequest {
  /** Field 1, `Host`: string. */
  host: string;
}

/** Codec of `moby.filesync.v1.CredentialsRequest`. */
export const CredentialsRequest: MessageType<CredentialsRequest> = message("moby.filesync.v1.CredentialsRequest", () => [
  { no: 1, name: "host", type: "string", proto: "Host" },
]);

/** `moby.filesync.v1.CredentialsResponse` */
export interface CredentialsResponse {
  /** Field 1, `Username`: string. */
  username: string;
  /** Field 2, `Secret`: string. */
  secret: string;
}

/** Codec of `moby.filesync.v1.CredentialsResponse`. */
export const CredentialsResponse: MessageType<CredentialsResponse> = message("moby.filesync.v1.CredentialsResponse", () => [
  { no: 1, name: "username", type: "string", proto: "Username" },
  { no: 2, name: "secret", type: "string", proto: "Secret" },
]);

/** `moby.filesync.v1.FetchTokenRequest` */
export interface FetchTokenRequest {
  /** Field 1, `ClientID`: string. */
  clientID: string;
  /** Field 2, `Host`: string. */
  host: string;
  /** Field 3, `Realm`: string. */
  realm: string;
  /** Field 4, `Service`: string. */
  service: string;
  /** Field 5, `Scopes`: repeated string. */
  scopes: string[];
}

/** Codec of `moby.filesync.v1.FetchTokenRequest`. */
export const FetchTokenRequest: MessageType<FetchTokenRequest> = message("moby.filesync.v1.FetchTokenRequest", () => [
  { no: 1, name: "clientID", type: "string", proto: "ClientID" },
  { no: 2, name: "host", type: "string", proto: "Host" },
  { no: 3, name: "realm", type: "string", proto: "Realm" },
  { no: 4, name: "service", type: "string", proto: "Service" },
  { no: 5, name: "scopes", type: "string", proto: "Scopes", repeated: true },
]);

/** `moby.filesync.v1.FetchTokenResponse` */
export interface FetchTokenResponse {
  /** Field 1, `Token`: string. */
  token: string;
  /** Field 2, `ExpiresIn`: int64. */
  expiresIn: bigint;
  /** Field 3, `IssuedAt`: int64. */
  issuedAt: bigint;
}

/** Codec of `moby.filesync.v1.FetchTokenResponse`. */
export const FetchTokenResponse: MessageType<FetchTokenResponse> = message("moby.filesync.v1.FetchTokenResponse", () => [
  { no: 1, name: "token", type: "string", proto: "Token" },
  { no: 2, name: "expiresIn", type: "int64", proto: "ExpiresIn" },
  { no: 3, name: "issuedAt", type: "int64", proto: "IssuedAt" },
]);

/** `moby.filesync.v1.GetTokenAuthorityRequest` */
export interface GetTokenAuthorityRequest {
  /** Field 1, `Host`: string. */
  host: string;
  /** Field 2, `Salt`: bytes. */
  salt: Uint8Array;
}

/** Codec of `moby.filesync.v1.GetTokenAuthorityRequest`. */
export const GetTokenAuthorityRequest: MessageType<GetTokenAuthorityRequest> = message("moby.filesync.v1.GetTokenAuthorityRequest", () => [
  { no: 1, name: "host", type: "string", proto: "Host" },
  { no: 2, name: "salt", type: "bytes", proto: "Salt" },
]);

/** `moby.filesync.v1.GetTokenAuthorityResponse` */
export interface GetTokenAuthorityResponse {
  /** Field 1, `PublicKey`: bytes. */
  publicKey: Uint8Array;
}

/** Codec of `moby.filesync.v1.GetTokenAuthorityResponse`. */
export const GetTokenAuthorityResponse: MessageType<GetTokenAuthorityResponse> = message("moby.filesync.v1.GetTokenAuthorityResponse", () => [
  { no: 1, name: "publicKey", type: "bytes", proto: "PublicKey" },
]);

/** `moby.filesync.v1.VerifyTokenAuthorityRequest` */
export interface VerifyTokenAuthorityRequest {
  /** Field 1, `Host`: string. */
  host: string;
  /** Field 2, `Payload`: bytes. */
  payload: Uint8Array;
  /** Field 3, `Salt`: bytes. */
  salt: Uint8Array;
}

/** Codec of `moby.filesync.v1.VerifyTokenAuthorityRequest`. */
export const VerifyTokenAuthorityRequest: MessageType<VerifyTokenAuthorityRequest> = message("moby.filesync.v1.VerifyTokenAuthorityRequest", () => [
  { no: 1, name: "host", type: "string", proto: "Host" },
  { no: 2, name: "payload", type: "bytes", proto: "Payload" },
  { no: 3, name: "salt", type: "bytes", proto: "Salt" },
]);

/** `moby.filesync.v1.VerifyTokenAuthorityResponse` */
export interface VerifyTokenAuthorityResponse {
  /** Field 1, `Signed`: bytes. */
  signed: Uint8Array;
}

/** Codec of `moby.filesync.v1.VerifyTokenAuthorityResponse`. */
export const VerifyTokenAuthorityResponse: MessageType<VerifyTokenAuthorityResponse> = message("moby.filesync.v1.VerifyTokenAuthorityResponse", () => [
  { no: 1, name: "signed", type: "bytes", proto: "Signed" },
]);

/** Methods of `moby.filesync.v1.Auth`. */
export const Auth: {
  credentials: Method<CredentialsRequest, CredentialsResponse>;
  fetchToken: Method<FetchTokenRequest, FetchTokenResponse>;
  getTokenAuthority: Method<GetTokenAuthorityRequest, GetTokenAuthorityResponse>;
  verifyTokenAuthority: Method<VerifyTokenAuthorityRequest, VerifyTokenAuthorityResponse>;
} = {
  credentials: { path: "/moby.filesync.v1.Auth/Credentials", request: CredentialsRequest, response: CredentialsResponse },
  fetchToken: { path: "/moby.filesync.v1.Auth/FetchToken", request: FetchTokenRequest, response: FetchTokenResponse },
  getTokenAuthority: { path: "/moby.filesync.v1.Auth/GetTokenAuthority", request: GetTokenAuthorityRequest, response: GetTokenAuthorityResponse },
  verifyTokenAuthority: { path: "/moby.filesync.v1.Auth/VerifyTokenAuthority", request: VerifyTokenAuthorityRequest, response: VerifyTokenAuthorityResponse },
};
