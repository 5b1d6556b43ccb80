/**
 * The daemon's own messages and calls, for those who speak to it below the builds:
 * types only. The messages are named and numbered as in BuildKit's `.proto` files; integers of 64 bits are `bigint`, and times
 * nanoseconds since the epoch.
 *
 * @module
 */
export type { StackFrame } from "./src/diagnosis/details.ts";
export type { GatewayAdditions } from "./src/gateway/client.ts";
export type {
  CacheOptions,
  CacheOptionsEntry,
  Exporter,
  SolveRequest,
  SolveResponse,
  StatusResponse,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from "./src/gen/control.ts";
export type {
  Attestation,
  AttestationChain,
  Blob,
  ChecksumRequest,
  ChecksumResponse,
  Descriptor,
  InTotoSubject,
  Ref,
  ResolveSourceGitRequest,
  ResolveSourceGitResponse,
  ResolveSourceHTTPRequest,
  ResolveSourceHTTPResponse,
  ResolveSourceImageRequest,
  ResolveSourceImageResponse,
  ResolveSourceMetaRequest,
  ResolveSourceMetaResponse,
} from "./src/gen/gateway.ts";
export type {
  Definition,
  ExportCache,
  LinuxResources,
  Location,
  Locations,
  OpMetadata,
  Platform,
  Position,
  ProgressGroup,
  Range,
  Source,
  SourceInfo,
  SourceOp,
} from "./src/gen/ops.ts";
export type { AttrConstraint, Policy, Rule, Selector, Update } from "./src/gen/policy.ts";
export type { Handler, Handlers, ServerCall } from "./src/rpc/call.ts";
export type { Caller } from "./src/rpc/caller.ts";
export type { CallOptions } from "./src/rpc/channel.ts";
export type { Field, MessageType, Scalar } from "./src/rpc/codec.ts";
export type { Metadata } from "./src/rpc/metadata.ts";
export type { Method } from "./src/rpc/method.ts";
export type { Pipe, PipeReceiver } from "./src/rpc/pipe.ts";
export type { Session, SessionOptions } from "./src/session/session.ts";
