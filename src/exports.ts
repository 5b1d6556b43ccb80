/** What a build sends back to this machine. Receiving is loaded only for outputs that end up here. */
import type { ContentStore } from "./content/store.ts";
import { isLayout, type PlannedOutput } from "./outputs.ts";
import type { Handlers } from "./rpc/call.ts";
import type { AccessLog } from "./session/access_log.ts";
import type { OutputResult } from "./types.ts";

/** The outputs of one build on their way; see {@linkcode ExportTargets}. */
export interface Exports {
  /** The session's methods that receive. */
  handlers(): Handlers;
  /** Stores that the daemon writes to, by their ids in the session. */
  readonly stores?: ReadonlyMap<string, ContentStore>;
  /** The error of this side that made an export fail. */
  readonly failure: unknown;
  /** After a build that succeeded: puts in place what came, with what the daemon answered. */
  commit(response: ReadonlyMap<string, string>): Promise<OutputResult[]>;
  /** After one that did not: removes what is unfinished. */
  discard(reason: unknown): Promise<void>;
}

/** Gets ready for the outputs; tells `access` of what is left out. Throws a `FileError` for one that cannot be written. */
export async function openExports(
  planned: readonly PlannedOutput[],
  access: AccessLog,
): Promise<Exports> {
  const received = await openReceived(planned, access);
  if (!planned.some(({ output }) => isLayout(output))) return received;
  const { withLayout } = await import("./layout_export.ts");
  return withLayout(received, planned);
}

async function openReceived(
  planned: readonly PlannedOutput[],
  access: AccessLog,
): Promise<Exports> {
  const outputs = planned.map(({ output }) => output);
  if (outputs.some((output) => "dest" in output && !isLayout(output))) {
    const { ExportTargets } = await import("./session/file_send.ts");
    return new ExportTargets(outputs, (asked, why) => access.refused(asked, why));
  }
  return {
    handlers: () => ({}),
    failure: undefined,
    commit: () => Promise.resolve(outputs.map(({ type }) => ({ type }))),
    discard: () => Promise.resolve(),
  };
}
