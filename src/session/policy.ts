/** The session's PolicyVerifier service: the daemon asks about each source (sourcepolicy/policysession, solver/llbsolver/policy.go). */
import { PolicyError } from "../errors.ts";
import { formatPlatform } from "../frontend/platform.ts";
import type { ResolveSourceMetaRequest, ResolveSourceMetaResponse } from "../gen/gateway.ts";
import type { Platform, SourceOp } from "../gen/ops.ts";
import { PolicyAction } from "../gen/policy.ts";
import {
  type CheckPolicyRequest,
  type CheckPolicyResponse,
  PolicyVerifier,
} from "../gen/policysession.ts";
import type { Handlers } from "../rpc/call.ts";
import { unary } from "../rpc/unary.ts";
import type { PolicyCallback, PolicyDecision, PolicySource } from "../types.ts";
import { unlessAborted } from "../unless_aborted.ts";

/** Serves the decisions of a function; `onAsked` is called before each. */
export function policyHandlers(decide: PolicyCallback, onAsked: () => void): Handlers {
  return {
    [PolicyVerifier.checkPolicy.path]: unary(PolicyVerifier.checkPolicy, async (request, call) => {
      onAsked();
      const question = questionOf(request);
      return answer(await ask(decide, question.source, call.signal), question);
    }),
  };
}

interface Question {
  readonly op: SourceOp;
  readonly platform: Platform | undefined;
  /** What is known of it; undefined in the first round. */
  readonly resolved: ResolveSourceMetaResponse | undefined;
  readonly source: PolicySource;
}

function questionOf({ source: meta, platform }: CheckPolicyRequest): Question {
  const op = meta?.source ?? { identifier: "", attrs: new Map() };
  const { image, git, http } = meta ?? {};
  const config = image?.config;
  return {
    op,
    platform,
    resolved: image ?? git ?? http ? meta : undefined,
    source: {
      identifier: op.identifier,
      attrs: Object.fromEntries(op.attrs),
      platform: platform && formatPlatform(platform),
      checksum: (image?.digest ?? git?.commitChecksum ?? git?.checksum ?? http?.checksum) ||
        git?.checksum || undefined,
      imageConfig: config === undefined || config.length === 0 ? undefined : parseConfig(config),
    },
  };
}

/** An image's config comes from a registry: what is no JSON stays unknown. */
function parseConfig(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // A SyntaxError, the only thing that JSON.parse throws.
    return undefined;
  }
}

async function ask(
  decide: PolicyCallback,
  source: PolicySource,
  signal: AbortSignal,
): Promise<PolicyDecision> {
  try {
    return await unlessAborted(Promise.resolve(decide(source, signal)), signal);
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw failure(source, `failed: ${why}`, cause);
  }
}

const NO_ANSWER = "answered neither ALLOW, DENY, CONVERT nor what to resolve";

function answer(decision: PolicyDecision, question: Question): Partial<CheckPolicyResponse> {
  if (typeof decision !== "object" || decision === null) throw failure(question.source, NO_ANSWER);
  if ("resolve" in decision) return { request: resolution(decision.resolve, question) };
  const { op, source } = question;
  switch (decision.action) {
    case "ALLOW":
      return { decision: { action: PolicyAction.ALLOW, denyMessages: [] } };
    case "DENY": {
      const denyMessages = (decision.messages ?? []).map((message) => ({ message }));
      return { decision: { action: PolicyAction.DENY, denyMessages } };
    }
    case "CONVERT": {
      const { identifier, attrs = {} } = decision;
      // As with rules, attributes of the same kind of source stay unless they are replaced.
      const kept = schemeOf(identifier) === schemeOf(op.identifier) ? op.attrs : [];
      const update = { identifier, attrs: new Map([...kept, ...Object.entries(attrs)]) };
      return { decision: { action: PolicyAction.CONVERT, denyMessages: [], update } };
    }
    default:
      throw failure(source, NO_ANSWER);
  }
}

/** Has the daemon find out more and ask again. What does not become known that way would go round and round. */
function resolution(
  wanted: "checksum" | "image-config",
  { op, platform, resolved, source }: Question,
): ResolveSourceMetaRequest {
  if (wanted !== "checksum" && wanted !== "image-config") {
    throw failure(source, 'can have "checksum" or "image-config" resolved');
  }
  const isImage = op.identifier.startsWith("docker-image://");
  if (wanted === "image-config" && !isImage) {
    throw failure(source, "wants an image's config, but the source is no image");
  }
  if (resolved !== undefined) throw failure(source, `wants the ${wanted} resolved, which was done`);
  return {
    source: op,
    platform,
    logName: "",
    resolveMode: "",
    // An image's digest comes with its config, or not at all.
    ...(isImage && {
      image: { noConfig: false, attestationChain: false, resolveAttestations: [] },
    }),
    sourcePolicies: [],
  };
}

function schemeOf(identifier: string): string {
  return identifier.slice(0, identifier.indexOf("://"));
}

function failure(source: PolicySource, problem: string, cause?: unknown): PolicyError {
  const { identifier } = source;
  const text = `The function in sourcePolicy, asked about ${identifier}, ${problem}`;
  return new PolicyError(identifier, text, cause);
}
