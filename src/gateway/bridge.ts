/** Calls of one build's gateway: each names the build that it belongs to (client/buildid/metadata.go). */
import { BuildError } from "../build_error.ts";
import type { BuildKitClient } from "../client.ts";
import type { BuildFacts } from "../diagnosis/failure.ts";
import { failedBuild } from "../failed_build.ts";
import type { Method } from "../rpc/method.ts";
import { RpcError } from "../rpc/status.ts";

const BUILD_ID = "buildkit-controlapi-buildid";

/** Options of one call of a gateway. */
export interface GatewayCallOptions {
  /** Cancels the call alone. All calls end with the build. */
  signal?: AbortSignal | undefined;
}

/** Calls a method of the gateway. Throws a {@linkcode BuildError} where the daemon answers with an error. */
export type Bridge = <Q, S>(
  method: Method<Q, S>,
  request: Partial<Q>,
  options?: GatewayCallOptions & { timeoutMs?: number },
) => Promise<S>;

/** What the daemon said, by the error that it was made into. */
const ORIGINALS = new WeakMap<BuildError, RpcError>();

/** The gateway of the build `ref`, whose calls all end when `signal` fires. */
export function openBridge(
  client: BuildKitClient,
  ref: string,
  { signal, facts }: { signal: AbortSignal; facts: BuildFacts },
): Bridge {
  return async (method, request, options = {}) => {
    const { signal: own, timeoutMs } = options;
    signal.throwIfAborted();
    try {
      return await client.call(method, request, {
        signal: own === undefined ? signal : AbortSignal.any([signal, own]),
        timeoutMs,
        metadata: { [BUILD_ID]: ref },
      });
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const failure = failedBuild(error, { facts });
      ORIGINALS.set(failure, error);
      throw failure;
    }
  };
}

/** The daemon's own error behind one that a gateway's call has thrown; undefined for all others. */
export function originalError(error: unknown): RpcError | undefined {
  if (error instanceof RpcError) return error;
  return error instanceof BuildError ? ORIGINALS.get(error) : undefined;
}
