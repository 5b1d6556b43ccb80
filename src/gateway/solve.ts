/** A solve whose result is made on this side, by a function (client/solve.go, frontend/gateway/grpcclient/client.go). */
import type { BuildKitClient } from "../client.ts";
import type { BuildFacts } from "../diagnosis/failure.ts";
import type { SolveRequest, SolveResponse } from "../gen/control.ts";
import { LLBBridge, type Result, type ReturnRequest } from "../gen/gateway.ts";
import type { Status } from "../gen/status.ts";
import { StatusCode } from "../rpc/status.ts";
import { type Bridge, openBridge, originalError } from "./bridge.ts";
import { type GatewayClient, openGateway } from "./client.ts";
import { type GatewayResult, writeResult } from "./result.ts";

/**
 * Makes a build's result with the daemon's gateway; to return nothing is to return an empty result. `signal` fires when the
 * build is over, however it ended.
 */
export type BuildFunction = (
  client: GatewayClient,
  signal: AbortSignal,
) => GatewayResult | void | Promise<GatewayResult | void>;

/** How long the daemon may take to end a build whose function has failed, in milliseconds (client/solve.go). */
const FAILURE_GRACE_MS = 5_000;

/** Why calls of a function fail that goes on after its build has ended. */
const OVER = "The gateway can't be used any more: its build is over";

/** A request that says which build and session it is for. */
type GatewayRequest = Partial<SolveRequest> & Pick<SolveRequest, "ref" | "session">;

/**
 * Solves with the result that `make` returns. The solve and the function run at the same time: the daemon waits for the
 * function, and the function's first call waits for the build to appear.
 *
 * @throws what `make` has thrown, unless it was the daemon's own error, of which the solve's is the fuller account
 */
export async function solveByGateway(
  client: BuildKitClient,
  { frontend: _, definition: __, ...request }: GatewayRequest,
  make: BuildFunction,
  { signal, facts }: { signal: AbortSignal; facts: BuildFacts },
): Promise<SolveResponse> {
  const over = new AbortController();
  const overdue = new AbortController();
  const calls = AbortSignal.any([signal, over.signal]);
  const solving = client.solve(request, { signal: AbortSignal.any([signal, overdue.signal]) });
  const bridge = openBridge(client, request.ref, { signal: calls, facts });
  const failure = runFunction(bridge, request, make, { signal: calls, overdue });
  try {
    return await solving;
  } catch (error) {
    const own = failure.error;
    if (own === undefined) throw error;
    // The daemon's own error has come back to it by Return, and has become more complete there.
    if (!overdue.signal.aborted && originalError(own) !== undefined) throw error;
    throw originalError(own) ?? own;
  } finally {
    over.abort(new Error(OVER));
  }
}

/** Why a function failed; undefined while it has not. */
interface Failure {
  error: unknown;
}

/** Runs the function and returns its result to the daemon, exactly once. Fires `overdue` if it fails and the daemon goes on. */
function runFunction(
  bridge: Bridge,
  { ref, session, frontendAttrs = new Map() }: GatewayRequest,
  make: BuildFunction,
  { signal, overdue }: { signal: AbortSignal; overdue: AbortController },
): Failure {
  const failure: Failure = { error: undefined };
  const fail = (error: unknown) => {
    // What fails because the build is over is no reason for it.
    if (!signal.aborted) failure.error ??= error ?? new Error("The build function failed");
  };
  const run = async () => {
    const attrs = Object.fromEntries(frontendAttrs);
    const gateway = await openGateway(bridge, { ref, sessionId: session, attrs });
    const answer = await outcome(async () => {
      const result = await make(gateway, signal) ?? { metadata: new Map() };
      return writeResult(result, bridge);
    }, fail);
    await bridge(LLBBridge.return, answer);
  };
  run().catch(fail).then(() => {
    if (failure.error !== undefined) abortLater(overdue, signal);
  });
  return failure;
}

/** What the function returns, or why it does not, as the daemon is told. */
async function outcome(
  make: () => Promise<Result>,
  fail: (error: unknown) => void,
): Promise<Partial<ReturnRequest>> {
  try {
    return { result: await make() };
  } catch (error) {
    fail(error);
    return { error: toStatus(error) };
  }
}

function toStatus(error: unknown): Status {
  const original = originalError(error);
  if (original !== undefined) {
    const { status, message, details } = original;
    return { code: status, message, details: [...details] };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: StatusCode.UNKNOWN, message, details: [] };
}

/** Aborts after the grace, unless `signal` fires before. */
function abortLater(controller: AbortController, signal: AbortSignal): void {
  if (signal.aborted) return;
  const timer = setTimeout(() => controller.abort(), FAILURE_GRACE_MS);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}
