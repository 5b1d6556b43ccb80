// Generated from proto/content.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";

/** `containerd.services.content.v1.Empty` */
export interface Empty {
}

/** Codec of `containerd.services.content.v1.Empty`. */
export const Empty: MessageType<Empty> = message("containerd.services.content.v1.Empty", () => [
]);

/** `containerd.services.content.v1.Info` */
export interface Info {
  /** Field 1, `digest`: string. */
  digest: string;
  /** Field 2, `size`: int64. */
  size: bigint;
  /** Field 3, `created_at`: google.protobuf.Timestamp. */
  createdAt?: bigint | undefined;
  /** Field 4, `updated_at`: google.protobuf.Timestamp. */
  updatedAt?: bigint | undefined;
  /** Field 5, `labels`: map<string, string>. */
  labels: Map<string, string>;
}

/** Codec of `containerd.services.content.v1.Info`. */
export const Info: MessageType<Info> = message("containerd.services.content.v1.Info", () => [
  { no: 1, name: "digest", type: "string" },
  { no: 2, name: "size", type: "int64" },
  { no: 3, name: "createdAt", type: "timestamp", proto: "created_at" },
  { no: 4, name: "updatedAt", type: "timestamp", proto: "updated_at" },
  { no: 5, name: "labels", type: "string", mapKey: "string" },
]);

/** `containerd.services.content.v1.InfoRequest` */
export interface InfoRequest {
  /** Field 1, `digest`: string. */
  digest: string;
}

/** Codec of `containerd.services.content.v1.InfoRequest`. */
export const InfoRequest: MessageType<InfoRequest> = message("containerd.services.content.v1.InfoRequest", () => [
  { no: 1, name: "digest", type: "string" },
]);

/** `containerd.services.content.v1.InfoResponse` */
export interface InfoResponse {
  /** Field 1, `info`: Info. */
  info?: Info | undefined;
}

/** Codec of `containerd.services.content.v1.InfoResponse`. */
export const InfoResponse: MessageType<InfoResponse> = message("containerd.services.content.v1.InfoResponse", () => [
  { no: 1, name: "info", type: () => Info },
]);

/** `containerd.services.content.v1.FieldMask` */
export interface FieldMask {
  /** Field 1, `paths`: repeated string. */
  paths: string[];
}

/** Codec of `containerd.services.content.v1.FieldMask`. */
export const FieldMask: MessageType<FieldMask> = message("containerd.services.content.v1.FieldMask", () => [
  { no: 1, name: "paths", type: "string", repeated: true },
]);

/** `containerd.services.content.v1.UpdateRequest` */
export interface UpdateRequest {
  /** Field 1, `info`: Info. */
  info?: Info | undefined;
  /** Field 2, `update_mask`: FieldMask. */
  updateMask?: FieldMask | undefined;
}

/** Codec of `containerd.services.content.v1.UpdateRequest`. */
export const UpdateRequest: MessageType<UpdateRequest> = message("containerd.services.content.v1.UpdateRequest", () => [
  { no: 1, name: "info", type: () => Info },
  { no: 2, name: "updateMask", type: () => FieldMask, proto: "update_mask" },
]);

/** `containerd.services.content.v1.UpdateResponse` */
export interface UpdateResponse {
  /** Field 1, `info`: Info. */
  info?: Info | undefined;
}

/** Codec of `containerd.services.content.v1.UpdateResponse`. */
export const UpdateResponse: MessageType<UpdateResponse> = message("containerd.services.content.v1.UpdateResponse", () => [
  { no: 1, name: "info", type: () => Info },
]);

/** `containerd.services.content.v1.ListContentRequest` */
export interface ListContentRequest {
  /** Field 1, `filters`: repeated string. */
  filters: string[];
}

/** Codec of `containerd.services.content.v1.ListContentRequest`. */
export const ListContentRequest: MessageType<ListContentRequest> = message("containerd.services.content.v1.ListContentRequest", () => [
  { no: 1, name: "filters", type: "string", repeated: true },
]);

/** `containerd.services.content.v1.ListContentResponse` */
export interface ListContentResponse {
  /** Field 1, `info`: repeated Info. */
  info: Info[];
}

/** Codec of `containerd.services.content.v1.ListContentResponse`. */
export const ListContentResponse: MessageType<ListContentResponse> = message("containerd.services.content.v1.ListContentResponse", () => [
  { no: 1, name: "info", type: () => Info, repeated: true },
]);

