// Generated from proto/control.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";
import { Definition, ProgressGroup, Range, SourceInfo } from "./ops.ts";
import { Policy } from "./policy.ts";
import { Status } from "./status.ts";
import { BuildkitVersion, WorkerRecord } from "./worker.ts";

/** `moby.buildkit.v1.PruneRequest` */
export interface PruneRequest {
  /** Field 1, `filter`: repeated string. */
  filter: string[];
  /** Field 2, `all`: bool. */
  all: boolean;
  /** Field 3, `keepDuration`: int64. */
  keepDuration: bigint;
  /** Field 4, `reservedSpace`: int64. */
  reservedSpace: bigint;
  /** Field 5, `maxUsedSpace`: int64. */
  maxUsedSpace: bigint;
  /** Field 6, `minFreeSpace`: int64. */
  minFreeSpace: bigint;
}

/** Codec of `moby.buildkit.v1.PruneRequest`. */
export const PruneRequest: MessageType<PruneRequest> = message("moby.buildkit.v1.PruneRequest", () => [
  { no: 1, name: "filter", type: "string", repeated: true },
  { no: 2, name: "all", type: "bool" },
  { no: 3, name: "keepDuration", type: "int64" },
  { no: 4, name: "reservedSpace", type: "int64" },
  { no: 5, name: "maxUsedSpace", type: "int64" },
  { no: 6, name: "minFreeSpace", type: "int64" },
]);

/** `moby.buildkit.v1.DiskUsageRequest` */
export interface DiskUsageRequest {
  /** Field 1, `filter`: repeated string. */
  filter: string[];
  /** Field 2, `ageLimit`: int64. */
  ageLimit: bigint;
}

/** Codec of `moby.buildkit.v1.DiskUsageRequest`. */
export const DiskUsageRequest: MessageType<DiskUsageRequest> = message("moby.buildkit.v1.DiskUsageRequest", () => [
  { no: 1, name: "filter", type: "string", repeated: true },
  { no: 2, name: "ageLimit", type: "int64" },
]);

/** `moby.buildkit.v1.DiskUsageResponse` */
export interface DiskUsageResponse {
  /** Field 1, `record`: repeated UsageRecord. */
  record: UsageRecord[];
}

/** Codec of `moby.buildkit.v1.DiskUsageResponse`. */
export const DiskUsageResponse: MessageType<DiskUsageResponse> = message("moby.buildkit.v1.DiskUsageResponse", () => [
  { no: 1, name: "record", type: () => UsageRecord, repeated: true },
]);

/** `moby.buildkit.v1.UsageRecord` */
export interface UsageRecord {
  /** Field 1, `ID`: string. */
  id: string;
  /** Field 2, `Mutable`: bool. */
  mutable: boolean;
  /** Field 3, `InUse`: bool. */
  inUse: boolean;
  /** Field 4, `Size`: int64. */
  size: bigint;
  /** Field 5, `Parent`: string. */
  parent: string;
  /** Field 6, `CreatedAt`: google.protobuf.Timestamp. */
  createdAt?: bigint | undefined;
  /** Field 7, `LastUsedAt`: google.protobuf.Timestamp. */
  lastUsedAt?: bigint | undefined;
  /** Field 8, `UsageCount`: int64. */
  usageCount: bigint;
  /** Field 9, `Description`: string. */
  description: string;
  /** Field 10, `RecordType`: string. */
  recordType: string;
  /** Field 11, `Shared`: bool. */
  shared: boolean;
  /** Field 12, `Parents`: repeated string. */
  parents: string[];
}

/** Codec of `moby.buildkit.v1.UsageRecord`. */
export const UsageRecord: MessageType<UsageRecord> = message("moby.buildkit.v1.UsageRecord", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
  { no: 2, name: "mutable", type: "bool", proto: "Mutable" },
  { no: 3, name: "inUse", type: "bool", proto: "InUse" },
  { no: 4, name: "size", type: "int64", proto: "Size" },
  { no: 5, name: "parent", type: "string", proto: "Parent" },
  { no: 6, name: "createdAt", type: "timestamp", proto: "CreatedAt" },
  { no: 7, name: "lastUsedAt", type: "timestamp", proto: "LastUsedAt" },
  { no: 8, name: "usageCount", type: "int64", proto: "UsageCount" },
  { no: 9, name: "description", type: "string", proto: "Description" },
  { no: 10, name: "recordType", type: "string", proto: "RecordType" },
  { no: 11, name: "shared", type: "bool", proto: "Shared" },
  { no: 12, name: "parents", type: "string", proto: "Parents", repeated: true },
]);

