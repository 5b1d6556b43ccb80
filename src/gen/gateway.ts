// Generated from proto/gateway.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import type { Method } from "../rpc/method.ts";
import { APICap } from "./caps.ts";
import { Stat } from "./fsutil.ts";
import { Definition, HostIP, Meta, Mount, NetMode, Platform, Range, SecretEnv, SecurityMode, SourceInfo, SourceOp, WorkerConstraints } from "./ops.ts";
import { Policy } from "./policy.ts";
import { Status } from "./status.ts";
import { WorkerRecord } from "./worker.ts";

/** `moby.buildkit.v1.frontend.Result` */
export interface Result {
  refDeprecated: string;
  refsDeprecated?: RefMapDeprecated | undefined;
  ref?: Ref | undefined;
  refs?: RefMap | undefined;
  metadata: Map<string, Uint8Array>;
  attestations: Map<string, Attestations>;
}

/** Codec of `moby.buildkit.v1.frontend.Result`. */
export const Result: MessageType<Result> = message("moby.buildkit.v1.frontend.Result", () => [
  { no: 1, name: "refDeprecated", type: "string" },
  { no: 2, name: "refsDeprecated", type: () => RefMapDeprecated },
  { no: 3, name: "ref", type: () => Ref },
  { no: 4, name: "refs", type: () => RefMap },
  { no: 10, name: "metadata", type: "bytes", mapKey: "string" },
  { no: 12, name: "attestations", type: () => Attestations, mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.RefMapDeprecated` */
export interface RefMapDeprecated {
  refs: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.frontend.RefMapDeprecated`. */
export const RefMapDeprecated: MessageType<RefMapDeprecated> = message("moby.buildkit.v1.frontend.RefMapDeprecated", () => [
  { no: 1, name: "refs", type: "string", mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.Ref` */
export interface Ref {
  id: string;
  def?: Definition | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.Ref`. */
export const Ref: MessageType<Ref> = message("moby.buildkit.v1.frontend.Ref", () => [
  { no: 1, name: "id", type: "string" },
  { no: 2, name: "def", type: () => Definition },
]);

/** `moby.buildkit.v1.frontend.RefMap` */
export interface RefMap {
  refs: Map<string, Ref>;
}

/** Codec of `moby.buildkit.v1.frontend.RefMap`. */
export const RefMap: MessageType<RefMap> = message("moby.buildkit.v1.frontend.RefMap", () => [
  { no: 1, name: "refs", type: () => Ref, mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.Attestations` */
export interface Attestations {
  attestation: Attestation[];
}

/** Codec of `moby.buildkit.v1.frontend.Attestations`. */
export const Attestations: MessageType<Attestations> = message("moby.buildkit.v1.frontend.Attestations", () => [
  { no: 1, name: "attestation", type: () => Attestation, repeated: true },
]);

/** `moby.buildkit.v1.frontend.Attestation` */
export interface Attestation {
  kind: number;
  metadata: Map<string, Uint8Array>;
  ref?: Ref | undefined;
  path: string;
  inTotoPredicateType: string;
  inTotoSubjects: InTotoSubject[];
}

/** Codec of `moby.buildkit.v1.frontend.Attestation`. */
export const Attestation: MessageType<Attestation> = message("moby.buildkit.v1.frontend.Attestation", () => [
  { no: 1, name: "kind", type: "enum" },
  { no: 2, name: "metadata", type: "bytes", mapKey: "string" },
  { no: 3, name: "ref", type: () => Ref },
  { no: 4, name: "path", type: "string" },
  { no: 5, name: "inTotoPredicateType", type: "string" },
  { no: 6, name: "inTotoSubjects", type: () => InTotoSubject, repeated: true },
]);

/** `moby.buildkit.v1.frontend.AttestationKind` */
export const AttestationKind = {
  InToto: 0,
  Bundle: 1,
} as const;

/** `moby.buildkit.v1.frontend.InTotoSubject` */
export interface InTotoSubject {
  kind: number;
  digest: string[];
  name: string;
}

/** Codec of `moby.buildkit.v1.frontend.InTotoSubject`. */
export const InTotoSubject: MessageType<InTotoSubject> = message("moby.buildkit.v1.frontend.InTotoSubject", () => [
  { no: 1, name: "kind", type: "enum" },
  { no: 2, name: "digest", type: "string", repeated: true },
  { no: 3, name: "name", type: "string" },
]);

/** `moby.buildkit.v1.frontend.InTotoSubjectKind` */
export const InTotoSubjectKind = {
  Self: 0,
  Raw: 1,
} as const;

/** `moby.buildkit.v1.frontend.ReturnRequest` */
export interface ReturnRequest {
  result?: Result | undefined;
  error?: Status | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.ReturnRequest`. */
export const ReturnRequest: MessageType<ReturnRequest> = message("moby.buildkit.v1.frontend.ReturnRequest", () => [
  { no: 1, name: "result", type: () => Result },
  { no: 2, name: "error", type: () => Status },
]);

/** `moby.buildkit.v1.frontend.ReturnResponse` */
export interface ReturnResponse {
}

/** Codec of `moby.buildkit.v1.frontend.ReturnResponse`. */
export const ReturnResponse: MessageType<ReturnResponse> = message("moby.buildkit.v1.frontend.ReturnResponse", () => [
]);

/** `moby.buildkit.v1.frontend.InputsRequest` */
export interface InputsRequest {
}

/** Codec of `moby.buildkit.v1.frontend.InputsRequest`. */
export const InputsRequest: MessageType<InputsRequest> = message("moby.buildkit.v1.frontend.InputsRequest", () => [
]);

/** `moby.buildkit.v1.frontend.InputsResponse` */
export interface InputsResponse {
  definitions: Map<string, Definition>;
}

/** Codec of `moby.buildkit.v1.frontend.InputsResponse`. */
export const InputsResponse: MessageType<InputsResponse> = message("moby.buildkit.v1.frontend.InputsResponse", () => [
  { no: 1, name: "definitions", type: () => Definition, proto: "Definitions", mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.ResolveImageConfigRequest` */
export interface ResolveImageConfigRequest {
  ref: string;
  platform?: Platform | undefined;
  resolveMode: string;
  logName: string;
  resolverType: number;
  sessionID: string;
  storeID: string;
  sourcePolicies: Policy[];
}

/** Codec of `moby.buildkit.v1.frontend.ResolveImageConfigRequest`. */
export const ResolveImageConfigRequest: MessageType<ResolveImageConfigRequest> = message("moby.buildkit.v1.frontend.ResolveImageConfigRequest", () => [
  { no: 1, name: "ref", type: "string", proto: "Ref" },
  { no: 2, name: "platform", type: () => Platform, proto: "Platform" },
  { no: 3, name: "resolveMode", type: "string", proto: "ResolveMode" },
  { no: 4, name: "logName", type: "string", proto: "LogName" },
  { no: 5, name: "resolverType", type: "int32", proto: "ResolverType" },
  { no: 6, name: "sessionID", type: "string", proto: "SessionID" },
  { no: 7, name: "storeID", type: "string", proto: "StoreID" },
  { no: 8, name: "sourcePolicies", type: () => Policy, proto: "SourcePolicies", repeated: true },
]);

/** `moby.buildkit.v1.frontend.ResolveImageConfigResponse` */
export interface ResolveImageConfigResponse {
  digest: string;
  config: Uint8Array;
  ref: string;
}

/** Codec of `moby.buildkit.v1.frontend.ResolveImageConfigResponse`. */
export const ResolveImageConfigResponse: MessageType<ResolveImageConfigResponse> = message("moby.buildkit.v1.frontend.ResolveImageConfigResponse", () => [
  { no: 1, name: "digest", type: "string", proto: "Digest" },
  { no: 2, name: "config", type: "bytes", proto: "Config" },
  { no: 3, name: "ref", type: "string", proto: "Ref" },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceMetaRequest` */
export interface ResolveSourceMetaRequest {
  source?: SourceOp | undefined;
  platform?: Platform | undefined;
  logName: string;
  resolveMode: string;
  git?: ResolveSourceGitRequest | undefined;
  image?: ResolveSourceImageRequest | undefined;
  http?: ResolveSourceHTTPRequest | undefined;
  sourcePolicies: Policy[];
}

/** Codec of `moby.buildkit.v1.frontend.ResolveSourceMetaRequest`. */
export const ResolveSourceMetaRequest: MessageType<ResolveSourceMetaRequest> = message("moby.buildkit.v1.frontend.ResolveSourceMetaRequest", () => [
  { no: 1, name: "source", type: () => SourceOp, proto: "Source" },
  { no: 2, name: "platform", type: () => Platform, proto: "Platform" },
  { no: 3, name: "logName", type: "string", proto: "LogName" },
  { no: 4, name: "resolveMode", type: "string", proto: "ResolveMode" },
  { no: 5, name: "git", type: () => ResolveSourceGitRequest, proto: "Git" },
  { no: 6, name: "image", type: () => ResolveSourceImageRequest, proto: "Image" },
  { no: 7, name: "http", type: () => ResolveSourceHTTPRequest, proto: "HTTP" },
  { no: 8, name: "sourcePolicies", type: () => Policy, proto: "SourcePolicies", repeated: true },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceMetaResponse` */
export interface ResolveSourceMetaResponse {
  source?: SourceOp | undefined;
  image?: ResolveSourceImageResponse | undefined;
  git?: ResolveSourceGitResponse | undefined;
  http?: ResolveSourceHTTPResponse | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.ResolveSourceMetaResponse`. */
export const ResolveSourceMetaResponse: MessageType<ResolveSourceMetaResponse> = message("moby.buildkit.v1.frontend.ResolveSourceMetaResponse", () => [
  { no: 1, name: "source", type: () => SourceOp, proto: "Source" },
  { no: 2, name: "image", type: () => ResolveSourceImageResponse, proto: "Image" },
  { no: 3, name: "git", type: () => ResolveSourceGitResponse, proto: "Git" },
  { no: 4, name: "http", type: () => ResolveSourceHTTPResponse, proto: "HTTP" },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceImageRequest` */
export interface ResolveSourceImageRequest {
  noConfig: boolean;
  attestationChain: boolean;
  resolveAttestations: string[];
}

/** Codec of `moby.buildkit.v1.frontend.ResolveSourceImageRequest`. */
export const ResolveSourceImageRequest: MessageType<ResolveSourceImageRequest> = message("moby.buildkit.v1.frontend.ResolveSourceImageRequest", () => [
  { no: 1, name: "noConfig", type: "bool", proto: "NoConfig" },
  { no: 2, name: "attestationChain", type: "bool", proto: "AttestationChain" },
  { no: 3, name: "resolveAttestations", type: "string", proto: "ResolveAttestations", repeated: true },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceImageResponse` */
export interface ResolveSourceImageResponse {
  digest: string;
  config: Uint8Array;
  attestationChain?: AttestationChain | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.ResolveSourceImageResponse`. */
export const ResolveSourceImageResponse: MessageType<ResolveSourceImageResponse> = message("moby.buildkit.v1.frontend.ResolveSourceImageResponse", () => [
  { no: 1, name: "digest", type: "string", proto: "Digest" },
  { no: 2, name: "config", type: "bytes", proto: "Config" },
  { no: 3, name: "attestationChain", type: () => AttestationChain, proto: "AttestationChain" },
]);

/** `moby.buildkit.v1.frontend.AttestationChain` */
export interface AttestationChain {
  root: string;
  imageManifest: string;
  attestationManifest: string;
  signatureManifests: string[];
  blobs: Map<string, Blob>;
}

/** Codec of `moby.buildkit.v1.frontend.AttestationChain`. */
export const AttestationChain: MessageType<AttestationChain> = message("moby.buildkit.v1.frontend.AttestationChain", () => [
  { no: 1, name: "root", type: "string", proto: "Root" },
  { no: 2, name: "imageManifest", type: "string", proto: "ImageManifest" },
  { no: 3, name: "attestationManifest", type: "string", proto: "AttestationManifest" },
  { no: 4, name: "signatureManifests", type: "string", proto: "SignatureManifests", repeated: true },
  { no: 5, name: "blobs", type: () => Blob, proto: "Blobs", mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.Blob` */
export interface Blob {
  descriptor?: Descriptor | undefined;
  data: Uint8Array;
}

/** Codec of `moby.buildkit.v1.frontend.Blob`. */
export const Blob: MessageType<Blob> = message("moby.buildkit.v1.frontend.Blob", () => [
  { no: 1, name: "descriptor", type: () => Descriptor },
  { no: 2, name: "data", type: "bytes" },
]);

/** `moby.buildkit.v1.frontend.Descriptor` */
export interface Descriptor {
  mediaType: string;
  digest: string;
  size: bigint;
  annotations: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.frontend.Descriptor`. */
export const Descriptor: MessageType<Descriptor> = message("moby.buildkit.v1.frontend.Descriptor", () => [
  { no: 1, name: "mediaType", type: "string", proto: "media_type" },
  { no: 2, name: "digest", type: "string" },
  { no: 3, name: "size", type: "int64" },
  { no: 5, name: "annotations", type: "string", mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceGitRequest` */
export interface ResolveSourceGitRequest {
  returnObject: boolean;
}

/** Codec of `moby.buildkit.v1.frontend.ResolveSourceGitRequest`. */
export const ResolveSourceGitRequest: MessageType<ResolveSourceGitRequest> = message("moby.buildkit.v1.frontend.ResolveSourceGitRequest", () => [
  { no: 1, name: "returnObject", type: "bool", proto: "ReturnObject" },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceGitResponse` */
export interface ResolveSourceGitResponse {
  checksum: string;
  ref: string;
  commitChecksum: string;
  commitObject: Uint8Array;
  tagObject: Uint8Array;
}

/** Codec of `moby.buildkit.v1.frontend.ResolveSourceGitResponse`. */
export const ResolveSourceGitResponse: MessageType<ResolveSourceGitResponse> = message("moby.buildkit.v1.frontend.ResolveSourceGitResponse", () => [
  { no: 1, name: "checksum", type: "string", proto: "Checksum" },
  { no: 2, name: "ref", type: "string", proto: "Ref" },
  { no: 3, name: "commitChecksum", type: "string", proto: "CommitChecksum" },
  { no: 4, name: "commitObject", type: "bytes", proto: "CommitObject" },
  { no: 5, name: "tagObject", type: "bytes", proto: "TagObject" },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceHTTPRequest` */
export interface ResolveSourceHTTPRequest {
  checksumRequest?: ChecksumRequest | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.ResolveSourceHTTPRequest`. */
export const ResolveSourceHTTPRequest: MessageType<ResolveSourceHTTPRequest> = message("moby.buildkit.v1.frontend.ResolveSourceHTTPRequest", () => [
  { no: 1, name: "checksumRequest", type: () => ChecksumRequest, proto: "ChecksumRequest" },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceHTTPResponse` */
export interface ResolveSourceHTTPResponse {
  checksum: string;
  filename: string;
  lastModified?: bigint | undefined;
  checksumResponse?: ChecksumResponse | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.ResolveSourceHTTPResponse`. */
export const ResolveSourceHTTPResponse: MessageType<ResolveSourceHTTPResponse> = message("moby.buildkit.v1.frontend.ResolveSourceHTTPResponse", () => [
  { no: 1, name: "checksum", type: "string", proto: "Checksum" },
  { no: 2, name: "filename", type: "string", proto: "Filename" },
  { no: 3, name: "lastModified", type: "timestamp", proto: "LastModified" },
  { no: 4, name: "checksumResponse", type: () => ChecksumResponse, proto: "ChecksumResponse" },
]);

/** `moby.buildkit.v1.frontend.ChecksumAlgo` */
export const ChecksumAlgo = {
  CHECKSUM_ALGO_SHA256: 0,
  CHECKSUM_ALGO_SHA384: 1,
  CHECKSUM_ALGO_SHA512: 2,
} as const;

/** `moby.buildkit.v1.frontend.ChecksumRequest` */
export interface ChecksumRequest {
  algo: number;
  suffix: Uint8Array;
}

/** Codec of `moby.buildkit.v1.frontend.ChecksumRequest`. */
export const ChecksumRequest: MessageType<ChecksumRequest> = message("moby.buildkit.v1.frontend.ChecksumRequest", () => [
  { no: 1, name: "algo", type: "enum", proto: "Algo" },
  { no: 2, name: "suffix", type: "bytes", proto: "Suffix" },
]);

/** `moby.buildkit.v1.frontend.ChecksumResponse` */
export interface ChecksumResponse {
  digest: string;
  suffix: Uint8Array;
}

/** Codec of `moby.buildkit.v1.frontend.ChecksumResponse`. */
export const ChecksumResponse: MessageType<ChecksumResponse> = message("moby.buildkit.v1.frontend.ChecksumResponse", () => [
  { no: 1, name: "digest", type: "string", proto: "Digest" },
  { no: 2, name: "suffix", type: "bytes", proto: "Suffix" },
]);

/** `moby.buildkit.v1.frontend.SolveRequest` */
export interface SolveRequest {
  definition?: Definition | undefined;
  frontend: string;
  frontendOpt: Map<string, string>;
  allowResultReturn: boolean;
  allowResultArrayRef: boolean;
  cacheImports: CacheOptionsEntry[];
  frontendInputs: Map<string, Definition>;
  evaluate: boolean;
  sourcePolicies: Policy[];
}

/** Codec of `moby.buildkit.v1.frontend.SolveRequest`. */
export const SolveRequest: MessageType<SolveRequest> = message("moby.buildkit.v1.frontend.SolveRequest", () => [
  { no: 1, name: "definition", type: () => Definition, proto: "Definition" },
  { no: 2, name: "frontend", type: "string", proto: "Frontend" },
  { no: 3, name: "frontendOpt", type: "string", proto: "FrontendOpt", mapKey: "string" },
  { no: 5, name: "allowResultReturn", type: "bool" },
  { no: 6, name: "allowResultArrayRef", type: "bool" },
  { no: 12, name: "cacheImports", type: () => CacheOptionsEntry, proto: "CacheImports", repeated: true },
  { no: 13, name: "frontendInputs", type: () => Definition, proto: "FrontendInputs", mapKey: "string" },
  { no: 14, name: "evaluate", type: "bool", proto: "Evaluate" },
  { no: 15, name: "sourcePolicies", type: () => Policy, proto: "SourcePolicies", repeated: true },
]);

/** `moby.buildkit.v1.frontend.CacheOptionsEntry` */
export interface CacheOptionsEntry {
  type: string;
  attrs: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.frontend.CacheOptionsEntry`. */
export const CacheOptionsEntry: MessageType<CacheOptionsEntry> = message("moby.buildkit.v1.frontend.CacheOptionsEntry", () => [
  { no: 1, name: "type", type: "string", proto: "Type" },
  { no: 2, name: "attrs", type: "string", proto: "Attrs", mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.SolveResponse` */
export interface SolveResponse {
  ref: string;
  result?: Result | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.SolveResponse`. */
export const SolveResponse: MessageType<SolveResponse> = message("moby.buildkit.v1.frontend.SolveResponse", () => [
  { no: 1, name: "ref", type: "string" },
  { no: 3, name: "result", type: () => Result },
]);

/** `moby.buildkit.v1.frontend.ReadFileRequest` */
export interface ReadFileRequest {
  ref: string;
  filePath: string;
  range?: FileRange | undefined;
  mountIndex: number;
}

/** Codec of `moby.buildkit.v1.frontend.ReadFileRequest`. */
export const ReadFileRequest: MessageType<ReadFileRequest> = message("moby.buildkit.v1.frontend.ReadFileRequest", () => [
  { no: 1, name: "ref", type: "string", proto: "Ref" },
  { no: 2, name: "filePath", type: "string", proto: "FilePath" },
  { no: 3, name: "range", type: () => FileRange, proto: "Range" },
  { no: 4, name: "mountIndex", type: "int32", proto: "MountIndex" },
]);

/** `moby.buildkit.v1.frontend.FileRange` */
export interface FileRange {
  offset: bigint;
  length: bigint;
}

/** Codec of `moby.buildkit.v1.frontend.FileRange`. */
export const FileRange: MessageType<FileRange> = message("moby.buildkit.v1.frontend.FileRange", () => [
  { no: 1, name: "offset", type: "int64", proto: "Offset" },
  { no: 2, name: "length", type: "int64", proto: "Length" },
]);

/** `moby.buildkit.v1.frontend.ReadFileResponse` */
export interface ReadFileResponse {
  data: Uint8Array;
}

/** Codec of `moby.buildkit.v1.frontend.ReadFileResponse`. */
export const ReadFileResponse: MessageType<ReadFileResponse> = message("moby.buildkit.v1.frontend.ReadFileResponse", () => [
  { no: 1, name: "data", type: "bytes", proto: "Data" },
]);

/** `moby.buildkit.v1.frontend.ReadDirRequest` */
export interface ReadDirRequest {
  ref: string;
  dirPath: string;
  includePattern: string;
  mountIndex: number;
}

/** Codec of `moby.buildkit.v1.frontend.ReadDirRequest`. */
export const ReadDirRequest: MessageType<ReadDirRequest> = message("moby.buildkit.v1.frontend.ReadDirRequest", () => [
  { no: 1, name: "ref", type: "string", proto: "Ref" },
  { no: 2, name: "dirPath", type: "string", proto: "DirPath" },
  { no: 3, name: "includePattern", type: "string", proto: "IncludePattern" },
  { no: 4, name: "mountIndex", type: "int32", proto: "MountIndex" },
]);

/** `moby.buildkit.v1.frontend.ReadDirResponse` */
export interface ReadDirResponse {
  entries: Stat[];
}

/** Codec of `moby.buildkit.v1.frontend.ReadDirResponse`. */
export const ReadDirResponse: MessageType<ReadDirResponse> = message("moby.buildkit.v1.frontend.ReadDirResponse", () => [
  { no: 1, name: "entries", type: () => Stat, repeated: true },
]);

/** `moby.buildkit.v1.frontend.StatFileRequest` */
export interface StatFileRequest {
  ref: string;
  path: string;
  mountIndex: number;
}

/** Codec of `moby.buildkit.v1.frontend.StatFileRequest`. */
export const StatFileRequest: MessageType<StatFileRequest> = message("moby.buildkit.v1.frontend.StatFileRequest", () => [
  { no: 1, name: "ref", type: "string", proto: "Ref" },
  { no: 2, name: "path", type: "string", proto: "Path" },
  { no: 3, name: "mountIndex", type: "int32", proto: "MountIndex" },
]);

/** `moby.buildkit.v1.frontend.StatFileResponse` */
export interface StatFileResponse {
  stat?: Stat | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.StatFileResponse`. */
export const StatFileResponse: MessageType<StatFileResponse> = message("moby.buildkit.v1.frontend.StatFileResponse", () => [
  { no: 1, name: "stat", type: () => Stat },
]);

/** `moby.buildkit.v1.frontend.EvaluateRequest` */
export interface EvaluateRequest {
  ref: string;
}

/** Codec of `moby.buildkit.v1.frontend.EvaluateRequest`. */
export const EvaluateRequest: MessageType<EvaluateRequest> = message("moby.buildkit.v1.frontend.EvaluateRequest", () => [
  { no: 1, name: "ref", type: "string", proto: "Ref" },
]);

/** `moby.buildkit.v1.frontend.EvaluateResponse` */
export interface EvaluateResponse {
}

/** Codec of `moby.buildkit.v1.frontend.EvaluateResponse`. */
export const EvaluateResponse: MessageType<EvaluateResponse> = message("moby.buildkit.v1.frontend.EvaluateResponse", () => [
]);

/** `moby.buildkit.v1.frontend.PingRequest` */
export interface PingRequest {
}

/** Codec of `moby.buildkit.v1.frontend.PingRequest`. */
export const PingRequest: MessageType<PingRequest> = message("moby.buildkit.v1.frontend.PingRequest", () => [
]);

/** `moby.buildkit.v1.frontend.PongResponse` */
export interface PongResponse {
  frontendAPICaps: APICap[];
  llbCaps: APICap[];
  workers: WorkerRecord[];
}

/** Codec of `moby.buildkit.v1.frontend.PongResponse`. */
export const PongResponse: MessageType<PongResponse> = message("moby.buildkit.v1.frontend.PongResponse", () => [
  { no: 1, name: "frontendAPICaps", type: () => APICap, proto: "FrontendAPICaps", repeated: true },
  { no: 2, name: "llbCaps", type: () => APICap, proto: "LLBCaps", repeated: true },
  { no: 3, name: "workers", type: () => WorkerRecord, proto: "Workers", repeated: true },
]);

/** `moby.buildkit.v1.frontend.WarnRequest` */
export interface WarnRequest {
  digest: string;
  level: bigint;
  short: Uint8Array;
  detail: Uint8Array[];
  url: string;
  info?: SourceInfo | undefined;
  ranges: Range[];
}

/** Codec of `moby.buildkit.v1.frontend.WarnRequest`. */
export const WarnRequest: MessageType<WarnRequest> = message("moby.buildkit.v1.frontend.WarnRequest", () => [
  { no: 1, name: "digest", type: "string" },
  { no: 2, name: "level", type: "int64" },
  { no: 3, name: "short", type: "bytes" },
  { no: 4, name: "detail", type: "bytes", repeated: true },
  { no: 5, name: "url", type: "string" },
  { no: 6, name: "info", type: () => SourceInfo },
  { no: 7, name: "ranges", type: () => Range, repeated: true },
]);

/** `moby.buildkit.v1.frontend.WarnResponse` */
export interface WarnResponse {
}

/** Codec of `moby.buildkit.v1.frontend.WarnResponse`. */
export const WarnResponse: MessageType<WarnResponse> = message("moby.buildkit.v1.frontend.WarnResponse", () => [
]);

/** `moby.buildkit.v1.frontend.NewContainerRequest` */
export interface NewContainerRequest {
  containerID: string;
  mounts: Mount[];
  network: number;
  platform?: Platform | undefined;
  constraints?: WorkerConstraints | undefined;
  extraHosts: HostIP[];
  hostname: string;
}

/** Codec of `moby.buildkit.v1.frontend.NewContainerRequest`. */
export const NewContainerRequest: MessageType<NewContainerRequest> = message("moby.buildkit.v1.frontend.NewContainerRequest", () => [
  { no: 1, name: "containerID", type: "string", proto: "ContainerID" },
  { no: 2, name: "mounts", type: () => Mount, proto: "Mounts", repeated: true },
  { no: 3, name: "network", type: "enum", proto: "Network" },
  { no: 4, name: "platform", type: () => Platform },
  { no: 5, name: "constraints", type: () => WorkerConstraints },
  { no: 6, name: "extraHosts", type: () => HostIP, repeated: true },
  { no: 7, name: "hostname", type: "string" },
]);

/** `moby.buildkit.v1.frontend.NewContainerResponse` */
export interface NewContainerResponse {
}

/** Codec of `moby.buildkit.v1.frontend.NewContainerResponse`. */
export const NewContainerResponse: MessageType<NewContainerResponse> = message("moby.buildkit.v1.frontend.NewContainerResponse", () => [
]);

/** `moby.buildkit.v1.frontend.ReleaseContainerRequest` */
export interface ReleaseContainerRequest {
  containerID: string;
}

/** Codec of `moby.buildkit.v1.frontend.ReleaseContainerRequest`. */
export const ReleaseContainerRequest: MessageType<ReleaseContainerRequest> = message("moby.buildkit.v1.frontend.ReleaseContainerRequest", () => [
  { no: 1, name: "containerID", type: "string", proto: "ContainerID" },
]);

/** `moby.buildkit.v1.frontend.ReleaseContainerResponse` */
export interface ReleaseContainerResponse {
}

/** Codec of `moby.buildkit.v1.frontend.ReleaseContainerResponse`. */
export const ReleaseContainerResponse: MessageType<ReleaseContainerResponse> = message("moby.buildkit.v1.frontend.ReleaseContainerResponse", () => [
]);

/** `moby.buildkit.v1.frontend.ExecMessage` */
export interface ExecMessage {
  processID: string;
  init?: InitMessage | undefined;
  file?: FdMessage | undefined;
  resize?: ResizeMessage | undefined;
  started?: StartedMessage | undefined;
  exit?: ExitMessage | undefined;
  done?: DoneMessage | undefined;
  signal?: SignalMessage | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.ExecMessage`. */
export const ExecMessage: MessageType<ExecMessage> = message("moby.buildkit.v1.frontend.ExecMessage", () => [
  { no: 1, name: "processID", type: "string", proto: "ProcessID" },
  { no: 2, name: "init", type: () => InitMessage, proto: "Init" },
  { no: 3, name: "file", type: () => FdMessage, proto: "File" },
  { no: 4, name: "resize", type: () => ResizeMessage, proto: "Resize" },
  { no: 5, name: "started", type: () => StartedMessage, proto: "Started" },
  { no: 6, name: "exit", type: () => ExitMessage, proto: "Exit" },
  { no: 7, name: "done", type: () => DoneMessage, proto: "Done" },
  { no: 8, name: "signal", type: () => SignalMessage, proto: "Signal" },
]);

/** `moby.buildkit.v1.frontend.InitMessage` */
export interface InitMessage {
  containerID: string;
  meta?: Meta | undefined;
  fds: number[];
  tty: boolean;
  security: number;
  secretenv: SecretEnv[];
}

/** Codec of `moby.buildkit.v1.frontend.InitMessage`. */
export const InitMessage: MessageType<InitMessage> = message("moby.buildkit.v1.frontend.InitMessage", () => [
  { no: 1, name: "containerID", type: "string", proto: "ContainerID" },
  { no: 2, name: "meta", type: () => Meta, proto: "Meta" },
  { no: 3, name: "fds", type: "uint32", proto: "Fds", repeated: true },
  { no: 4, name: "tty", type: "bool", proto: "Tty" },
  { no: 5, name: "security", type: "enum", proto: "Security" },
  { no: 6, name: "secretenv", type: () => SecretEnv, repeated: true },
]);

/** `moby.buildkit.v1.frontend.FdMessage` */
export interface FdMessage {
  fd: number;
  eof: boolean;
  data: Uint8Array;
}

/** Codec of `moby.buildkit.v1.frontend.FdMessage`. */
export const FdMessage: MessageType<FdMessage> = message("moby.buildkit.v1.frontend.FdMessage", () => [
  { no: 1, name: "fd", type: "uint32", proto: "Fd" },
  { no: 2, name: "eof", type: "bool", proto: "EOF" },
  { no: 3, name: "data", type: "bytes", proto: "Data" },
]);

/** `moby.buildkit.v1.frontend.ResizeMessage` */
export interface ResizeMessage {
  rows: number;
  cols: number;
}

/** Codec of `moby.buildkit.v1.frontend.ResizeMessage`. */
export const ResizeMessage: MessageType<ResizeMessage> = message("moby.buildkit.v1.frontend.ResizeMessage", () => [
  { no: 1, name: "rows", type: "uint32", proto: "Rows" },
  { no: 2, name: "cols", type: "uint32", proto: "Cols" },
]);

/** `moby.buildkit.v1.frontend.StartedMessage` */
export interface StartedMessage {
}

/** Codec of `moby.buildkit.v1.frontend.StartedMessage`. */
export const StartedMessage: MessageType<StartedMessage> = message("moby.buildkit.v1.frontend.StartedMessage", () => [
]);

/** `moby.buildkit.v1.frontend.ExitMessage` */
export interface ExitMessage {
  code: number;
  error?: Status | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.ExitMessage`. */
export const ExitMessage: MessageType<ExitMessage> = message("moby.buildkit.v1.frontend.ExitMessage", () => [
  { no: 1, name: "code", type: "uint32", proto: "Code" },
  { no: 2, name: "error", type: () => Status, proto: "Error" },
]);

/** `moby.buildkit.v1.frontend.DoneMessage` */
export interface DoneMessage {
}

/** Codec of `moby.buildkit.v1.frontend.DoneMessage`. */
export const DoneMessage: MessageType<DoneMessage> = message("moby.buildkit.v1.frontend.DoneMessage", () => [
]);

/** `moby.buildkit.v1.frontend.SignalMessage` */
export interface SignalMessage {
  name: string;
}

/** Codec of `moby.buildkit.v1.frontend.SignalMessage`. */
export const SignalMessage: MessageType<SignalMessage> = message("moby.buildkit.v1.frontend.SignalMessage", () => [
  { no: 1, name: "name", type: "string", proto: "Name" },
]);

/** Methods of `moby.buildkit.v1.frontend.LLBBridge`. */
export const LLBBridge: {
  resolveImageConfig: Method<ResolveImageConfigRequest, ResolveImageConfigResponse>;
  resolveSourceMeta: Method<ResolveSourceMetaRequest, ResolveSourceMetaResponse>;
  solve: Method<SolveRequest, SolveResponse>;
  readFile: Method<ReadFileRequest, ReadFileResponse>;
  readDir: Method<ReadDirRequest, ReadDirResponse>;
  statFile: Method<StatFileRequest, StatFileResponse>;
  evaluate: Method<EvaluateRequest, EvaluateResponse>;
  ping: Method<PingRequest, PongResponse>;
  return: Method<ReturnRequest, ReturnResponse>;
  inputs: Method<InputsRequest, InputsResponse>;
  newContainer: Method<NewContainerRequest, NewContainerResponse>;
  releaseContainer: Method<ReleaseContainerRequest, ReleaseContainerResponse>;
  execProcess: Method<ExecMessage, ExecMessage>;
  readFileContainer: Method<ReadFileRequest, ReadFileResponse>;
  readDirContainer: Method<ReadDirRequest, ReadDirResponse>;
  statFileContainer: Method<StatFileRequest, StatFileResponse>;
  warn: Method<WarnRequest, WarnResponse>;
} = {
  resolveImageConfig: { path: "/moby.buildkit.v1.frontend.LLBBridge/ResolveImageConfig", request: ResolveImageConfigRequest, response: ResolveImageConfigResponse },
  resolveSourceMeta: { path: "/moby.buildkit.v1.frontend.LLBBridge/ResolveSourceMeta", request: ResolveSourceMetaRequest, response: ResolveSourceMetaResponse },
  solve: { path: "/moby.buildkit.v1.frontend.LLBBridge/Solve", request: SolveRequest, response: SolveResponse },
  readFile: { path: "/moby.buildkit.v1.frontend.LLBBridge/ReadFile", request: ReadFileRequest, response: ReadFileResponse },
  readDir: { path: "/moby.buildkit.v1.frontend.LLBBridge/ReadDir", request: ReadDirRequest, response: ReadDirResponse },
  statFile: { path: "/moby.buildkit.v1.frontend.LLBBridge/StatFile", request: StatFileRequest, response: StatFileResponse },
  evaluate: { path: "/moby.buildkit.v1.frontend.LLBBridge/Evaluate", request: EvaluateRequest, response: EvaluateResponse },
  ping: { path: "/moby.buildkit.v1.frontend.LLBBridge/Ping", request: PingRequest, response: PongResponse },
  return: { path: "/moby.buildkit.v1.frontend.LLBBridge/Return", request: ReturnRequest, response: ReturnResponse },
  inputs: { path: "/moby.buildkit.v1.frontend.LLBBridge/Inputs", request: InputsRequest, response: InputsResponse },
  newContainer: { path: "/moby.buildkit.v1.frontend.LLBBridge/NewContainer", request: NewContainerRequest, response: NewContainerResponse },
  releaseContainer: { path: "/moby.buildkit.v1.frontend.LLBBridge/ReleaseContainer", request: ReleaseContainerRequest, response: ReleaseContainerResponse },
  execProcess: { path: "/moby.buildkit.v1.frontend.LLBBridge/ExecProcess", request: ExecMessage, response: ExecMessage },
  readFileContainer: { path: "/moby.buildkit.v1.frontend.LLBBridge/ReadFileContainer", request: ReadFileRequest, response: ReadFileResponse },
  readDirContainer: { path: "/moby.buildkit.v1.frontend.LLBBridge/ReadDirContainer", request: ReadDirRequest, response: ReadDirResponse },
  statFileContainer: { path: "/moby.buildkit.v1.frontend.LLBBridge/StatFileContainer", request: StatFileRequest, response: StatFileResponse },
  warn: { path: "/moby.buildkit.v1.frontend.LLBBridge/Warn", request: WarnRequest, response: WarnResponse },
};
