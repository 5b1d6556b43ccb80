/** A daemon's workers: what runs its builds and keeps its cache. */
import { formatPlatform } from "../frontend/platform.ts";
import { Control } from "../gen/control.ts";
import type { GCPolicy, WorkerRecord } from "../gen/worker.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { toMilliseconds } from "./time.ts";

/** One worker of a daemon. The first one's first platform is what builds are for by default. */
export interface WorkerInfo {
  /** The worker's id. */
  readonly id: string;
  /** What the worker says of itself, for example its executor. */
  readonly labels: Readonly<Record<string, string>>;
  /** For example `["linux/amd64", "linux/386"]`. */
  readonly platforms: readonly string[];
}

/** Everything that a daemon tells of a worker. */
export interface WorkerDetails extends WorkerInfo {
  /** The worker's own version; empty where the daemon does not tell. */
  readonly version: string;
  /** When its cache is cleaned by itself: rules, tried in this order. */
  readonly gcPolicies: readonly GcPolicy[];
  /** Devices (CDI) that builds can use. */
  readonly devices: readonly WorkerDevice[];
}

/** A rule of a worker's garbage collection. A size of 0 is no limit. */
export interface GcPolicy {
  /** Whether internal and frontend records are removed, too. */
  readonly all: boolean;
  /** Which records it is about; empty: all of them. */
  readonly filters: readonly string[];
  /** Milliseconds for which records are kept after their last use; 0 is no limit. */
  readonly keepDurationMs: number;
  /** Bytes that the cache may always take. */
  readonly reservedSpace: number;
  /** Bytes that the cache takes at most. */
  readonly maxUsedSpace: number;
  /** Bytes of the disk that are left free. */
  readonly minFreeSpace: number;
}

/** A device of a worker. */
export interface WorkerDevice {
  /** For example `nvidia.com/gpu=all`. */
  readonly name: string;
  /** Whether builds may use it without `allow`. */
  readonly autoAllow: boolean;
  /** Whether it is set up when a build first asks for it. */
  readonly onDemand: boolean;
  /** What the device's driver says of it. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Lists the workers that match one of the filters, or all of them. */
export async function listWorkers(
  caller: Caller,
  filters: readonly string[] = [],
  options: CallOptions = {},
): Promise<WorkerDetails[]> {
  const { record } = await caller.call(Control.listWorkers, { filter: [...filters] }, options);
  return record.map(toDetails);
}

/** A worker as the wire has it. */
export function workerInfo({ id, labels, platforms }: WorkerRecord): WorkerInfo {
  return {
    id,
    labels: Object.fromEntries(labels),
    platforms: platforms.map(formatPlatform),
  };
}

function toDetails(record: WorkerRecord): WorkerDetails {
  const { gcPolicy, buildkitVersion, cdiDevices } = record;
  return {
    ...workerInfo(record),
    version: buildkitVersion?.version ?? "",
    gcPolicies: gcPolicy.map(toPolicy),
    devices: cdiDevices.map(({ name, autoAllow, onDemand, annotations }) => ({
      ...{ name, autoAllow, onDemand },
      annotations: Object.fromEntries(annotations),
    })),
  };
}

function toPolicy(policy: GCPolicy): GcPolicy {
  const { all, filters, keepDuration, reservedSpace, maxUsedSpace, minFreeSpace } = policy;
  return {
    all,
    filters,
    keepDurationMs: toMilliseconds(keepDuration),
    reservedSpace: Number(reservedSpace),
    maxUsedSpace: Number(maxUsedSpace),
    minFreeSpace: Number(minFreeSpace),
  };
}