/** `containerd.services.content.v1.DeleteContentRequest` */
export interface DeleteContentRequest {
  /** Field 1, `digest`: string. */
  digest: string;
}

/** Codec of `containerd.services.content.v1.DeleteContentRequest`. */
export const DeleteContentRequest: MessageType<DeleteContentRequest> = message("containerd.services.content.v1.DeleteContentRequest", () => [
  { no: 1, name: "digest", type: "string" },
]);

/** `containerd.services.content.v1.ReadContentRequest` */
export interface ReadContentRequest {
  /** Field 1, `digest`: string. */
  digest: string;
  /** Field 2, `offset`: int64. */
  offset: bigint;
  /** Field 3, `size`: int64. */
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
  /** Field 1, `offset`: int64. */
  offset: bigint;
  /** Field 2, `data`: bytes. */
  data: Uint8Array;
}

/** Codec of `containerd.services.content.v1.ReadContentResponse`. */
export const ReadContentResponse: MessageType<ReadContentResponse> = message("containerd.services.content.v1.ReadContentResponse", () => [
  { no: 1, name: "offset", type: "int64" },
  { no: 2, name: "data", type: "bytes" },
]);

/** `containerd.services.content.v1.Status` */
export interface Status {
  /** Field 1, `started_at`: google.protobuf.Timestamp. */
  startedAt?: bigint | undefined;
  /** Field 2, `updated_at`: google.protobuf.Timestamp. */
  updatedAt?: bigint | undefined;
  /** Field 3, `ref`: string. */
  ref: string;
  /** Field 4, `offset`: int64. */
  offset: bigint;
  /** Field 5, `total`: int64. */
  total: bigint;
  /** Field 6, `expected`: string. */
  expected: string;
}

/** Codec of `containerd.services.content.v1.Status`. */
export const Status: MessageType<Status> = message("containerd.services.content.v1.Status", () => [
  { no: 1, name: "startedAt", type: "timestamp", proto: "started_at" },
  { no: 2, name: "updatedAt", type: "timestamp", proto: "updated_at" },
  { no: 3, name: "ref", type: "string" },
  { no: 4, name: "offset", type: "int64" },
  { no: 5, name: "total", type: "int64" },
  { no: 6, name: "expected", type: "string" },
]);

/** `containerd.services.content.v1.StatusRequest` */
export interface StatusRequest {
  /** Field 1, `ref`: string. */
  ref: string;
}

/** Codec of `containerd.services.content.v1.StatusRequest`. */
export const StatusRequest: MessageType<StatusRequest> = message("containerd.services.content.v1.StatusRequest", () => [
  { no: 1, name: "ref", type: "string" },
]);

/** `containerd.services.content.v1.StatusResponse` */
export interface StatusResponse {
  /** Field 1, `status`: Status. */
  status?: Status | undefined;
}

/** Codec of `containerd.services.content.v1.StatusResponse`. */
export const StatusResponse: MessageType<StatusResponse> = message("containerd.services.content.v1.StatusResponse", () => [
  { no: 1, name: "status", type: () => Status },
]);

/** `containerd.services.content.v1.ListStatusesRequest` */
export interface ListStatusesRequest {
  /** Field 1, `filters`: repeated string. */
  filters: string[];
}

/** Codec of `containerd.services.content.v1.ListStatusesRequest`. */
export const ListStatusesRequest: MessageType<ListStatusesRequest> = message("containerd.services.content.v1.ListStatusesRequest", () => [
  { no: 1, name: "filters", type: "string", repeated: true },
]);

/** `containerd.services.content.v1.ListStatusesResponse` */
export interface ListStatusesResponse {
  /** Field 1, `statuses`: repeated Status. */
  statuses: Status[];
}

/** Codec of `containerd.services.content.v1.ListStatusesResponse`. */
export const ListStatusesResponse: MessageType<ListStatusesResponse> = message("containerd.services.content.v1.ListStatusesResponse", () => [
  { no: 1, name: "statuses", type: () => Status, repeated: true },
]);

/** `containerd.services.content.v1.WriteAction` */
export const WriteAction = {
  STAT: 0,
  WRITE: 1,
  COMMIT: 2,
} as const;

