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
  /** Field 1, `refDeprecated`: string. */
  refDeprecated: string;
  /** Field 2, `refsDeprecated`: RefMapDeprecated. */
  refsDeprecated?: RefMapDeprecated | undefined;
  /** Field 3, `ref`: Ref. */
  ref?: Ref | undefined;
  /** Field 4, `refs`: RefMap. */
  refs?: RefMap | undefined;
  /** Field 10, `metadata`: map<string, bytes>. */
  metadata: Map<string, Uint8Array>;
  /** Field 12, `attestations`: map<string, Attestations>. */
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
  /** Field 1, `refs`: map<string, string>. */
  refs: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.frontend.RefMapDeprecated`. */
export const RefMapDeprecated: MessageType<RefMapDeprecated> = message("moby.buildkit.v1.frontend.RefMapDeprecated", () => [
  { no: 1, name: "refs", type: "string", mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.Ref` */
export interface Ref {
  /** Field 1, `id`: string. */
  id: string;
  /** Field 2, `def`: pb.Definition. */
  def?: Definition | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.Ref`. */
export const Ref: MessageType<Ref> = message("moby.buildkit.v1.frontend.Ref", () => [
  { no: 1, name: "id", type: "string" },
  { no: 2, name: "def", type: () => Definition },
]);

/** `moby.buildkit.v1.frontend.RefMap` */
export interface RefMap {
  /** Field 1, `refs`: map<string, Ref>. */
  refs: Map<string, Ref>;
}

/** Codec of `moby.buildkit.v1.frontend.RefMap`. */
export const RefMap: MessageType<RefMap> = message("moby.buildkit.v1.frontend.RefMap", () => [
  { no: 1, name: "refs", type: () => Ref, mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.Attestations` */
export interface Attestations {
  /** Field 1, `attestation`: repeated Attestation. */
  attestation: Attestation[];
}

/** Codec of `moby.buildkit.v1.frontend.Attestations`. */
export const Attestations: MessageType<Attestations> = message("moby.buildkit.v1.frontend.Attestations", () => [
  { no: 1, name: "attestation", type: () => Attestation, repeated: true },
]);

/** `moby.buildkit.v1.frontend.Attestation` */
export interface Attestation {
  /** Field 1, `kind`: AttestationKind. */
  kind: number;
  /** Field 2, `metadata`: map<string, bytes>. */
  metadata: Map<string, Uint8Array>;
  /** Field 3, `ref`: Ref. */
  ref?: Ref | undefined;
  /** Field 4, `path`: string. */
  path: string;
  /** Field 5, `inTotoPredicateType`: string. */
  inTotoPredicateType: string;
  /** Field 6, `inTotoSubjects`: repeated InTotoSubject. */
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
  /** Field 1, `kind`: InTotoSubjectKind. */
  kind: number;
  /** Field 2, `digest`: repeated string. */
  digest: string[];
  /** Field 3, `name`: string. */
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
  /** Field 1, `result`: Result. */
  result?: Result | undefined;
  /** Field 2, `error`: google.rpc.Status. */
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
  /** Field 1, `Definitions`: map<string, pb.Definition>. */
  definitions: Map<string, Definition>;
}

/** Codec of `moby.buildkit.v1.frontend.InputsResponse`. */
export const InputsResponse: MessageType<InputsResponse> = message("moby.buildkit.v1.frontend.InputsResponse", () => [
  { no: 1, name: "definitions", type: () => Definition, proto: "Definitions", mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.ResolveImageConfigRequest` */
export interface ResolveImageConfigRequest {
  /** Field 1, `Ref`: string. */
  ref: string;
  /** Field 2, `Platform`: pb.Platform. */
  platform?: Platform | undefined;
  /** Field 3, `ResolveMode`: string. */
  resolveMode: string;
  /** Field 4, `LogName`: string. */
  logName: string;
  /** Field 5, `ResolverType`: int32. */
  resolverType: number;
  /** Field 6, `SessionID`: string. */
  sessionID: string;
  /** Field 7, `StoreID`: string. */
  storeID: string;
  /** Field 8, `SourcePolicies`: repeated moby.buildkit.v1.sourcepolicy.Policy. */
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
  /** Field 1, `Digest`: string. */
  digest: string;
  /** Field 2, `Config`: bytes. */
  config: Uint8Array;
  /** Field 3, `Ref`: string. */
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
  /** Field 1, `Source`: pb.SourceOp. */
  source?: SourceOp | undefined;
  /** Field 2, `Platform`: pb.Platform. */
  platform?: Platform | undefined;
  /** Field 3, `LogName`: string. */
  logName: string;
  /** Field 4, `ResolveMode`: string. */
  resolveMode: string;
  /** Field 5, `Git`: ResolveSourceGitRequest. */
  git?: ResolveSourceGitRequest | undefined;
  /** Field 6, `Image`: ResolveSourceImageRequest. */
  image?: ResolveSourceImageRequest | undefined;
  /** Field 7, `HTTP`: ResolveSourceHTTPRequest. */
  http?: ResolveSourceHTTPRequest | undefined;
  /** Field 8, `SourcePolicies`: repeated moby.buildkit.v1.sourcepolicy.Policy. */
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
  /** Field 1, `Source`: pb.SourceOp. */
  source?: SourceOp | undefined;
  /** Field 2, `Image`: ResolveSourceImageResponse. */
  image?: ResolveSourceImageResponse | undefined;
  /** Field 3, `Git`: ResolveSourceGitResponse. */
  git?: ResolveSourceGitResponse | undefined;
  /** Field 4, `HTTP`: ResolveSourceHTTPResponse. */
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
  /** Field 1, `NoConfig`: bool. */
  noConfig: boolean;
  /** Field 2, `AttestationChain`: bool. */
  attestationChain: boolean;
  /** Field 3, `ResolveAttestations`: repeated string. */
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
  /** Field 1, `Digest`: string. */
  digest: string;
  /** Field 2, `Config`: bytes. */
  config: Uint8Array;
  /** Field 3, `AttestationChain`: AttestationChain. */
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
  /** Field 1, `Root`: string. */
  root: string;
  /** Field 2, `ImageManifest`: string. */
  imageManifest: string;
  /** Field 3, `AttestationManifest`: string. */
  attestationManifest: string;
  /** Field 4, `SignatureManifests`: repeated string. */
  signatureManifests: string[];
  /** Field 5, `Blobs`: map<string, Blob>. */
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
  /** Field 1, `descriptor`: Descriptor. */
  descriptor?: Descriptor | undefined;
  /** Field 2, `data`: bytes. */
  data: Uint8Array;
}

/** Codec of `moby.buildkit.v1.frontend.Blob`. */
export const Blob: MessageType<Blob> = message("moby.buildkit.v1.frontend.Blob", () => [
  { no: 1, name: "descriptor", type: () => Descriptor },
  { no: 2, name: "data", type: "bytes" },
]);

/** `moby.buildkit.v1.frontend.Descriptor` */
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

/** Codec of `moby.buildkit.v1.frontend.Descriptor`. */
export const Descriptor: MessageType<Descriptor> = message("moby.buildkit.v1.frontend.Descriptor", () => [
  { no: 1, name: "mediaType", type: "string", proto: "media_type" },
  { no: 2, name: "digest", type: "string" },
  { no: 3, name: "size", type: "int64" },
  { no: 5, name: "annotations", type: "string", mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceGitRequest` */
export interface ResolveSourceGitRequest {
  /** Field 1, `ReturnObject`: bool. */
  returnObject: boolean;
}

/** Codec of `moby.buildkit.v1.frontend.ResolveSourceGitRequest`. */
export const ResolveSourceGitRequest: MessageType<ResolveSourceGitRequest> = message("moby.buildkit.v1.frontend.ResolveSourceGitRequest", () => [
  { no: 1, name: "returnObject", type: "bool", proto: "ReturnObject" },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceGitResponse` */
export interface ResolveSourceGitResponse {
  /** Field 1, `Checksum`: string. */
  checksum: string;
  /** Field 2, `Ref`: string. */
  ref: string;
  /** Field 3, `CommitChecksum`: string. */
  commitChecksum: string;
  /** Field 4, `CommitObject`: bytes. */
  commitObject: Uint8Array;
  /** Field 5, `TagObject`: bytes. */
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
  /** Field 1, `ChecksumRequest`: ChecksumRequest. */
  checksumRequest?: ChecksumRequest | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.ResolveSourceHTTPRequest`. */
export const ResolveSourceHTTPRequest: MessageType<ResolveSourceHTTPRequest> = message("moby.buildkit.v1.frontend.ResolveSourceHTTPRequest", () => [
  { no: 1, name: "checksumRequest", type: () => ChecksumRequest, proto: "ChecksumRequest" },
]);

/** `moby.buildkit.v1.frontend.ResolveSourceHTTPResponse` */
export interface ResolveSourceHTTPResponse {
  /** Field 1, `Checksum`: string. */
  checksum: string;
  /** Field 2, `Filename`: string. */
  filename: string;
  /** Field 3, `LastModified`: google.protobuf.Timestamp. */
  lastModified?: bigint | undefined;
  /** Field 4, `ChecksumResponse`: ChecksumResponse. */
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
  /** Field 1, `Algo`: ChecksumAlgo. */
  algo: number;
  /** Field 2, `Suffix`: bytes. */
  suffix: Uint8Array;
}

/** Codec of `moby.buildkit.v1.frontend.ChecksumRequest`. */
export const ChecksumRequest: MessageType<ChecksumRequest> = message("moby.buildkit.v1.frontend.ChecksumRequest", () => [
  { no: 1, name: "algo", type: "enum", proto: "Algo" },
  { no: 2, name: "suffix", type: "bytes", proto: "Suffix" },
]);

/** `moby.buildkit.v1.frontend.ChecksumResponse` */
export interface ChecksumResponse {
  /** Field 1, `Digest`: string. */
  digest: string;
  /** Field 2, `Suffix`: bytes. */
  suffix: Uint8Array;
}

/** Codec of `moby.buildkit.v1.frontend.ChecksumResponse`. */
export const ChecksumResponse: MessageType<ChecksumResponse> = message("moby.buildkit.v1.frontend.ChecksumResponse", () => [
  { no: 1, name: "digest", type: "string", proto: "Digest" },
  { no: 2, name: "suffix", type: "bytes", proto: "Suffix" },
]);

/** `moby.buildkit.v1.frontend.SolveRequest` */
export interface SolveRequest {
  /** Field 1, `Definition`: pb.Definition. */
  definition?: Definition | undefined;
  /** Field 2, `Frontend`: string. */
  frontend: string;
  /** Field 3, `FrontendOpt`: map<string, string>. */
  frontendOpt: Map<string, string>;
  /** Field 5, `allowResultReturn`: bool. */
  allowResultReturn: boolean;
  /** Field 6, `allowResultArrayRef`: bool. */
  allowResultArrayRef: boolean;
  /** Field 12, `CacheImports`: repeated CacheOptionsEntry. */
  cacheImports: CacheOptionsEntry[];
  /** Field 13, `FrontendInputs`: map<string, pb.Definition>. */
  frontendInputs: Map<string, Definition>;
  /** Field 14, `Evaluate`: bool. */
  evaluate: boolean;
  /** Field 15, `SourcePolicies`: repeated moby.buildkit.v1.sourcepolicy.Policy. */
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
  /** Field 1, `Type`: string. */
  type: string;
  /** Field 2, `Attrs`: map<string, string>. */
  attrs: Map<string, string>;
}

/** Codec of `moby.buildkit.v1.frontend.CacheOptionsEntry`. */
export const CacheOptionsEntry: MessageType<CacheOptionsEntry> = message("moby.buildkit.v1.frontend.CacheOptionsEntry", () => [
  { no: 1, name: "type", type: "string", proto: "Type" },
  { no: 2, name: "attrs", type: "string", proto: "Attrs", mapKey: "string" },
]);

/** `moby.buildkit.v1.frontend.SolveResponse` */
export interface SolveResponse {
  /** Field 1, `ref`: string. */
  ref: string;
  /** Field 3, `result`: Result. */
  result?: Result | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.SolveResponse`. */
export const SolveResponse: MessageType<SolveResponse> = message("moby.buildkit.v1.frontend.SolveResponse", () => [
  { no: 1, name: "ref", type: "string" },
  { no: 3, name: "result", type: () => Result },
]);

/** `moby.buildkit.v1.frontend.ReadFileRequest` */
export interface ReadFileRequest {
  /** Field 1, `Ref`: string. */
  ref: string;
  /** Field 2, `FilePath`: string. */
  filePath: string;
  /** Field 3, `Range`: FileRange. */
  range?: FileRange | undefined;
  /** Field 4, `MountIndex`: int32. */
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
  /** Field 1, `Offset`: int64. */
  offset: bigint;
  /** Field 2, `Length`: int64. */
  length: bigint;
}

/** Codec of `moby.buildkit.v1.frontend.FileRange`. */
export const FileRange: MessageType<FileRange> = message("moby.buildkit.v1.frontend.FileRange", () => [
  { no: 1, name: "offset", type: "int64", proto: "Offset" },
  { no: 2, name: "length", type: "int64", proto: "Length" },
]);

/** `moby.buildkit.v1.frontend.ReadFileResponse` */
export interface ReadFileResponse {
  /** Field 1, `Data`: bytes. */
  data: Uint8Array;
}

/** Codec of `moby.buildkit.v1.frontend.ReadFileResponse`. */
export const ReadFileResponse: MessageType<ReadFileResponse> = message("moby.buildkit.v1.frontend.ReadFileResponse", () => [
  { no: 1, name: "data", type: "bytes", proto: "Data" },
]);

/** `moby.buildkit.v1.frontend.ReadDirRequest` */
export interface ReadDirRequest {
  /** Field 1, `Ref`: string. */
  ref: string;
  /** Field 2, `DirPath`: string. */
  dirPath: string;
  /** Field 3, `IncludePattern`: string. */
  includePattern: string;
  /** Field 4, `MountIndex`: int32. */
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
  /** Field 1, `entries`: repeated fsutil.types.Stat. */
  entries: Stat[];
}

/** Codec of `moby.buildkit.v1.frontend.ReadDirResponse`. */
export const ReadDirResponse: MessageType<ReadDirResponse> = message("moby.buildkit.v1.frontend.ReadDirResponse", () => [
  { no: 1, name: "entries", type: () => Stat, repeated: true },
]);

/** `moby.buildkit.v1.frontend.StatFileRequest` */
export interface StatFileRequest {
  /** Field 1, `Ref`: string. */
  ref: string;
  /** Field 2, `Path`: string. */
  path: string;
  /** Field 3, `MountIndex`: int32. */
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
  /** Field 1, `stat`: fsutil.types.Stat. */
  stat?: Stat | undefined;
}

/** Codec of `moby.buildkit.v1.frontend.StatFileResponse`. */
export const StatFileResponse: MessageType<StatFileResponse> = message("moby.buildkit.v1.frontend.StatFileResponse", () => [
  { no: 1, name: "stat", type: () => Stat },
]);

/** `moby.buildkit.v1.frontend.EvaluateRequest` */
export interface EvaluateRequest {
  /** Field 1, `Ref`: string. */
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
  /** Field 1, `FrontendAPICaps`: repeated moby.buildkit.v1.apicaps.APICap. */
  frontendAPICaps: APICap[];
  /** Field 2, `LLBCaps`: repeated moby.buildkit.v1.apicaps.APICap. */
  llbCaps: APICap[];
  /** Field 3, `Workers`: repeated moby.buildkit.v1.types.WorkerRecord. */
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
  /** Field 1, `digest`: string. */
  digest: string;
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
  /** Field 1, `ContainerID`: string. */
  containerID: string;
  /** Field 2, `Mounts`: repeated pb.Mount. */
  mounts: Mount[];
  /** Field 3, `Network`: pb.NetMode. */
  network: number;
  /** Field 4, `platform`: pb.Platform. */
  platform?: Platform | undefined;
  /** Field 5, `constraints`: pb.WorkerConstraints. */
  constraints?: WorkerConstraints | undefined;
  /** Field 6, `extraHosts`: repeated pb.HostIP. */
  extraHosts: HostIP[];
  /** Field 7, `hostname`: string. */
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
  /** Field 1, `ContainerID`: string. */
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
  /** Field 1, `ProcessID`: string. */
  processID: string;
  /** Field 2, `Init`: InitMessage. */
  init?: InitMessage | undefined;
  /** Field 3, `File`: FdMessage. */
  file?: FdMessage | undefined;
  /** Field 4, `Resize`: ResizeMessage. */
  resize?: ResizeMessage | undefined;
  /** Field 5, `Started`: StartedMessage. */
  started?: StartedMessage | undefined;
  /** Field 6, `Exit`: ExitMessage. */
  exit?: ExitMessage | undefined;
  /** Field 7, `Done`: DoneMessage. */
  done?: DoneMessage | undefined;
  /** Field 8, `Signal`: SignalMessage. */
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
  /** Field 1, `ContainerID`: string. */
  containerID: string;
  /** Field 2, `Meta`: pb.Meta. */
  meta?: Meta | undefined;
  /** Field 3, `Fds`: repeated uint32. */
  fds: number[];
  /** Field 4, `Tty`: bool. */
  tty: boolean;
  /** Field 5, `Security`: pb.SecurityMode. */
  security: number;
  /** Field 6, `secretenv`: repeated pb.SecretEnv. */
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
  /** Field 1, `Fd`: uint32. */
  fd: number;
  /** Field 2, `EOF`: bool. */
  eof: boolean;
  /** Field 3, `Data`: bytes. */
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
  /** Field 1, `Rows`: uint32. */
  rows: number;
  /** Field 2, `Cols`: uint32. */
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
  /** Field 1, `Code`: uint32. */
  code: number;
  /** Field 2, `Error`: google.rpc.Status. */
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
  /** Field 1, `Name`: string. */
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
