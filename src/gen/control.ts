// Generated from proto/control.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";
import { Definition, ProgressGroup, Range, SourceInfo } from "./ops.ts";
import { Policy } from "./policy.ts";
import { Status } from "./status.ts";
import { BuildkitVersion, WorkerRecord } from "./worker.ts";

/** `moby.buildkit.v1.PruneRequest` */
export interface PruneRequest {
  filter: string[];
  all: boolean;
  keepDuration: bigint;
  reservedSpace: bigint;
  maxUsedSpace: bigint;
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
  filter: string[];
  ageLimit: bigint;
}

/** Codec of `moby.buildkit.v1.DiskUsageRequest`. */
export const DiskUsageRequest: MessageType<DiskUsageRequest> = message("moby.buildkit.v1.DiskUsageRequest", () => [
  { no: 1, name: "filter", type: "string", repeated: true },
  { no: 2, name: "ageLimit", type: "int64" },
]);

/** `moby.buildkit.v1.DiskUsageResponse` */
export interface DiskUsageResponse {
  record: UsageRecord[];
}

/** Codec of `moby.buildkit.v1.DiskUsageResponse`. */
export const DiskUsageResponse: MessageType<DiskUsageResponse> = message("moby.buildkit.v1.DiskUsageResponse", () => [
  { no: 1, name: "record", type: () => UsageRecord, repeated: true },
]);

/** `moby.buildkit.v1.UsageRecord` */
export interface UsageRecord {
  id: string;
  mutable: boolean;
  inUse: boolean;
  size: bigint;
  parent: string;
  createdAt?: bigint | undefined;
  lastUsedAt?: bigint | undefined;
  usageCount: bigint;
  description: string;
  recordType: string;
  shared: boolean;
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
  ref: string;
  definition?: Definition | undefined;
  exporterDeprecated: string;
  exporterAttrsDeprecated: Map<string, string>;
  session: string;
  frontend: string;
  frontendAttrs: Map<string, string>;
  cache?: CacheOptions | undefined;
  entitlements: string[];
  frontendInputs: Map<string, Definition>;
  internal: boolean;
  sourcePolicy?: Policy | undefined;
  exporters: Exporter[];
  enableSessionExporter: boolean;
  sourcePolicySession: string;
  compatibilityVersion: bigint;
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
  exports: CacheOptionsEntry[];
  imports: CacheOptionsEntry[];
}

/** Codec of `moby.buildkit.v1.CacheOptions`. */
export const CacheOptions: MessageType<CacheOptions> = message("moby.buildkit.v1.CacheOptions", () => [
  { no: 4, name: "exports", type: () => CacheOptionsEntry, proto: "Exports", repeated: true },
  { no: 5, name: "imports", type: () => CacheOptionsEntry, proto: "Imports", repeated: true },
]);

