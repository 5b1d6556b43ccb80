/** What a client says to a daemon in one build, without what is different in each. */
import assert from "node:assert/strict";
import type { Any } from "../../../src/gen/any.ts";
import type { SolveRequest } from "../../../src/gen/control.ts";
import type { ReturnRequest } from "../../../src/gen/gateway.ts";
import type { Recorder } from "../../support/recorder/recorder.ts";

/** The messages of one build. */
export interface Sent {
  /** `Control.Solve` */
  readonly solve: SolveRequest;
  /** What goes through the gateway, in order: `LLBBridge`'s methods with their requests. */
  readonly gateway: ReadonlyArray<readonly [method: string, request: unknown]>;
  /** The methods that the session serves; those that no daemon calls are left out. */
  readonly session: readonly string[];
}

const METHOD = "x-docker-expose-session-grpc-method";
/** Go's server has them in any case; daemons call `Health/Check` and `FileSync/DiffCopy`. */
const NEVER_CALLED_REGEXP = /Health\/(List|Watch)$|\/TarStream$/;

/** Takes the messages of the build that went through the recorder, and clears it. */
export function takeSent(recorder: Recorder): Sent {
  const [solve, ...more] = recorder.callsOf("Control/Solve");
  assert.ok(solve !== undefined && more.length === 0, `${more.length + 1} builds were recorded`);
  const [session] = recorder.callsOf("Control/Session");
  const sent = {
    solve: normalSolve(solve.requests[0] as SolveRequest),
    gateway: recorder.calls.flatMap((call): Array<readonly [string, unknown]> => {
      const method = /\.LLBBridge\/(\w+)$/.exec(call.path)?.[1];
      // It is asked again until the build is there.
      if (method === undefined || method === "Ping") return [];
      return call.requests.map((request) => [method, normalCall(method, request)] as const);
    }),
    session: (session?.metadata ?? []).filter(([key]) => key === METHOD)
      .map(([, value]) => value)
      .filter((method) => !NEVER_CALLED_REGEXP.test(method))
      .sort(),
  };
  recorder.clear();
  return sent;
}

/** Ids are made anew each time. */
function normalSolve(request: SolveRequest): SolveRequest {
  return { ...request, ref: "REF", session: request.session === "" ? "" : "SESSION" };
}

function normalCall(method: string, request: unknown): unknown {
  return method === "Return" ? normalReturn(request as ReturnRequest) : request;
}

/** The daemon knows the result by its id; definitions that come with it are not looked at. */
function normalReturn({ result, error }: ReturnRequest): unknown {
  return {
    metadata: result?.metadata,
    attestations: result?.attestations.size,
    kind: result?.refs === undefined ? "ref" : "refs",
    refs: [...result?.refs?.refs.keys() ?? []].sort(),
    error: error && { ...error, details: normalDetails(error.details) },
  };
}

/** Go's clients add a stack of their own and turn the order round. */
function normalDetails(details: readonly Any[]): string[] {
  return details.filter(({ typeUrl }) => !typeUrl.endsWith("/stack.Stack+json"))
    .map(({ typeUrl, value }) => `${typeUrl} ${new TextDecoder().decode(value)}`).sort();
}
