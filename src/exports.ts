/** What a build sends back to this machine. Receiving is loaded only for outputs that end up here. */
import type { Handlers } from "./rpc/call.ts";
import type { Output, OutputResult } from "./types.ts";

/** The outputs of one build on their way; see {@linkcode ExportTargets}. */
export interface Exports {
  /** The session's methods that receive. */
  handlers(): Handlers;
  /** The error of this side that made an export fail. */
  readonly failure: unknown;
  /** After a build that succeeded: puts in place what came. */
  commit(): Promise<OutputResult[]>;
  /** After one that did not: removes what is unfinished. */
  discard(reason: unknown): Promise<void>;
}

/** Gets ready for the outputs. Throws a `FileError` for one that cannot be written. */
export async function openExports(outputs: readonly Output[]): Promise<Exports> {
  if (outputs.some((output) => "dest" in output)) {
    const { ExportTargets } = await import("./session/file_send.ts");
    return new ExportTargets(outputs);
  }
  return {
    handlers: () => ({}),
    failure: undefined,
    commit: () => Promise.resolve(outputs.map(({ type }) => ({ type }))),
    discard: () => Promise.resolve(),
  };
}