/** `moby.buildkit.v1.SolveRequest` */
export interface SolveRequest {
  /** Field 1, `Ref`: string. */
  ref: string;
  /** Field 2, `Definition`: pb.Definition. */
  definition?: Definition | undefined;
  /** Field 3, `ExporterDeprecated`: string. */
  exporterDeprecated: string;
  /** Field 4, `ExporterAttrsDeprecated`: map<string, string>. */
  exporterAttrsDeprecated: Map<string, string>;
  /** Field 5, `Session`: string. */
  session: string;
  /** Field 6, `Frontend`: string. */
  frontend: string;
  /** Field 7, `FrontendAttrs`: map<string, string>. */
  frontendAttrs: Map<string, string>;
  /** Field 8, `Cache`: CacheOptions. */
  cache?: CacheOptions | undefined;
  /** Field 9, `Entitlements`: repeated string. */
  entitlements: string[];
  /** Field 10, `FrontendInputs`: map<string, pb.Definition>. */
  frontendInputs: Map<string, Definition>;
  /** Field 11, `Internal`: bool. */
  internal: boolean;
  /** Field 12, `SourcePolicy`: moby.buildkit.v1.sourcepolicy.Policy. */
  sourcePolicy?: Policy | undefined;
  /** Field 13, `Exporters`: repeated Exporter. */
  exporters: Exporter[];
  /** Field 14, `EnableSessionExporter`: bool. */
  enableSessionExporter: boolean;
  /** Field 15, `SourcePolicySession`: string. */
  sourcePolicySession: string;
  /** Field 16, `CompatibilityVersion`: int64. */
  compatibilityVersion: bigint;
  /** Field 17, `ProxyNetwork`: bool. */
  proxyNetwork: boolean;
}

/** Codec of `moby.buildkit.v1.SolveRequest`. */
export const SolveRequest: MessageType<SolveRequest> = message("moby.buildkit.v1.SolveRequest", () => [
  { no: 1, name: "ref", type: "string", proto: "Ref" },
  { no: 2, name: "definition", type: () => Definition, proto: "Definition" },
  { no: 3, name: "exporterDeprecated", type: "string", proto: "ExporterDeprecated" },
  { no: 4, name: "exporterAttrsDeprecated", type: "string", proto: "ExporterAttrsDeprecated", mapKey: "string" },
  { no: 5, name: "session", type: "string", proto: "Session" },
  { no: 6, name: "frontend", type: "string", proto: "Frontend" },
  { no: 7, name: "frontendAttrs", type: "string", proto: "FrontendAttrs", mapKey: "string" },
  { no: 8, name: "cache", type: () => CacheOptions, proto: "Cache" },
  { no: 9, name: "entitlements", type: "string", proto: "Entitlements", repeated: true },
  { no: 10, name: "frontendInputs", type: () => Definition, proto: "FrontendInputs", mapKey: "string" },
  { no: 11, name: "internal", type: "bool", proto: "Internal" },
  { no: 12, name: "sourcePolicy", type: () => Policy, proto: "SourcePolicy" },
  { no: 13, name: "exporters", type: () => Exporter, proto: "Exporters", repeated: true },
  { no: 14, name: "enableSessionExporter", type: "bool", proto: "EnableSessionExporter" },
  { no: 15, name: "sourcePolicySession", type: "string", proto: "SourcePolicySession" },
  { no: 16, name: "compatibilityVersion", type: "int64", proto: "CompatibilityVersion" },
  { no: 17, name: "proxyNetwork", type: "bool", proto: "ProxyNetwork" },
]);

/** `moby.buildkit.v1.CacheOptions` */
export interface CacheOptions {
  /** Field 4, `Exports`: repeated CacheOptionsEntry. */
  exports: CacheOptionsEntry[];
  /** Field 5, `Imports`: repeated CacheOptionsEntry. */
  imports: CacheOptionsEntry[];
}

