/** One solve: session, Solve and Status, started together and ended in order (client/solve.go). */
import type { BuildKitClient } from "./client.ts";
import { connectionError } from "./connect/failure.ts";
import { CANCEL_GRACE_MS, followStatus, STATUS_GRACE_MS } from "./follow_status.ts";
import type { BuildFacts } from "./diagnosis/failure.ts";
import { StepRecorder } from "./diagnosis/step_recorder.ts";
import { MoatError } from "./errors.ts";
import type { BuildFunction } from "./gateway/solve.ts";
import type { SolveRequest, SolveResponse, StatusResponse } from "./gen/control.ts";
import type { SecretMask } from "./progress/mask/secret_mask.ts";
import type { Handlers } from "./rpc/call.ts";
import { RpcError } from "./rpc/status.ts";
import type { Session } from "./session/session.ts";
import { isUnanswered, unanswered } from "./session/unanswered.ts";
import { type SilenceWatch, watchSilence } from "./session/silence.ts";

/** What {@linkcode runSolve} needs besides the request. */
export interface SolveOptions {
  /** What the daemon may call back for. */
  handlers: Handlers;
  sharedKey: string;
  /** Gets every message of the status stream. While the solve runs, the stream waits for the promise it may return. */
  onStatus: (status: StatusResponse) => Promise<void> | undefined;
  signal: AbortSignal;
  /** Milliseconds of silence after which the daemon counts as gone; `Infinity` for never. */
  stallTimeoutMs: number;
  /** For advice if the build fails. */
  facts: BuildFacts;
  /** The errors of this side that made calls of the daemon fail; there may be some of other sessions. @default its own */
  failures?: unknown[] | undefined;
  /** Told of every call of the daemon that failed on this side. @default adds to `failures` */
  onFailure?: ((path: string, error: unknown) => void) | undefined;
  /** Takes the secrets out of what the daemon tells. @default the build has none */
  mask?: SecretMask | undefined;
  /** Makes the result; the request's frontend and definition are then not used. @default the daemon solves the request */
  gateway?: BuildFunction | undefined;
}

/**
 * Runs one build to its end. When it returns or throws, the session is closed and nothing is left open.
 *
 * @throws {BuildError} if the daemon could not do it
 * @throws {FileError | CredentialsError} if something on this side was the reason
 * @throws {ConnectionError} if the daemon is gone, says nothing for `stallTimeoutMs`, or got no answer for long
 */
export async function runSolve(
  client: BuildKitClient,
  request: Partial<SolveRequest> & { ref: string },
  options: SolveOptions,
): Promise<Map<string, string>> {
  const { signal, failures = [], stallTimeoutMs, mask } = options;
  const { onFailure = (_path, error) => failures.push(error) } = options;
  const session = await client.openSession({
    handlers: options.handlers,
    sharedKey: options.sharedKey,
    onFailure,
  }, signal);
  const steps = new StepRecorder();
  const tell: SolveOptions["onStatus"] = (message) => {
    steps.note(message);
    return options.onStatus(message);
  };
  const onStatus: SolveOptions["onStatus"] = (message) => tell(mask?.status(message) ?? message);
  const status = followStatus(client, request.ref, { onStatus, stallTimeoutMs });
  const silence = whenSilent(client, session, stallTimeoutMs);
  const gone = AbortSignal.any([session.lost, silence.signal]);
  const end = async () => {
    silence.stop();
    const grace = signal.aborted ? CANCEL_GRACE_MS : undefined;
    await Promise.all([session.close(grace), status.finish(signal, gone)]);
    const rest = mask?.rest();
    // What is left is taken in at once, as all that comes after the build.
    if (rest !== undefined) void tell(rest);
  };
  let failure: unknown;
  try {
    const attempt = AbortSignal.any([signal, gone]);
    const solving = { ...options, signal: attempt };
    const response = await solve(
      client,
      { ...request, ...sessionFields(session, options) },
      solving,
    );
    await end();
    return response.exporterResponse;
  } catch (error) {
    failure = error;
  }
  const missed = silence.missed();
  if (!status.begun && await isUnknown(client, request, failure, signal)) status.stop();
  // The failed step's last words may come after the failure.
  await end();
  if (!signal.aborted && isUnanswered(failure, missed)) {
    throw unanswered(client.address, missed, failure);
  }
  throw await explain(failure, failures, steps, options);
}

async function solve(
  client: BuildKitClient,
  request: Partial<SolveRequest> & Pick<SolveRequest, "ref" | "session">,
  { gateway, signal, facts }: SolveOptions,
): Promise<SolveResponse> {
  if (gateway === undefined) return await client.solve(request, { signal });
  const { solveByGateway } = await import("./gateway/solve.ts");
  return await solveByGateway(client, request, gateway, { signal, facts });
}

/**
 * Whether the daemon has refused a build before it began. Its status then never comes, but the daemon waits five seconds for
 * the build to appear before it says so.
 */
async function isUnknown(
  client: BuildKitClient,
  { ref, internal }: Partial<SolveRequest> & Pick<SolveRequest, "ref">,
  failure: unknown,
  signal: AbortSignal,
): Promise<boolean> {
  // Internal builds are never on record.
  if (!(failure instanceof RpcError) || signal.aborted || internal) return false;
  try {
    const { findRecord } = await import("./history.ts");
    return await findRecord(client, ref, { signal, timeoutMs: STATUS_GRACE_MS }) === undefined;
  } catch (error) {
    // An older daemon that keeps no records, or one that is gone: the failure is told either way.
    if (error instanceof RpcError || error instanceof MoatError || signal.aborted) return false;
    throw error;
  }
}

/** The methods of the session that the daemon calls only where the request says so, by the prefix of their paths. */
const POLICY_SERVICE = "/moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier/";

function sessionFields(
  { id }: Session,
  { handlers }: SolveOptions,
): Pick<SolveRequest, "session"> & Partial<SolveRequest> {
  const asksPolicy = Object.keys(handlers).some((path) => path.startsWith(POLICY_SERVICE));
  return { session: id, ...(asksPolicy && { sourcePolicySession: id }) };
}

/** A signal that fires when the daemon has said nothing for a time. */
function whenSilent(
  client: BuildKitClient,
  session: Session,
  timeoutMs: number,
): SilenceWatch & { signal: AbortSignal } {
  const silence = new AbortController();
  const watch = watchSilence(() => session.received, timeoutMs, () => {
    const cause = new Error(`silent for ${timeoutMs / 1000} s`);
    silence.abort(connectionError("CONNECTION_STALLED", { text: client.address }, cause));
  });
  return { ...watch, signal: silence.signal };
}

/** The error a caller can act on: the caller's own reason, then the cause on this side, then what the daemon says. */
async function explain(
  error: unknown,
  failures: readonly unknown[],
  steps: StepRecorder,
  { signal, facts, mask }: SolveOptions,
): Promise<unknown> {
  if (signal.aborted) return signal.reason;
  if (!(error instanceof RpcError)) return error;
  // The daemon repeats what its call was told; an error of ours that it does not repeat was not the reason. What is an answer in
  // the protocol's terms says less than what the daemon makes of it.
  const own = failures.find((failure) =>
    failure instanceof MoatError && !(failure instanceof RpcError) &&
    error.message.includes(failure.message.slice(0, 200))
  );
  if (own !== undefined) return own;
  const { status, details } = error;
  const message = mask?.text(error.message) ?? error.message;
  const { failedBuild, failedVertex } = await import("./failed_build.ts");
  const step = steps.failedStep(failedVertex(details), message);
  return failedBuild(new RpcError(status, message, { details }), { step, facts });
}
