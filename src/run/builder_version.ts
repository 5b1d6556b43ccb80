/** Which version a builder is, asked before its session is there to show that it lives. */
import type { BuildKitClient } from "../client.ts";
import { connectionError } from "../connect/failure.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";

/** More than a builder that was paused for half a minute takes, in milliseconds. */
const TIMEOUT_MS = 40_000;

/**
 * Asks.
 *
 * @throws {ConnectionError} as the client does, and if no answer comes in time
 */
export async function builderVersion(
  client: BuildKitClient,
  options: { signal: AbortSignal; stallTimeoutMs: number | undefined },
): Promise<string> {
  const { signal, stallTimeoutMs = Infinity } = options;
  try {
    const timeoutMs = Math.min(stallTimeoutMs, TIMEOUT_MS);
    return (await client.info({ signal, timeoutMs })).version;
  } catch (error) {
    const late = error instanceof RpcError && error.status === StatusCode.DEADLINE_EXCEEDED;
    if (!late) throw error;
    throw connectionError("CONNECTION_STALLED", { text: client.address }, error);
  }
}
