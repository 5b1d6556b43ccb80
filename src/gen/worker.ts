// Generated from proto/worker.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";
import { Platform } from "./ops.ts";

/** `moby.buildkit.v1.types.WorkerRecord` */
export interface WorkerRecord {
  /** Field 1, `ID`: string. */
  id: string;
  /** Field 2, `Labels`: map<string, string>. */
  labels: Map<string, string>;
  /** Field 3, `platforms`: repeated pb.Platform. */
  platforms: Platform[];
  /** Field 4, `GCPolicy`: repeated GCPolicy. */
  gcPolicy: GCPolicy[];
  /** Field 5, `BuildkitVersion`: BuildkitVersion. */
  buildkitVersion?: BuildkitVersion | undefined;
  /** Field 6, `CDIDevices`: repeated CDIDevice. */
  cdiDevices: CDIDevice[];
}

/** Codec of `moby.buildkit.v1.types.WorkerRecord`. */
export const WorkerRecord: MessageType<WorkerRecord> = message("moby.buildkit.v1.types.WorkerRecord", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
  { no: 2, name: "labels", type: "string", proto: "Labels", mapKey: "string" },
  { no: 3, name: "platforms", type: () => Platform, repeated: true },
  { no: 4, name: "gcPolicy", type: () => GCPolicy, proto: "GCPolicy", repeated: true },
  { no: 5, name: "buildkitVersion", type: () => BuildkitVersion, proto: "BuildkitVersion" },
  { no: 6, name: "cdiDevices", type: () => CDIDevice, proto: "CDIDevices", repeated: true },
]);

/** `moby.buildkit.v1.types.GCPolicy` */
export interface GCPolicy {
  /** Field 1, `all`: bool. */
  all: boolean;
  /** Field 2, `keepDuration`: int64. */
  keepDuration: bigint;
  /** Field 3, `reservedSpace`: int64. */
  reservedSpace: bigint;
  /** Field 4, `filters`: repeated string. */
  filters: string[];
  /** Field 5, `maxUsedSpace`: int64. */
  maxUsedSpace: bigint;
  /** Field 6, `minFreeSpace`: int64. */
  minFreeSpace: bigint;
}

/** Codec of `moby.buildkit.v1.types.GCPolicy`. */
export const GCPolicy: MessageType<GCPolicy> = message("moby.buildkit.v1.types.GCPolicy", () => [
  { no: 1, name: "all", type: "bool" },
  { no: 2, name: "keepDuration", type: "int64" },
  { no: 3, name: "reservedSpace", type: "int64" },
  { no: 4, name: "filters", type: "string", repeated: true },
  { no: 5, name: "maxUsedSpace", type: "int64" },
  { no: 6, name: "minFreeSpace", type: "int64" },
]);

/** `moby.buildkit.v1.types.BuildkitVersion` */
export interface BuildkitVersion {
  /** Field 1, `package`: string. */
  package: string;
  /** Field 2, `version`: string. */
  version: string;
  /** Field 3, `revision`: string. */
  revision: string;
  /** Field 4, `dockerfileVersion`: string. */
  dockerfileVersion: string;
}

/** Codec of `moby.buildkit.v1.types.BuildkitVersion`. */
export const BuildkitVersion: MessageType<BuildkitVersion> = message("moby.buildkit.v1.types.BuildkitVersion", () => [
  { no: 1, name: "package", type: "string" },
  { no: 2, name: "version", type: "string" },
  { no: 3, name: "revision", type: "string" },
  { no: 4, name: "dockerfileVersion", type: "string" },
]);

/** `moby.buildkit.v1.types.CDIDevice` */
export interface CDIDevice {
  /** Field 1, `Name`: string. */
  name: string;
  /** Field 2, `AutoAllow`: bool. */
  autoAllow: boolean;
  /** Field 3, `Annotations`: map<string, string>. */
  annotations: Map<string, string>;
  /** Field 4, `OnDemand`: bool. */
  onDemand: boolean;
}

/** Codec of `moby.buildkit.v1.types.CDIDevice`. */
export const CDIDevice: MessageType<CDIDevice> = message("moby.buildkit.v1.types.CDIDevice", () => [
  { no: 1, name: "name", type: "string", proto: "Name" },
  { no: 2, name: "autoAllow", type: "bool", proto: "AutoAllow" },
  { no: 3, name: "annotations", type: "string", proto: "Annotations", mapKey: "string" },
  { no: 4, name: "onDemand", type: "bool", proto: "OnDemand" },
]);
