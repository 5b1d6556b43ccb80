/** From what a user calls a build to its record. */
import { OptionError } from "../errors.ts";
import type { BuildHistoryRecord } from "../gen/control.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { historyEvents } from "./history.ts";

/** Options of {@linkcode findBuild}. */
export interface FindOptions extends CallOptions {
  /** Look at builds that are over only. @default false */
  completedOnly?: boolean | undefined;
}

/**
 * The record of a build by its id, by the beginning of an id that no other build shares, or by its place: `^0` is the
 * newest, as is an empty text, `^1` the one before.
 *
 * @throws {OptionError} if there is no such build, or several
 * @throws {UnsupportedError} if the daemon keeps no history
 */
export async function findBuild(
  caller: Caller,
  ref: string,
  { completedOnly = false, ...options }: FindOptions = {},
): Promise<BuildHistoryRecord> {
  const place = placeOf(ref);
  const records = (await allRecords(caller, options))
    .filter(({ completedAt }) => !completedOnly || completedAt !== undefined);
  if (place !== undefined) {
    const found = records[place];
    if (found !== undefined) return found;
    const count = records.length === 0 ? "no build" : `${records.length} builds only`;
    throw new OptionError("ref", `${caller.address} has ${count} on record`);
  }
  const found = records.find((record) => record.ref === ref);
  if (found !== undefined) return found;
  const similar = records.filter((record) => record.ref.startsWith(ref));
  const [only, other] = similar;
  if (only !== undefined && other === undefined) return only;
  const shown = JSON.stringify(ref);
  throw new OptionError(
    "ref",
    only === undefined
      ? `${caller.address} has no record of a build ${shown}${completedOnly ? " that is over" : ""}`
      : `${shown} is the beginning of ${similar.length} builds' ids: ${
        similar.map(({ ref }) => ref).join(", ")
      }`,
  );
}

/** All records, newest first. */
export async function allRecords(
  caller: Caller,
  options: CallOptions = {},
): Promise<BuildHistoryRecord[]> {
  const records = new Map<string, BuildHistoryRecord>();
  for await (const { record } of historyEvents(caller, options)) {
    // A build may end between the list of those that run and that of those on record.
    if (record?.createdAt !== undefined) records.set(record.ref, record);
  }
  return [...records.values()].sort((a, b) => a.createdAt! < b.createdAt! ? 1 : -1);
}

function placeOf(ref: string): number | undefined {
  if (ref === "") return 0;
  if (!ref.startsWith("^")) return undefined;
  if (/^\^\d+$/.test(ref)) return Number(ref.slice(1));
  throw new OptionError("ref", `${JSON.stringify(ref)} is not a build's place`, "^1");
}
