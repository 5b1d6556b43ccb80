/** One solve: session, Solve and Status, started together and ended in order (client/solve.go). */
import type { BuildKitClient } from "./client.ts";
import { BuildError } from "./build_error.ts";
import { MoatError } from "./errors.ts";
import type { SolveRequest, StatusResponse } from "./gen/control.ts";
import type { Handlers } from "./rpc/call.ts";
import { recordedError } from "./recorded_error.ts";
import { RpcError } from "./rpc/status.ts";
import type { Session } from "./session/session.ts";

/** What {@linkcode runSolve} needs besides the request. */
export interface SolveOptions {
  /** What the daemon may call back for. */
  handlers: Handlers;
  sharedKey: string;
  /** Gets every message of the status stream. While the solve runs, the stream waits for the promise it may return. */
  onStatus: (status: StatusResponse) => Promise<void> | undefined;
  signal: AbortSignal;
}

/** How long the status stream may stay silent after the solve has ended, in milliseconds (client/solve.go). */
const STATUS_GRACE_MS = 5_000;

/**
 * Runs one build to its end. When it returns or throws, the session is closed and nothing is left open.
 *
 * @throws {BuildError} if the daemon could not do it
 * @throws {FileError | CredentialsError} if something on this side was the reason
 */
export async function runSolve(
  client: BuildKitClient,
  request: Partial<SolveRequest> & { ref: string },
  options: SolveOptions,
): Promise<Map<string, string>> {
  const { signal } = options;
  const failures: unknown[] = [];
  const session = await client.openSession({
    handlers: options.handlers,
    sharedKey: options.sharedKey,
    onFailure: (_path, error) => failures.push(error),
  }, signal);
  const status = followStatus(client, request.ref, options.onStatus);
  try {
    const attempt = AbortSignal.any([signal, session.lost]);
    const response = await client.solve({ ...request, session: session.id }, { signal: attempt });
    return response.exporterResponse;
  } catch (error) {
    const recorded = session.lost.aborted
      ? undefined
      : await recordedError(client, request.ref, error, signal);
    throw explain(recorded ?? error, failures, session, signal);
  } finally {
    await session.close();
    await status.finish(signal);
  }
}

/** Reads the status stream beside the solve. It may start first: the daemon waits for the build to appear. */
function followStatus(
  client: BuildKitClient,
  ref: string,
  onStatus: SolveOptions["onStatus"],
): { finish(signal: AbortSignal): Promise<void> } {
  const stop = new AbortController();
  let grace: ReturnType<typeof setTimeout> | undefined;
  let ending = false;
  let begun = false;
  let release = (): void => {};
  const solved = new Promise<void>((resolve) => release = resolve);
  const waitForNext = () => {
    clearTimeout(grace);
    if (ending) grace = setTimeout(() => stop.abort(), STATUS_GRACE_MS);
  };
  const reading = (async () => {
    for await (const message of client.status(ref, { signal: stop.signal })) {
      begun = true;
      const room = onStatus(message);
      // What is left when the build is over is taken in at once: its end never waits for a reader.
      if (room !== undefined && !ending) await Promise.race([room, solved]);
      waitForNext();
    }
  })();
  // Only the solve decides how a build ends; what its progress lacks must not change that.
  const settled = reading.catch(() => {}).finally(() => clearTimeout(grace));
  return {
    async finish(signal) {
      ending = true;
      release();
      // A build that was canceled before it began may never appear, and the daemon would go on waiting for it.
      if (signal.aborted && !begun) stop.abort();
      else waitForNext();
      await settled;
      clearTimeout(grace);
    },
  };
}

/** The error a caller can act on: the caller's own reason, then the cause on this side, then what the daemon says. */
function explain(
  error: unknown,
  failures: unknown[],
  session: Session,
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return signal.reason;
  if (session.lost.aborted && error === session.lost.reason) return session.lost.reason;
  if (!(error instanceof RpcError)) return error;
  // The daemon repeats what its call was told; an error of ours that it does not repeat was not the reason.
  const own = failures.find((failure) =>
    failure instanceof MoatError && error.message.includes(failure.message.slice(0, 200))
  );
  return own ?? new BuildError(error);
}
