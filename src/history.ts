/** What the daemon keeps of builds that are over, as it says it, and the blobs in its store. */
import { Content } from "./gen/content.ts";
import { type BuildHistoryRecord, Control } from "./gen/control.ts";
import type { Caller } from "./rpc/caller.ts";
import type { CallOptions } from "./rpc/channel.ts";
import { concat } from "./rpc/concat.ts";

/** Texts that mean themselves in a filter. */
const PLAIN_REGEXP = /^[\w.-]+$/;

/** The record of the build `ref`; undefined if the daemon has none, or none any more. */
export async function findRecord(
  client: Caller,
  ref: string,
  options: CallOptions,
): Promise<BuildHistoryRecord | undefined> {
  // Asked for by the request's ref, a record could not be removed any more: daemons up to v0.34 at least count that they
  // were asked, never to zero. Daemons that know no filters send all.
  const filter = PLAIN_REGEXP.test(ref) ? [`ref==${ref}`] : [];
  const events = client.stream(
    Control.listenBuildHistory,
    { filter, earlyExit: true },
    options,
  );
  for await (const { record } of events) if (record?.ref === ref) return record;
  return undefined;
}

/** A blob of the daemon's store, whole: manifests, parts of records. */
export async function readBlob(
  client: Caller,
  digest: string,
  options: CallOptions,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const { data } of client.stream(Content.read, { digest }, options)) parts.push(data);
  return concat(parts);
}
