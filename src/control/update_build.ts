/** Changes of the records that a daemon keeps of builds. */
import { Control, type UpdateBuildHistoryRequest } from "../gen/control.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { type BuildRecord, toBuildRecord } from "./build_record.ts";
import { allRecords, findBuild } from "./find_build.ts";
import { historyFailure } from "./history.ts";

/** Options of {@linkcode BuildKitClient.pruneHistory}. */
export interface PruneHistoryOptions extends CallOptions {
  /** Remove pinned records, too. @default false */
  pinned?: boolean;
  /** Removes only records for which it returns true. @default all */
  where?: (record: BuildRecord) => boolean;
}

/** Keeps a build's record when old ones are removed, or no longer so. */
export async function setPinned(
  caller: Caller,
  ref: string,
  pinned: boolean,
  options: CallOptions = {},
): Promise<void> {
  const found = await findBuild(caller, ref, { ...options, completedOnly: true });
  await update(caller, { ref: found.ref, pinned }, options);
}

/** Removes a build's record with its logs, trace and attestations. */
export async function removeBuild(
  caller: Caller,
  ref: string,
  options: CallOptions = {},
): Promise<void> {
  const found = await findBuild(caller, ref, { ...options, completedOnly: true });
  await update(caller, { ref: found.ref, delete: true }, options);
}

/** Removes the records of builds that are over; yields each once it is gone. */
export async function* pruneHistory(
  caller: Caller,
  { pinned = false, where = () => true, ...options }: PruneHistoryOptions = {},
): AsyncGenerator<BuildRecord> {
  for (const found of await allRecords(caller, options)) {
    if (found.completedAt === undefined || (found.pinned && !pinned)) continue;
    const record = toBuildRecord(found);
    if (!where(record)) continue;
    await update(caller, { ref: found.ref, delete: true }, options);
    yield record;
  }
}

/** Makes the daemon store what it still has to add to a record, and waits for it. */
export function finalizeBuild(
  caller: Caller,
  ref: string,
  options: CallOptions = {},
): Promise<void> {
  return update(caller, { ref, finalize: true }, options);
}

async function update(
  caller: Caller,
  request: Partial<UpdateBuildHistoryRequest>,
  options: CallOptions,
): Promise<void> {
  try {
    await caller.call(Control.updateBuildHistory, request, options);
  } catch (error) {
    throw historyFailure(caller, error);
  }
}
