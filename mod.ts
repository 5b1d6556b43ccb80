/**
 * Builds container images by speaking BuildKit's own protocol: no `docker`, no `buildctl`, no shell.
 *
 * @example
 * ```ts no-eval
 * import { build } from "@moat/build";
 *
 * const result = await build({ context: ".", tags: ["app"], address: "tcp://127.0.0.1:1234" });
 * console.log(result.digest);
 * ```
 *
 * @module
 */
export { readAttestations } from "./src/attestations.ts";
export { Build, build, runFrontend } from "./src/build.ts";
export {
  BuildError,
  type BuildErrorCode,
  type BuildErrorJson,
  type ErrorDetail,
  type ErrorSource,
} from "./src/build_error.ts";
export { BuildKitClient } from "./src/client.ts";
export { call, check, describeCalls, outline, targets } from "./src/calls.ts";
export { connect, type ConnectOptions } from "./src/connect.ts";
export type { WaitOptions } from "./src/connect/wait_until_ready.ts";
export type { Attachment, AttachmentOptions } from "./src/control/attachments.ts";
export type {
  BuildRecord,
  BuildStatus,
  RecordedResult,
  StoredBlob,
} from "./src/control/build_record.ts";
export type { ExportBuildOptions } from "./src/control/bundle.ts";
export type { CacheRecord, DiskUsageOptions, PruneOptions } from "./src/control/cache_records.ts";
export { ControlClient } from "./src/control/control_client.ts";
export type { HistoryEvent, HistoryOptions } from "./src/control/history.ts";
export type { DaemonInfo, DaemonVersion } from "./src/control/info.ts";
export type { BuildDetails, Material } from "./src/control/inspect_build.ts";
export type { TraceAttribute, TraceEvent, TraceSpan } from "./src/control/trace.ts";
export type { PruneHistoryOptions } from "./src/control/update_build.ts";
export type { GcPolicy, WorkerDetails, WorkerDevice, WorkerInfo } from "./src/control/workers.ts";
export {
  type Sidecar,
  type SidecarConfig,
  type SidecarOptions,
  startSidecar,
} from "./src/docker/sidecar.ts";
export * from "./src/errors.ts";
export { openBuilder, SharedBuilder, type SharedBuilderOptions } from "./src/shared_builder.ts";
export type {
  CallDescription,
  CheckResult,
  CheckWarning,
  Outline,
  Place,
  Target,
} from "./src/gateway/answers.ts";
export type { CallAnswer } from "./src/gateway/call.ts";
export type { Capabilities } from "./src/gateway/caps.ts";
export type { GatewayCallOptions } from "./src/gateway/bridge.ts";
export type {
  GatewayClient,
  GatewaySolve,
  GatewayWarning,
  ResolvedImage,
  ResolveImageOptions,
} from "./src/gateway/client.ts";
export type { FileRange, GatewayFile, Reference } from "./src/gateway/reference.ts";
export type { GatewayAttestation, GatewayResult } from "./src/gateway/result.ts";
export type { BuildFunction } from "./src/gateway/solve.ts";
export { historyReport } from "./src/history_report.ts";
export {
  type BuildEvent,
  type EndEvent,
  type EventError,
  EVENTS_VERSION,
  type LogEvent,
  type StartEvent,
  type StatusEvent,
  type VertexEvent,
  type VertexState,
  type WarningEvent,
} from "./src/progress/events.ts";
export { eventFromJson, eventToJson } from "./src/progress/json.ts";
export type { Credentials } from "./src/registry/credentials.ts";
export type * from "./src/types.ts";

// `deno run jsr:@moat/build` runs this module. A bundle that this became part of is another program, so the name counts, too.
if (import.meta.main && import.meta.url.endsWith("/mod.ts")) {
  void import("./src/cli/program.ts").then(({ runProgram }) => runProgram());
}