/** `containerd.services.content.v1.WriteContentRequest` */
export interface WriteContentRequest {
  /** Field 1, `action`: WriteAction. */
  action: number;
  /** Field 2, `ref`: string. */
  ref: string;
  /** Field 3, `total`: int64. */
  total: bigint;
  /** Field 4, `expected`: string. */
  expected: string;
  /** Field 5, `offset`: int64. */
  offset: bigint;
  /** Field 6, `data`: bytes. */
  data: Uint8Array;
  /** Field 7, `labels`: map<string, string>. */
  labels: Map<string, string>;
}

/** Codec of `containerd.services.content.v1.WriteContentRequest`. */
export const WriteContentRequest: MessageType<WriteContentRequest> = message("containerd.services.content.v1.WriteContentRequest", () => [
  { no: 1, name: "action", type: "enum" },
  { no: 2, name: "ref", type: "string" },
  { no: 3, name: "total", type: "int64" },
  { no: 4, name: "expected", type: "string" },
  { no: 5, name: "offset", type: "int64" },
  { no: 6, name: "data", type: "bytes" },
  { no: 7, name: "labels", type: "string", mapKey: "string" },
]);

/** `containerd.services.content.v1.WriteContentResponse` */
export interface WriteContentResponse {
  /** Field 1, `action`: WriteAction. */
  action: number;
  /** Field 2, `started_at`: google.protobuf.Timestamp. */
  startedAt?: bigint | undefined;
  /** Field 3, `updated_at`: google.protobuf.Timestamp. */
  updatedAt?: bigint | undefined;
  /** Field 4, `offset`: int64. */
  offset: bigint;
  /** Field 5, `total`: int64. */
  total: bigint;
  /** Field 6, `digest`: string. */
  digest: string;
}

/** Codec of `containerd.services.content.v1.WriteContentResponse`. */
export const WriteContentResponse: MessageType<WriteContentResponse> = message("containerd.services.content.v1.WriteContentResponse", () => [
  { no: 1, name: "action", type: "enum" },
  { no: 2, name: "startedAt", type: "timestamp", proto: "started_at" },
  { no: 3, name: "updatedAt", type: "timestamp", proto: "updated_at" },
  { no: 4, name: "offset", type: "int64" },
  { no: 5, name: "total", type: "int64" },
  { no: 6, name: "digest", type: "string" },
]);

/** `containerd.services.content.v1.AbortRequest` */
export interface AbortRequest {
  /** Field 1, `ref`: string. */
  ref: string;
}

/** Codec of `containerd.services.content.v1.AbortRequest`. */
export const AbortRequest: MessageType<AbortRequest> = message("containerd.services.content.v1.AbortRequest", () => [
  { no: 1, name: "ref", type: "string" },
]);

/** Methods of `containerd.services.content.v1.Content`. */
export const Content: {
  info: Method<InfoRequest, InfoResponse>;
  update: Method<UpdateRequest, UpdateResponse>;
  list: Method<ListContentRequest, ListContentResponse>;
  delete: Method<DeleteContentRequest, Empty>;
  read: Method<ReadContentRequest, ReadContentResponse>;
  status: Method<StatusRequest, StatusResponse>;
  listStatuses: Method<ListStatusesRequest, ListStatusesResponse>;
  write: Method<WriteContentRequest, WriteContentResponse>;
  abort: Method<AbortRequest, Empty>;
} = {
  info: { path: "/containerd.services.content.v1.Content/Info", request: InfoRequest, response: InfoResponse },
  update: { path: "/containerd.services.content.v1.Content/Update", request: UpdateRequest, response: UpdateResponse },
  list: { path: "/containerd.services.content.v1.Content/List", request: ListContentRequest, response: ListContentResponse },
  delete: { path: "/containerd.services.content.v1.Content/Delete", request: DeleteContentRequest, response: Empty },
  read: { path: "/containerd.services.content.v1.Content/Read", request: ReadContentRequest, response: ReadContentResponse },
  status: { path: "/containerd.services.content.v1.Content/Status", request: StatusRequest, response: StatusResponse },
  listStatuses: { path: "/containerd.services.content.v1.Content/ListStatuses", request: ListStatusesRequest, response: ListStatusesResponse },
  write: { path: "/containerd.services.content.v1.Content/Write", request: WriteContentRequest, response: WriteContentResponse },
  abort: { path: "/containerd.services.content.v1.Content/Abort", request: AbortRequest, response: Empty },
};
