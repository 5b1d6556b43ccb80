/** Trying again until a daemon answers that may still be starting. */
import { ConnectionError, type ConnectionErrorCode } from "../errors.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { delay } from "./delay.ts";
import { connectionError } from "./failure.ts";
import type { Transport } from "./transport.ts";

/** Options of {@linkcode BuildKitClient.waitForReady}. */
export interface WaitOptions {
  /** Milliseconds until it gives up. @default 30000 */
  timeoutMs?: number;
  /** Gives up, and rejects with its reason. */
  signal?: AbortSignal;
}

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;

/** Failures that a daemon which is still starting can cause. */
const PASSING: ReadonlySet<ConnectionErrorCode> = new Set<ConnectionErrorCode>([
  "COMMAND_FAILED",
  "CONNECTION_REFUSED",
  "CONNECTION_LOST",
  "CONNECT_TIMEOUT",
  "HOST_NOT_FOUND",
  "SOCKET_NOT_FOUND",
  "UNREACHABLE",
]);

/** What `ping` gives once the daemon answers, with growing pauses between the tries. See `waitForReady`. */
export async function waitUntilReady<T>(
  transport: Transport,
  ping: (limits: { timeoutMs: number; signal: AbortSignal | undefined }) => Promise<T>,
  { timeoutMs = 30_000, signal }: WaitOptions,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (let pause = FIRST_RETRY_MS;; pause = Math.min(pause * 2, LONGEST_RETRY_MS)) {
    const left = Math.max(1, end - performance.now());
    try {
      const failure = await transport.diagnose({ timeoutMs: left, ...(signal && { signal }) });
      if (failure !== undefined) throw failure;
      return await ping({ timeoutMs: left, signal });
    } catch (error) {
      if (isExpired(error)) throw connectionError("CONNECT_TIMEOUT", transport.address, error);
      const passing = error instanceof ConnectionError && PASSING.has(error.code);
      if (!passing || performance.now() + pause >= end) throw error;
    }
    await delay(pause, signal);
  }
}

function isExpired(error: unknown): boolean {
  return error instanceof RpcError && error.status === StatusCode.DEADLINE_EXCEEDED;
}
