/** What a daemon's cache consists of, and what can be removed of it. */
import { OptionError, UnsupportedError } from "../errors.ts";
import { parseSize } from "../frontend/size.ts";
import { Control, type UsageRecord } from "../gen/control.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { daemonVersion } from "./info.ts";
import { toDate, toNanoseconds } from "./time.ts";

/** One record of a daemon's cache. */
export interface CacheRecord {
  /** The record's id. */
  readonly id: string;
  /**
   * `regular`, `source.local` (a copy of a build context), `source.git.checkout`, `exec.cachemount` (of
   * `RUN --mount=type=cache`), `frontend` or `internal`.
   */
  readonly type: string;
  /** For people, for example the step that made it. */
  readonly description: string;
  /** Bytes on the disk. */
  readonly size: number;
  /** Records that this one is made on top of. */
  readonly parents: readonly string[];
  /** Whether it may still change. */
  readonly mutable: boolean;
  /** Whether something uses it, so that it can't be removed. */
  readonly inUse: boolean;
  /** Whether it takes its space together with something else, for example an image. */
  readonly shared: boolean;
  /** How often builds used it. */
  readonly usageCount: number;
  /** When it was made. */
  readonly createdAt: Date;
  /** Absent: never. */
  readonly lastUsedAt?: Date;
}

/** Options of {@linkcode BuildKitClient.diskUsage}. */
export interface DiskUsageOptions extends CallOptions {
  /**
   * Which records: expressions as containerd's, a comma is "and", several filters are "or". Fields are `id`, `type`,
   * `description`, `parents`, `inuse`, `mutable`, `immutable`, `shared`, `private`, for example `type==regular,private`.
   * @default all
   */
  filters?: readonly string[];
  /** Only records that were not used for this many milliseconds. @default 0 */
  ageLimitMs?: number;
}

/** Options of {@linkcode BuildKitClient.prune}. Sizes are bytes, or with a binary unit, for example `10g`; 0 is no limit. */
export interface PruneOptions extends CallOptions {
  /** Whether internal and frontend records are removed, too. @default false */
  all?: boolean;
  /** Which records; see {@linkcode DiskUsageOptions.filters}. @default all */
  filters?: readonly string[];
  /** Keeps records that were used within this many milliseconds. @default 0 */
  keepDurationMs?: number;
  /** The cache may always take this much. @default 0 */
  reservedSpace?: number | string;
  /** The cache takes this much at most: what was used least recently goes first. Needs BuildKit v0.17. @default 0 */
  maxUsedSpace?: number | string;
  /** This much of the disk is to be free afterwards. Needs BuildKit v0.17. @default 0 */
  minFreeSpace?: number | string;
}

/** Lists the cache's records, smallest first. */
export async function diskUsage(
  caller: Caller,
  { filters = [], ageLimitMs = 0, ...options }: DiskUsageOptions = {},
): Promise<CacheRecord[]> {
  const request = { filter: [...filters], ageLimit: duration("ageLimitMs", ageLimitMs) };
  const { record } = await caller.call(Control.diskUsage, request, options);
  return record.map(toRecord).sort((a, b) => a.size - b.size || (a.id < b.id ? -1 : 1));
}

/** Removes records of the cache; yields each once it is gone. */
export async function* pruneCache(
  caller: Caller,
  options: PruneOptions = {},
): AsyncGenerator<CacheRecord> {
  const { all = false, filters = [], keepDurationMs = 0, ...more } = options;
  const { reservedSpace = 0, maxUsedSpace = 0, minFreeSpace = 0, ...call } = more;
  const request = {
    all,
    filter: [...filters],
    keepDuration: duration("keepDurationMs", keepDurationMs),
    reservedSpace: BigInt(parseSize(reservedSpace, "reservedSpace")),
    maxUsedSpace: BigInt(parseSize(maxUsedSpace, "maxUsedSpace")),
    minFreeSpace: BigInt(parseSize(minFreeSpace, "minFreeSpace")),
  };
  if (request.maxUsedSpace > 0n || request.minFreeSpace > 0n) await checkLimits(caller, call);
  for await (const record of caller.stream(Control.prune, request, call)) yield toRecord(record);
}

/** Daemons before v0.17 skip limits that they don't know, and would remove everything. */
async function checkLimits(caller: Caller, options: CallOptions): Promise<void> {
  const { version, dockerfileVersion } = await daemonVersion(caller, options);
  // Only later daemons tell the second; builds of one's own may have no version, or v0.0.0.
  if (dockerfileVersion !== "" || Number(/^v0\.(\d+)\./.exec(version)?.[1]) >= 17) return;
  throw new UnsupportedError(
    "gc.freespacefilter",
    `The builder at ${caller.address} would remove everything: limits of used and of free space need BuildKit v0.17, ` +
      `and it is ${version || "older than v0.11"}. Use reservedSpace (--reserved-space) there`,
  );
}

function duration(option: string, milliseconds: number): bigint {
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return toNanoseconds(milliseconds);
  throw new OptionError(option, `${milliseconds} is not a number of milliseconds`, "86400000");
}

function toRecord(record: UsageRecord): CacheRecord {
  const { id, recordType, description, size, parents, parent, mutable, inUse, shared } = record;
  return {
    ...{ id, description, mutable, inUse, shared },
    type: recordType,
    size: Number(size),
    // Daemons before v0.10 know one parent only.
    parents: parents.length === 0 && parent !== "" ? [parent] : parents,
    usageCount: Number(record.usageCount),
    createdAt: toDate(record.createdAt ?? 0n),
    ...(record.lastUsedAt !== undefined && { lastUsedAt: toDate(record.lastUsedAt) }),
  };
}
