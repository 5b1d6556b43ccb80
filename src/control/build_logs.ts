/** A build's progress from the daemon: of one that is over as it was, of one that runs to its end. */
import { OptionError } from "../errors.ts";
import { type BuildHistoryRecord, Control } from "../gen/control.ts";
import { findRecord } from "../history.ts";
import { type BuildEvent, type EndEvent, eventMapper, EVENTS_VERSION } from "../progress/events.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { toBuildRecord } from "./build_record.ts";
import { findBuild } from "./find_build.ts";

/** The build's events, from a `start` to an `end`; without the result, which is not on record. */
export async function* buildLogs(
  caller: Caller,
  ref: string,
  options: CallOptions = {},
): AsyncGenerator<BuildEvent> {
  const record = await findBuild(caller, ref, options);
  yield { type: "start", version: EVENTS_VERSION, ref: record.ref };
  const toEvents = eventMapper();
  for await (const status of caller.stream(Control.status, { ref: record.ref }, options)) {
    yield* toEvents(status);
  }
  yield endOf(await completed(caller, record, options));
}

/** The record of a build whose status has come to its end. */
async function completed(
  caller: Caller,
  record: BuildHistoryRecord,
  options: CallOptions,
): Promise<BuildHistoryRecord> {
  if (record.completedAt !== undefined) return record;
  const events = caller.stream(Control.listenBuildHistory, {}, options);
  for await (const { record: news } of events) {
    if (news?.ref === record.ref && news.completedAt !== undefined) return news;
  }
  const found = await findRecord(caller, record.ref, options);
  if (found !== undefined) return found;
  throw new OptionError("ref", `the record of the build ${record.ref} was removed`);
}

function endOf(record: BuildHistoryRecord): EndEvent {
  const { status, error } = toBuildRecord(record);
  if (status === "completed" || status === "running") return { type: "end", state: "completed" };
  return {
    type: "end",
    state: status,
    error: { code: "BUILD_FAILED", message: error?.message ?? "" },
  };
}