/** `moby.buildkit.v1.CacheOptionsEntry` */
export interface CacheOptionsEntry {
  type: string;
  attrs: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.CacheOptionsEntry`. */
export const CacheOptionsEntry: MessageType<CacheOptionsEntry> = message("moby.buildkit.v1.CacheOptionsEntry", () => [
  { no: 1, name: "type", type: "string", proto: "Type" },
  { no: 2, name: "attrs", type: "string", proto: "Attrs", mapKey: "string" },
]);

/** `moby.buildkit.v1.Exporter` */
export interface Exporter {
  type: string;
  attrs: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.Exporter`. */
export const Exporter: MessageType<Exporter> = message("moby.buildkit.v1.Exporter", () => [
  { no: 1, name: "type", type: "string", proto: "Type" },
  { no: 2, name: "attrs", type: "string", proto: "Attrs", mapKey: "string" },
]);

/** `moby.buildkit.v1.SolveResponse` */
export interface SolveResponse {
  exporterResponse: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.SolveResponse`. */
export const SolveResponse: MessageType<SolveResponse> = message("moby.buildkit.v1.SolveResponse", () => [
  { no: 1, name: "exporterResponse", type: "string", proto: "ExporterResponse", mapKey: "string" },
]);

/** `moby.buildkit.v1.StatusRequest` */
export interface StatusRequest {
  ref: string;
}

/** Codec of `moby.buildkit.v1.StatusRequest`. */
export const StatusRequest: MessageType<StatusRequest> = message("moby.buildkit.v1.StatusRequest", () => [
  { no: 1, name: "ref", type: "string", proto: "Ref" },
]);

/** `moby.buildkit.v1.StatusResponse` */
export interface StatusResponse {
  vertexes: Vertex[];
  statuses: VertexStatus[];
  logs: VertexLog[];
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
  digest: string;
  inputs: string[];
  name: string;
  cached: boolean;
  started?: bigint | undefined;
  completed?: bigint | undefined;
  error: string;
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
  id: string;
  vertex: string;
  name: string;
  current: bigint;
  total: bigint;
  timestamp?: bigint | undefined;
  started?: bigint | undefined;
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
  vertex: string;
  timestamp?: bigint | undefined;
  stream: bigint;
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
  vertex: string;
  level: bigint;
  short: Uint8Array;
  detail: Uint8Array[];
  url: string;
  info?: SourceInfo | undefined;
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
  data: Uint8Array;
}

/** Codec of `moby.buildkit.v1.BytesMessage`. */
export const BytesMessage: MessageType<BytesMessage> = message("moby.buildkit.v1.BytesMessage", () => [
  { no: 1, name: "data", type: "bytes" },
]);

/** `moby.buildkit.v1.ListWorkersRequest` */
export interface ListWorkersRequest {
  filter: string[];
}

/** Codec of `moby.buildkit.v1.ListWorkersRequest`. */
export const ListWorkersRequest: MessageType<ListWorkersRequest> = message("moby.buildkit.v1.ListWorkersRequest", () => [
  { no: 1, name: "filter", type: "string", repeated: true },
]);

/** `moby.buildkit.v1.ListWorkersResponse` */
export interface ListWorkersResponse {
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
  buildkitVersion?: BuildkitVersion | undefined;
}

/** Codec of `moby.buildkit.v1.InfoResponse`. */
export const InfoResponse: MessageType<InfoResponse> = message("moby.buildkit.v1.InfoResponse", () => [
  { no: 1, name: "buildkitVersion", type: () => BuildkitVersion },
]);

/** `moby.buildkit.v1.BuildHistoryRequest` */
export interface BuildHistoryRequest {
  activeOnly: boolean;
  ref: string;
  earlyExit: boolean;
  filter: string[];
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
  type: number;
  record?: BuildHistoryRecord | undefined;
}

/** Codec of `moby.buildkit.v1.BuildHistoryEvent`. */
export const BuildHistoryEvent: MessageType<BuildHistoryEvent> = message("moby.buildkit.v1.BuildHistoryEvent", () => [
  { no: 1, name: "type", type: "enum" },
  { no: 2, name: "record", type: () => BuildHistoryRecord },
]);

/** `moby.buildkit.v1.BuildHistoryRecord` */
export interface BuildHistoryRecord {
  ref: string;
  frontend: string;
  frontendAttrs: Map<string, string>;
  exporters: Exporter[];
  error?: Status | undefined;
  createdAt?: bigint | undefined;
  completedAt?: bigint | undefined;
  logs?: Descriptor | undefined;
  exporterResponse: Map<string, string>;
  result?: BuildResultInfo | undefined;
  results: Map<string, BuildResultInfo>;
  generation: number;
  trace?: Descriptor | undefined;
  pinned: boolean;
  numCachedSteps: number;
  numTotalSteps: number;
  numCompletedSteps: number;
  externalError?: Descriptor | undefined;
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
  ref: string;
  pinned: boolean;
  delete: boolean;
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
  mediaType: string;
  digest: string;
  size: bigint;
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
  resultDeprecated?: Descriptor | undefined;
  attestations: Descriptor[];
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
