/**
 * How a build failed, as the daemon's history keeps it. A status whose details are larger than a client takes as trailers never
 * arrives: the daemon resets the call instead (grpc-go http2_server.go). The record still has all of it
 * (solver/llbsolver/history).
 */
import type { BuildKitClient } from "./client.ts";
import { ConnectionError } from "./errors.ts";
import { Status } from "./gen/status.ts";
import { findRecord, readBlob } from "./history.ts";
import { RpcError, StatusCode } from "./rpc/status.ts";

/** How long each question to the history may take, in milliseconds. */
const TIMEOUT_MS = 5_000;

/**
 * The status that a Solve ended with, where `error` is only what is left of it.
 *
 * @returns undefined if the call brought its own status, or if the daemon knows of no failure
 */
export async function recordedError(
  client: BuildKitClient,
  ref: string,
  error: unknown,
  signal: AbortSignal,
): Promise<RpcError | undefined> {
  if (!isLost(error)) return undefined;
  try {
    const options = { signal, timeoutMs: TIMEOUT_MS };
    const record = await findRecord(client, ref, options);
    // Canceled is what the daemon makes of a lost connection: a consequence, not the reason.
    if (record?.error === undefined || record.error.code === StatusCode.CANCELLED) return undefined;
    const digest = record.externalError?.digest;
    const status = digest === undefined
      ? record.error
      : Status.decode(await readBlob(client, digest, options));
    return new RpcError(status.code, status.message, { cause: error, details: status.details });
  } catch (failure) {
    // The daemon can't be asked, or has no history: then what is known must do.
    if (failure instanceof RpcError || failure instanceof ConnectionError) return undefined;
    throw failure;
  }
}

/** Whether a call broke off, so that the daemon could not say how it ended. */
function isLost(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.code === "CONNECTION_LOST";
  return error instanceof RpcError && error.status === StatusCode.INTERNAL &&
    error.details.length === 0;
}
