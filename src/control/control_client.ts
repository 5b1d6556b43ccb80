/** What can be asked of a builder besides builds, over whatever connection. Each call loads what it needs: builds need none. */
import type { BuildEvent } from "../progress/events.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import type { Method } from "../rpc/method.ts";
import type { AttachmentOptions } from "./attachments.ts";
import type { BuildRecord } from "./build_record.ts";
import type { ExportBuildOptions } from "./bundle.ts";
import type { CacheRecord, DiskUsageOptions, PruneOptions } from "./cache_records.ts";
import type { HistoryEvent, HistoryOptions } from "./history.ts";
import type { DaemonVersion } from "./info.ts";
import type { BuildDetails } from "./inspect_build.ts";
import type { TraceSpan } from "./trace.ts";
import type { PruneHistoryOptions } from "./update_build.ts";
import type { WorkerDetails } from "./workers.ts";

/**
 * The calls of a daemon's Control service that are not about one build of ours: its version, its workers, its cache, its
 * history. Wherever a build is asked for, `ref` is its id, the beginning of an id that no other build shares, or its place:
 * `^0` is the newest, `^1` the one before.
 */
export abstract class ControlClient implements Caller {
  /** The address this client was made for. */
  abstract get address(): string;

  /** Calls any unary method of the daemon. */
  abstract call<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options?: CallOptions,
  ): Promise<S>;

  /** Calls any method of the daemon that answers with a stream; leaving the loop cancels the call. */
  abstract stream<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options?: CallOptions,
  ): AsyncIterable<S>;

  /** The daemon's version. All is empty for daemons before v0.11, which don't tell. */
  async info(options: CallOptions = {}): Promise<DaemonVersion> {
    const { daemonVersion } = await import("./info.ts");
    return await daemonVersion(this, options);
  }

  /** The daemon's workers with their platforms, garbage collection and devices: those that match one of the filters, or all. */
  async workers(
    filters: readonly string[] = [],
    options: CallOptions = {},
  ): Promise<WorkerDetails[]> {
    const { listWorkers } = await import("./workers.ts");
    return await listWorkers(this, filters, options);
  }

  /**
   * Lists the cache's records, smallest first.
   *
   * @example
   * ```ts no-eval
   * import { connect } from "@moat/build";
   *
   * await using client = connect("tcp://buildkit:1234");
   * const records = await client.diskUsage({ filters: ["type==exec.cachemount"] });
   * console.log(records.reduce((sum, { size }) => sum + size, 0));
   * ```
   */
  async diskUsage(options: DiskUsageOptions = {}): Promise<CacheRecord[]> {
    const { diskUsage } = await import("./cache_records.ts");
    return await diskUsage(this, options);
  }

  /**
   * Removes records of the cache that nothing uses; yields each once it is gone. It begins with the first `next()`; leaving
   * the loop stops it.
   *
   * @throws {OptionError} if a size or a duration is none
   * @throws {UnsupportedError} if the daemon would not mind a limit (before v0.17)
   *
   * @example
   * ```ts no-eval
   * import { connect } from "@moat/build";
   *
   * await using client = connect("tcp://buildkit:1234");
   * for await (const { id, size } of client.prune({ maxUsedSpace: "10g" })) console.log(id, size);
   * ```
   */
  async *prune(options: PruneOptions = {}): AsyncIterable<CacheRecord> {
    const { pruneCache } = await import("./cache_records.ts");
    yield* pruneCache(this, options);
  }

  /**
   * Tells of builds: first those under way, then those on record in no order, then, to follow, what happens from now on.
   *
   * @throws {UnsupportedError} if the daemon keeps no history (before v0.11)
   *
   * @example
   * ```ts no-eval
   * import { connect } from "@moat/build";
   *
   * await using client = connect("tcp://buildkit:1234");
   * for await (const event of client.history({ follow: true })) console.log(event.type, event.ref);
   * ```
   */
  async *history(options: HistoryOptions = {}): AsyncIterable<HistoryEvent> {
    const { buildHistory } = await import("./history.ts");
    yield* buildHistory(this, options);
  }

  /**
   * Everything that is known of a build.
   *
   * @throws {OptionError} if there is no such build, or several
   * @throws {UnsupportedError} if the daemon keeps no history
   */
  async inspectBuild(ref: string, options: CallOptions = {}): Promise<BuildDetails> {
    const { inspectBuild } = await import("./inspect_build.ts");
    return await inspectBuild(this, ref, options);
  }

  /**
   * A build's progress as `build()` gives it, from a `start` to an `end`; without the result, which is not on record. Of a
   * build under way it goes on to its end. Throws as {@linkcode ControlClient.inspectBuild}.
   */
  async *buildLogs(ref: string, options: CallOptions = {}): AsyncIterable<BuildEvent> {
    const { buildLogs } = await import("./build_logs.ts");
    yield* buildLogs(this, ref, options);
  }

  /**
   * The content of something in the daemon's store, by its digest; or of the first of a build's attachments that fits the
   * options.
   *
   * @throws {OptionError} if there is none
   *
   * @example
   * ```ts no-eval
   * import { connect } from "@moat/build";
   *
   * await using client = connect("tcp://buildkit:1234");
   * const provenance = await client.attachment("^0", { type: "provenance" });
   * console.log(JSON.parse(new TextDecoder().decode(provenance)));
   * ```
   */
  async attachment(refOrDigest: string, options: AttachmentOptions = {}): Promise<Uint8Array> {
    const { readAttachment } = await import("./attachments.ts");
    return await readAttachment(this, refOrDigest, options);
  }

  /** Keeps the record of a build when old records are removed. Throws as {@linkcode ControlClient.inspectBuild}. */
  async pin(ref: string, options: CallOptions = {}): Promise<void> {
    const { setPinned } = await import("./update_build.ts");
    return await setPinned(this, ref, true, options);
  }

  /** Undoes {@linkcode ControlClient.pin}. */
  async unpin(ref: string, options: CallOptions = {}): Promise<void> {
    const { setPinned } = await import("./update_build.ts");
    return await setPinned(this, ref, false, options);
  }

  /** Removes the record of a build that is over, pinned or not. Throws as {@linkcode ControlClient.inspectBuild}. */
  async removeBuild(ref: string, options: CallOptions = {}): Promise<void> {
    const { removeBuild } = await import("./update_build.ts");
    return await removeBuild(this, ref, options);
  }

  /** Removes the records of all builds that are over, but for pinned ones; yields each once it is gone. */
  async *pruneHistory(options: PruneHistoryOptions = {}): AsyncIterable<BuildRecord> {
    const { pruneHistory } = await import("./update_build.ts");
    yield* pruneHistory(this, options);
  }

  /**
   * The spans of a build that is over. Of a build that has just ended the trace is asked for and awaited. Throws as
   * {@linkcode ControlClient.inspectBuild}.
   */
  async trace(ref: string, options: CallOptions = {}): Promise<TraceSpan[]> {
    const { readTrace } = await import("./trace.ts");
    return await readTrace(this, ref, options);
  }

  /**
   * Builds that are over as a file that Docker Desktop and `docker buildx history import` read (`.dockerbuild`), in chunks.
   * Values of build arguments are in it; tokens of caches are not.
   *
   * @throws {OptionError} if there is no such build, or several
   *
   * @example
   * ```ts no-eval
   * import { writeFile } from "node:fs/promises";
   * import { connect } from "@moat/build";
   *
   * await using client = connect("tcp://buildkit:1234");
   * await writeFile("build.dockerbuild", client.exportBuild("^0"));
   * ```
   */
  async *exportBuild(
    refs: string | readonly string[],
    options: ExportBuildOptions = {},
  ): AsyncIterable<Uint8Array> {
    const { exportBuilds } = await import("./bundle.ts");
    yield* exportBuilds(this, typeof refs === "string" ? [refs] : refs, options);
  }
}