/** Codec of `moby.buildkit.v1.CacheOptions`. */
export const CacheOptions: MessageType<CacheOptions> = message("moby.buildkit.v1.CacheOptions", () => [
  { no: 4, name: "exports", type: () => CacheOptionsEntry, proto: "Exports", repeated: true },
  { no: 5, name: "imports", type: () => CacheOptionsEntry, proto: "Imports", repeated: true },
]);

/** `moby.buildkit.v1.CacheOptionsEntry` */
export interface CacheOptionsEntry {
  /** Field 1, `Type`: string. */
  type: string;
  /** Field 2, `Attrs`: map<string, string>. */
  attrs: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.CacheOptionsEntry`. */
export const CacheOptionsEntry: MessageType<CacheOptionsEntry> = message("moby.buildkit.v1.CacheOptionsEntry", () => [
  { no: 1, name: "type", type: "string", proto: "Type" },
  { no: 2, name: "attrs", type: "string", proto: "Attrs", mapKey: "string" },
]);

/** `moby.buildkit.v1.Exporter` */
export interface Exporter {
  /** Field 1, `Type`: string. */
  type: string;
  /** Field 2, `Attrs`: map<string, string>. */
  attrs: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.Exporter`. */
export const Exporter: MessageType<Exporter> = message("moby.buildkit.v1.Exporter", () => [
  { no: 1, name: "type", type: "string", proto: "Type" },
  { no: 2, name: "attrs", type: "string", proto: "Attrs", mapKey: "string" },
]);

/** `moby.buildkit.v1.SolveResponse` */
export interface SolveResponse {
  /** Field 1, `ExporterResponse`: map<string, string>. */
  exporterResponse: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.SolveResponse`. */
export const SolveResponse: MessageType<SolveResponse> = message("moby.buildkit.v1.SolveResponse", () => [
  { no: 1, name: "exporterResponse", type: "string", proto: "ExporterResponse", mapKey: "string" },
]);

/** `moby.buildkit.v1.StatusRequest` */
export interface StatusRequest {
  /** Field 1, `Ref`: string. */
  ref: string;
}

/** Codec of `moby.buildkit.v1.StatusRequest`. */
export const StatusRequest: MessageType<StatusRequest> = message("moby.buildkit.v1.StatusRequest", () => [
  { no: 1, name: "ref", type: "string", proto: "Ref" },
]);

/** `moby.buildkit.v1.StatusResponse` */
export interface StatusResponse {
  /** Field 1, `vertexes`: repeated Vertex. */
  vertexes: Vertex[];
  /** Field 2, `statuses`: repeated VertexStatus. */
  statuses: VertexStatus[];
  /** Field 3, `logs`: repeated VertexLog. */
  logs: VertexLog[];
  /** Field 4, `warnings`: repeated VertexWarning. */
  warnings: VertexWarning[];
}

/** Codec of `moby.buildkit.v1.StatusResponse`. */
export const StatusResponse: MessageType<StatusResponse> = message("moby.buildkit.v1.StatusResponse", () => [
  { no: 1, name: "vertexes", type: () => Vertex, repeated: true },
  { no: 2, name: "statuses", type: () => VertexStatus, repeated: true },
  { no: 3, name: "logs", type: () => VertexLog, repeated: true },
  { no: 4, name: "warnings", type: () => VertexWarning, repeated: true },
]);

/** `moby.buildkit.v1.Vertex` */
export interface Vertex {
  /** Field 1, `digest`: string. */
  digest: string;
  /** Field 2, `inputs`: repeated string. */
  inputs: string[];
  /** Field 3, `name`: string. */
  name: string;
  /** Field 4, `cached`: bool. */
  cached: boolean;
  /** Field 5, `started`: google.protobuf.Timestamp. */
  started?: bigint | undefined;
  /** Field 6, `completed`: google.protobuf.Timestamp. */
  completed?: bigint | undefined;
  /** Field 7, `error`: string. */
  error: string;
  /** Field 8, `progressGroup`: pb.ProgressGroup. */
  progressGroup?: ProgressGroup | undefined;
}

/** Codec of `moby.buildkit.v1.Vertex`. */
export const Vertex: MessageType<Vertex> = message("moby.buildkit.v1.Vertex", () => [
  { no: 1, name: "digest", type: "string" },
  { no: 2, name: "inputs", type: "string", repeated: true },
  { no: 3, name: "name", type: "string" },
  { no: 4, name: "cached", type: "bool" },
  { no: 5, name: "started", type: "timestamp" },
  { no: 6, name: "completed", type: "timestamp" },
  { no: 7, name: "error", type: "string" },
  { no: 8, name: "progressGroup", type: () => ProgressGroup },
]);

/** `moby.buildkit.v1.VertexStatus` */
export interface VertexStatus {
  /** Field 1, `ID`: string. */
  id: string;
  /** Field 2, `vertex`: string. */
  vertex: string;
  /** Field 3, `name`: string. */
  name: string;
  /** Field 4, `current`: int64. */
  current: bigint;
  /** Field 5, `total`: int64. */
  total: bigint;
  /** Field 6, `timestamp`: google.protobuf.Timestamp. */
  timestamp?: bigint | undefined;
  /** Field 7, `started`: google.protobuf.Timestamp. */
  started?: bigint | undefined;
  /** Field 8, `completed`: google.protobuf.Timestamp. */
  completed?: bigint | undefined;
}

/** Codec of `moby.buildkit.v1.VertexStatus`. */
export const VertexStatus: MessageType<VertexStatus> = message("moby.buildkit.v1.VertexStatus", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
  { no: 2, name: "vertex", type: "string" },
  { no: 3, name: "name", type: "string" },
  { no: 4, name: "current", type: "int64" },
  { no: 5, name: "total", type: "int64" },
  { no: 6, name: "timestamp", type: "timestamp" },
  { no: 7, name: "started", type: "timestamp" },
  { no: 8, name: "completed", type: "timestamp" },
]);

/** `moby.buildkit.v1.VertexLog` */
export interface VertexLog {
  /** Field 1, `vertex`: string. */
  vertex: string;
  /** Field 2, `timestamp`: google.protobuf.Timestamp. */
  timestamp?: bigint | undefined;
  /** Field 3, `stream`: int64. */
  stream: bigint;
  /** Field 4, `msg`: bytes. */
  msg: Uint8Array;
}

/** Codec of `moby.buildkit.v1.VertexLog`. */
export const VertexLog: MessageType<VertexLog> = message("moby.buildkit.v1.VertexLog", () => [
  { no: 1, name: "vertex", type: "string" },
  { no: 2, name: "timestamp", type: "timestamp" },
  { no: 3, name: "stream", type: "int64" },
  { no: 4, name: "msg", type: "bytes" },
]);

/** `moby.buildkit.v1.VertexWarning` */
export interface VertexWarning {
  /** Field 1, `vertex`: string. */
  vertex: string;
  /** Field 2, `level`: int64. */
  level: bigint;
  /** Field 3, `short`: bytes. */
  short: Uint8Array;
  /** Field 4, `detail`: repeated bytes. */
  detail: Uint8Array[];
  /** Field 5, `url`: string. */
  url: string;
  /** Field 6, `info`: pb.SourceInfo. */
  info?: SourceInfo | undefined;
  /** Field 7, `ranges`: repeated pb.Range. */
  ranges: Range[];
}

/** Codec of `moby.buildkit.v1.VertexWarning`. */
export const VertexWarning: MessageType<VertexWarning> = message("moby.buildkit.v1.VertexWarning", () => [
  { no: 1, name: "vertex", type: "string" },
  { no: 2, name: "level", type: "int64" },
  { no: 3, name: "short", type: "bytes" },
  { no: 4, name: "detail", type: "bytes", repeated: true },
  { no: 5, name: "url", type: "string" },
  { no: 6, name: "info", type: () => SourceInfo },
  { no: 7, name: "ranges", type: () => Range, repeated: true },
]);

/** `moby.buildkit.v1.BytesMessage` */
export interface BytesMessage {
  /** Field 1, `data`: bytes. */
  data: Uint8Array;
}

/** Codec of `moby.buildkit.v1.BytesMessage`. */
export const BytesMessage: MessageType<BytesMessage> = message("moby.buildkit.v1.BytesMessage", () => [
  { no: 1, name: "data", type: "bytes" },
]);

/** `moby.buildkit.v1.ListWorkersRequest` */
export interface ListWorkersRequest {
  /** Field 1, `filter`: repeated string. */
  filter: string[];
}

/** Codec of `moby.buildkit.v1.ListWorkersRequest`. */
export const ListWorkersRequest: MessageType<ListWorkersRequest> = message("moby.buildkit.v1.ListWorkersRequest", () => [
  { no: 1, name: "filter", type: "string", repeated: true },
]);

/** `moby.buildkit.v1.ListWorkersResponse` */
export interface ListWorkersResponse {
  /** Field 1, `record`: repeated moby.buildkit.v1.types.WorkerRecord. */
  record: WorkerRecord[];
}

/** Codec of `moby.buildkit.v1.ListWorkersResponse`. */
export const ListWorkersResponse: MessageType<ListWorkersResponse> = message("moby.buildkit.v1.ListWorkersResponse", () => [
  { no: 1, name: "record", type: () => WorkerRecord, repeated: true },
]);

/** `moby.buildkit.v1.InfoRequest` */
export interface InfoRequest {
}

/** Codec of `moby.buildkit.v1.InfoRequest`. */
export const InfoRequest: MessageType<InfoRequest> = message("moby.buildkit.v1.InfoRequest", () => [
]);

/** `moby.buildkit.v1.InfoResponse` */
export interface InfoResponse {
  /** Field 1, `buildkitVersion`: moby.buildkit.v1.types.BuildkitVersion. */
  buildkitVersion?: BuildkitVersion | undefined;
}

/** Codec of `moby.buildkit.v1.InfoResponse`. */
export const InfoResponse: MessageType<InfoResponse> = message("moby.buildkit.v1.InfoResponse", () => [
  { no: 1, name: "buildkitVersion", type: () => BuildkitVersion },
]);

/** `moby.buildkit.v1.BuildHistoryRequest` */
export interface BuildHistoryRequest {
  /** Field 1, `ActiveOnly`: bool. */
  activeOnly: boolean;
  /** Field 2, `Ref`: string. */
  ref: string;
  /** Field 3, `EarlyExit`: bool. */
  earlyExit: boolean;
  /** Field 4, `Filter`: repeated string. */
  filter: string[];
  /** Field 5, `Limit`: int32. */
  limit: number;
}

/** Codec of `moby.buildkit.v1.BuildHistoryRequest`. */
export const BuildHistoryRequest: MessageType<BuildHistoryRequest> = message("moby.buildkit.v1.BuildHistoryRequest", () => [
  { no: 1, name: "activeOnly", type: "bool", proto: "ActiveOnly" },
  { no: 2, name: "ref", type: "string", proto: "Ref" },
  { no: 3, name: "earlyExit", type: "bool", proto: "EarlyExit" },
  { no: 4, name: "filter", type: "string", proto: "Filter", repeated: true },
  { no: 5, name: "limit", type: "int32", proto: "Limit" },
]);

/** `moby.buildkit.v1.BuildHistoryEventType` */
export const BuildHistoryEventType = {
  STARTED: 0,
  COMPLETE: 1,
  DELETED: 2,
} as const;

/** `moby.buildkit.v1.BuildHistoryEvent` */
export interface BuildHistoryEvent {
  /** Field 1, `type`: BuildHistoryEventType. */
  type: number;
  /** Field 2, `record`: BuildHistoryRecord. */
  record?: BuildHistoryRecord | undefined;
}

/** Codec of `moby.buildkit.v1.BuildHistoryEvent`. */
export const BuildHistoryEvent: MessageType<BuildHistoryEvent> = message("moby.buildkit.v1.BuildHistoryEvent", () => [
  { no: 1, name: "type", type: "enum" },
  { no: 2, name: "record", type: () => BuildHistoryRecord },
]);

/** `moby.buildkit.v1.BuildHistoryRecord` */
export interface BuildHistoryRecord {
  /** Field 1, `Ref`: string. */
  ref: string;
  /** Field 2, `Frontend`: string. */
  frontend: string;
  /** Field 3, `FrontendAttrs`: map<string, string>. */
  frontendAttrs: Map<string, string>;
  /** Field 4, `Exporters`: repeated Exporter. */
  exporters: Exporter[];
  /** Field 5, `error`: google.rpc.Status. */
  error?: Status | undefined;
  /** Field 6, `CreatedAt`: google.protobuf.Timestamp. */
  createdAt?: bigint | undefined;
  /** Field 7, `CompletedAt`: google.protobuf.Timestamp. */
  completedAt?: bigint | undefined;
  /** Field 8, `logs`: Descriptor. */
  logs?: Descriptor | undefined;
  /** Field 9, `ExporterResponse`: map<string, string>. */
  exporterResponse: Map<string, string>;
  /** Field 10, `Result`: BuildResultInfo. */
  result?: BuildResultInfo | undefined;
  /** Field 11, `Results`: map<string, BuildResultInfo>. */
  results: Map<string, BuildResultInfo>;
  /** Field 12, `Generation`: int32. */
  generation: number;
  /** Field 13, `trace`: Descriptor. */
  trace?: Descriptor | undefined;
  /** Field 14, `pinned`: bool. */
  pinned: boolean;
  /** Field 15, `numCachedSteps`: int32. */
  numCachedSteps: number;
  /** Field 16, `numTotalSteps`: int32. */
  numTotalSteps: number;
  /** Field 17, `numCompletedSteps`: int32. */
  numCompletedSteps: number;
  /** Field 18, `externalError`: Descriptor. */
  externalError?: Descriptor | undefined;
  /** Field 19, `numWarnings`: int32. */
  numWarnings: number;
}

/** Codec of `moby.buildkit.v1.BuildHistoryRecord`. */
export const BuildHistoryRecord: MessageType<BuildHistoryRecord> = message("moby.buildkit.v1.BuildHistoryRecord", () => [
  { no: 1, name: "ref", type: "string", proto: "Ref" },
  { no: 2, name: "frontend", type: "string", proto: "Frontend" },
  { no: 3, name: "frontendAttrs", type: "string", proto: "FrontendAttrs", mapKey: "string" },
  { no: 4, name: "exporters", type: () => Exporter, proto: "Exporters", repeated: true },
  { no: 5, name: "error", type: () => Status },
  { no: 6, name: "createdAt", type: "timestamp", proto: "CreatedAt" },
  { no: 7, name: "completedAt", type: "timestamp", proto: "CompletedAt" },
  { no: 8, name: "logs", type: () => Descriptor },
  { no: 9, name: "exporterResponse", type: "string", proto: "ExporterResponse", mapKey: "string" },
  { no: 10, name: "result", type: () => BuildResultInfo, proto: "Result" },
  { no: 11, name: "results", type: () => BuildResultInfo, proto: "Results", mapKey: "string" },
  { no: 12, name: "generation", type: "int32", proto: "Generation" },
  { no: 13, name: "trace", type: () => Descriptor },
  { no: 14, name: "pinned", type: "bool" },
  { no: 15, name: "numCachedSteps", type: "int32" },
  { no: 16, name: "numTotalSteps", type: "int32" },
  { no: 17, name: "numCompletedSteps", type: "int32" },
  { no: 18, name: "externalError", type: () => Descriptor },
  { no: 19, name: "numWarnings", type: "int32" },
]);

/** `moby.buildkit.v1.UpdateBuildHistoryRequest` */
export interface UpdateBuildHistoryRequest {
  /** Field 1, `Ref`: string. */
  ref: string;
  /** Field 2, `Pinned`: bool. */
  pinned: boolean;
  /** Field 3, `Delete`: bool. */
  delete: boolean;
  /** Field 4, `Finalize`: bool. */
  finalize: boolean;
}

/** Codec of `moby.buildkit.v1.UpdateBuildHistoryRequest`. */
export const UpdateBuildHistoryRequest: MessageType<UpdateBuildHistoryRequest> = message("moby.buildkit.v1.UpdateBuildHistoryRequest", () => [
  { no: 1, name: "ref", type: "string", proto: "Ref" },
  { no: 2, name: "pinned", type: "bool", proto: "Pinned" },
  { no: 3, name: "delete", type: "bool", proto: "Delete" },
  { no: 4, name: "finalize", type: "bool", proto: "Finalize" },
]);

/** `moby.buildkit.v1.UpdateBuildHistoryResponse` */
export interface UpdateBuildHistoryResponse {
}

/** Codec of `moby.buildkit.v1.UpdateBuildHistoryResponse`. */
export const UpdateBuildHistoryResponse: MessageType<UpdateBuildHistoryResponse> = message("moby.buildkit.v1.UpdateBuildHistoryResponse", () => [
]);

/** `moby.buildkit.v1.Descriptor` */
export interface Descriptor {
  /** Field 1, `media_type`: string. */
  mediaType: string;
  /** Field 2, `digest`: string. */
  digest: string;
  /** Field 3, `size`: int64. */
  size: bigint;
  /** Field 5, `annotations`: map<string, string>. */
  annotations: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.Descriptor`. */
export const Descriptor: MessageType<Descriptor> = message("moby.buildkit.v1.Descriptor", () => [
  { no: 1, name: "mediaType", type: "string", proto: "media_type" },
  { no: 2, name: "digest", type: "string" },
  { no: 3, name: "size", type: "int64" },
  { no: 5, name: "annotations", type: "string", mapKey: "string" },
]);

/** `moby.buildkit.v1.BuildResultInfo` */
export interface BuildResultInfo {
  /** Field 1, `ResultDeprecated`: Descriptor. */
  resultDeprecated?: Descriptor | undefined;
  /** Field 2, `Attestations`: repeated Descriptor. */
  attestations: Descriptor[];
  /** Field 3, `Results`: map<int64, Descriptor>. */
  results: Map<bigint, Descriptor>;
}

/** Codec of `moby.buildkit.v1.BuildResultInfo`. */
export const BuildResultInfo: MessageType<BuildResultInfo> = message("moby.buildkit.v1.BuildResultInfo", () => [
  { no: 1, name: "resultDeprecated", type: () => Descriptor, proto: "ResultDeprecated" },
  { no: 2, name: "attestations", type: () => Descriptor, proto: "Attestations", repeated: true },
  { no: 3, name: "results", type: () => Descriptor, proto: "Results", mapKey: "int64" },
]);

/** Methods of `moby.buildkit.v1.Control`. */
export const Control: {
  diskUsage: Method<DiskUsageRequest, DiskUsageResponse>;
  prune: Method<PruneRequest, UsageRecord>;
  solve: Method<SolveRequest, SolveResponse>;
  status: Method<StatusRequest, StatusResponse>;
  session: Method<BytesMessage, BytesMessage>;
  listWorkers: Method<ListWorkersRequest, ListWorkersResponse>;
  info: Method<InfoRequest, InfoResponse>;
  listenBuildHistory: Method<BuildHistoryRequest, BuildHistoryEvent>;
  updateBuildHistory: Method<UpdateBuildHistoryRequest, UpdateBuildHistoryResponse>;
} = {
  diskUsage: { path: "/moby.buildkit.v1.Control/DiskUsage", request: DiskUsageRequest, response: DiskUsageResponse },
  prune: { path: "/moby.buildkit.v1.Control/Prune", request: PruneRequest, response: UsageRecord },
  solve: { path: "/moby.buildkit.v1.Control/Solve", request: SolveRequest, response: SolveResponse },
  status: { path: "/moby.buildkit.v1.Control/Status", request: StatusRequest, response: StatusResponse },
  session: { path: "/moby.buildkit.v1.Control/Session", request: BytesMessage, response: BytesMessage },
  listWorkers: { path: "/moby.buildkit.v1.Control/ListWorkers", request: ListWorkersRequest, response: ListWorkersResponse },
  info: { path: "/moby.buildkit.v1.Control/Info", request: InfoRequest, response: InfoResponse },
  listenBuildHistory: { path: "/moby.buildkit.v1.Control/ListenBuildHistory", request: BuildHistoryRequest, response: BuildHistoryEvent },
  updateBuildHistory: { path: "/moby.buildkit.v1.Control/UpdateBuildHistory", request: UpdateBuildHistoryRequest, response: UpdateBuildHistoryResponse },
};
