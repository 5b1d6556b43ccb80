/** What the daemon keeps of builds that are over, and the blobs in its store. */
import type { BuildKitClient } from "./client.ts";
import { Content } from "./gen/content.ts";
import { type BuildHistoryRecord, Control } from "./gen/control.ts";
import type { CallOptions } from "./rpc/channel.ts";
import { concat } from "./rpc/concat.ts";

/** The record of the build `ref`; undefined if the daemon has none, or none any more. */
export async function findRecord(
  client: BuildKitClient,
  ref: string,
  options: CallOptions,
): Promise<BuildHistoryRecord | undefined> {
  const events = client.stream(Control.listenBuildHistory, { ref, earlyExit: true }, options);
  for await (const { record } of events) if (record?.ref === ref) return record;
  return undefined;
}

/** A blob of the daemon's store, whole: manifests, parts of records. */
export async function readBlob(
  client: BuildKitClient,
  digest: string,
  options: CallOptions,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const { data } of client.stream(Content.read, { digest }, options)) parts.push(data);
  return concat(parts);
}
