/** Who a daemon is. */
import { Control } from "../gen/control.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { isForeign } from "./foreign.ts";
import type { WorkerInfo } from "./workers.ts";

/** A daemon's version. */
export interface DaemonVersion {
  /** For example `v0.34.2`; empty for daemons older than v0.11. */
  readonly version: string;
  /** The Go package the daemon was built from. */
  readonly package: string;
  /** The commit that the builder was made from. */
  readonly revision: string;
  /** Version of the Dockerfile frontend that is built in; empty where the daemon does not tell. */
  readonly dockerfileVersion: string;
}

/** What {@linkcode BuildKitClient.ping} found. */
export interface DaemonInfo {
  /** The daemon's version, for example `v0.34.2`; empty for daemons older than v0.11. */
  readonly version: string;
  /** The Go package the daemon was built from. */
  readonly package: string;
  /** The commit that the builder was made from. */
  readonly revision: string;
  /** Its workers. */
  readonly workers: readonly WorkerInfo[];
}

/** Asks for the version. Of daemons before v0.11, which have no such call, all is empty. */
export async function daemonVersion(
  caller: Caller,
  options: CallOptions = {},
): Promise<DaemonVersion> {
  try {
    const { buildkitVersion: found } = await caller.call(Control.info, {}, options);
    return {
      version: found?.version ?? "",
      package: found?.package ?? "",
      revision: found?.revision ?? "",
      dockerfileVersion: found?.dockerfileVersion ?? "",
    };
  } catch (error) {
    // Their workers still say that they are BuildKit.
    if (!isForeign(error)) throw error;
    return { version: "", package: "", revision: "", dockerfileVersion: "" };
  }
}
