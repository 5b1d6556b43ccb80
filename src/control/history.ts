/** The builds that a daemon knows of: those under way, those on record, and what becomes of them. */
import { OptionError, UnsupportedError } from "../errors.ts";
import { type BuildHistoryEvent, BuildHistoryEventType, Control } from "../gen/control.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { daemonVersion } from "./info.ts";
import { type BuildRecord, toBuildRecord } from "./build_record.ts";

/** Options of {@linkcode BuildKitClient.history}. */
export interface HistoryOptions extends CallOptions {
  /** Only builds under way. @default false */
  activeOnly?: boolean;
  /** Only this build: its full id. */
  ref?: string;
  /**
   * Which of the builds on record; a comma is "and", several filters are "or". Fields are `ref`, `repository` and `status`
   * (`completed`, `error`, `canceled`) with `==`, `!=` and `~=` (a regular expression); `startedAt`, `completedAt` and
   * `duration` with `<`, `<=`, `>`, `>=` and a duration, for example `status==error,startedAt>24h`. Needs BuildKit
   * v0.20.
   * @default all
   */
  filters?: readonly string[];
  /** At most this many of the builds on record, newest first. Needs BuildKit v0.20. @default 0, no limit */
  limit?: number;
  /** Go on with what happens from now on, whoever starts it, until the loop is left. @default false */
  follow?: boolean;
}

/**
 * A build that runs, one that is over (or whose record has changed: it was pinned, its trace was added), or one whose record
 * was removed.
 */
export type HistoryEvent =
  | {
    readonly type: "started" | "completed";
    readonly ref: string;
    readonly record: BuildRecord;
  }
  | { readonly type: "deleted"; readonly ref: string };

/** Tells of builds: those that run, then those on record, then, to follow, news. */
export async function* buildHistory(
  caller: Caller,
  options: HistoryOptions = {},
): AsyncGenerator<HistoryEvent> {
  for await (const event of historyEvents(caller, options)) {
    const seen = toEvent(event);
    if (seen !== undefined) yield seen;
  }
}

/** The daemon's events as they come; those of daemons without history become an `UnsupportedError`. */
export async function* historyEvents(
  caller: Caller,
  options: HistoryOptions = {},
): AsyncGenerator<BuildHistoryEvent> {
  const { activeOnly = false, ref = "", filters = [], limit = 0, follow = false, ...call } =
    options;
  if (!Number.isInteger(limit) || limit < 0 || limit >= 2 ** 31) {
    throw new OptionError("limit", `${limit} is not a number of builds`, "50");
  }
  if (filters.length > 0 || limit > 0) await checkFilters(caller, call);
  const request = { activeOnly, ref, filter: [...filters], limit, earlyExit: !follow };
  try {
    yield* caller.stream(Control.listenBuildHistory, request, call);
  } catch (error) {
    throw historyFailure(caller, error);
  }
}

/** Daemons before v0.20 would tell of all builds. */
async function checkFilters(caller: Caller, options: CallOptions): Promise<void> {
  const { version, dockerfileVersion } = await daemonVersion(caller, options);
  const [, minor] = /^v0\.([1-9]\d*)\./.exec(version) ?? [];
  // Builds of one's own may have no version, or v0.0.0. Of those only later ones tell the second.
  if (minor === undefined ? dockerfileVersion !== "" : Number(minor) >= 20) return;
  throw new UnsupportedError(
    "history.filters",
    `The builder at ${caller.address} would tell of all builds: filters and limits need BuildKit v0.20, ` +
      `and it is ${version || "older than v0.11"}. Choose among all builds there`,
  );
}

/** What to throw for a failed call about history: daemons that have none don't know the call. */
export function historyFailure({ address }: Caller, error: unknown): unknown {
  const unknown = error instanceof RpcError && error.status === StatusCode.UNIMPLEMENTED;
  if (!unknown) return error;
  return new UnsupportedError(
    "history",
    `The builder at ${address} keeps no build history: that needs BuildKit v0.11 or newer`,
    error,
  );
}

function toEvent({ type, record }: BuildHistoryEvent): HistoryEvent | undefined {
  if (record === undefined) return undefined;
  const { ref } = record;
  switch (type) {
    case BuildHistoryEventType.STARTED:
      return { type: "started", ref, record: toBuildRecord(record) };
    case BuildHistoryEventType.COMPLETE:
      return { type: "completed", ref, record: toBuildRecord(record) };
    case BuildHistoryEventType.DELETED:
      return { type: "deleted", ref };
    default:
      return undefined;
  }
}
