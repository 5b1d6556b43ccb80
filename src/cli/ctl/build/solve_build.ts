/** One build as buildctl asks for it: a frontend's raw attributes, or LLB, and what the daemon may call back for. */
import { callbacks } from "../../../callbacks.ts";
import type { BuildKitClient } from "../../../client.ts";
import { placeKey } from "../../../context/shared_key.ts";
import { openExports } from "../../../exports.ts";
import type { FileTree } from "../../../files/tree.ts";
import type { GatewayClient } from "../../../gateway/client.ts";
import type { GatewayResult } from "../../../gateway/result.ts";
import type { SolveRequest, StatusResponse } from "../../../gen/control.ts";
import type { Definition } from "../../../gen/ops.ts";
import { exporterFields, type PlannedOutput } from "../../../outputs.ts";
import type { BuildPart } from "../../../parts/part.ts";
import type { RegistryTls } from "../../../registry/http_request.ts";
import { AccessLog } from "../../../session/access_log.ts";
import { runSolve } from "../../../solve.ts";
import type { Logger } from "../../../types.ts";
import { ctlLogins } from "./ctl_logins.ts";

/** How long the builder may say nothing, in milliseconds. */
const STALL_TIMEOUT_MS = 60_000;

/** Failures that are kept: a daemon may call without end. */
const MOST_FAILURES = 1_000;

/** A build by the daemon's names. */
export interface CtlBuild {
  readonly ref: string;
  /** Empty for LLB. */
  readonly frontend: string;
  readonly attrs: ReadonlyMap<string, string>;
  readonly definition: Definition | undefined;
  /** The folders that the build may read, by name. */
  readonly trees: ReadonlyMap<string, FileTree>;
  readonly outputs: readonly PlannedOutput[];
  /** Caches, secrets and the like. */
  readonly part: BuildPart;
  readonly entitlements: readonly string[];
  /** TLS to token services. */
  readonly tls: ReadonlyMap<string, RegistryTls> | undefined;
  readonly logger: Logger | undefined;
  readonly onStatus: (status: StatusResponse) => Promise<void> | undefined;
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface CtlBuilt {
  /** What the exporters said. */
  readonly response: ReadonlyMap<string, string>;
  /** What the frontend answered, where it was asked and did not build. */
  readonly answer: ReadonlyMap<string, Uint8Array> | undefined;
}

/** Runs it. When it returns or throws, nothing is left open. Throws as `build()` does. */
export async function solveBuild(client: BuildKitClient, build: CtlBuild): Promise<CtlBuilt> {
  const { part, signal, trees, tls, logger } = build;
  const access = new AccessLog(logger);
  const exports = await openExports(build.outputs, access);
  const request = requestOf(build);
  const logins = ctlLogins(build, request, access);
  const failures: unknown[] = [];
  const handlers = await callbacks({ trees, exports, logins, tls, logger, part });
  let answer: CtlBuilt["answer"];
  try {
    const response = await runSolve(client, request, {
      handlers,
      failures,
      onFailure(path, error) {
        if (failures.length < MOST_FAILURES) failures.push(error);
        access.failed(path, error);
      },
      sharedKey: await placeKey([...build.trees].map(([name, { label }]) => [name, label])),
      onStatus: build.onStatus,
      signal,
      stallTimeoutMs: STALL_TIMEOUT_MS,
      mask: part.mask,
      facts: {
        trees: build.trees,
        filename: build.attrs.get("filename") ?? "Dockerfile",
        hasLogin: (host) => logins.has(host),
      },
      gateway: async (gateway) => {
        const result = await make(gateway, build);
        if (build.attrs.has("requestid")) answer = result.metadata;
        return result;
      },
    });
    await exports.commit(response);
    await part.commit?.(response);
    return { response, answer };
  } catch (error) {
    const reason = signal.aborted ? error : exports.failure ?? error;
    await exports.discard(reason);
    await part.discard?.(reason);
    throw reason;
  }
}

/** The request that the gateway's calls belong to: it has the attributes, for exporters and the history. */
function requestOf(build: CtlBuild): Partial<SolveRequest> & { ref: string } {
  const { ref, attrs, part, entitlements } = build;
  return {
    ref,
    frontendAttrs: new Map([...attrs, ...cacheAttrs(build)]),
    entitlements: [...entitlements],
    ...exporterFields(build.outputs),
    cache: { imports: [], exports: [] },
    ...part.request,
  };
}

/** LLB has no frontend that could read them; the request has them in any case. */
function cacheAttrs({ part }: CtlBuild): [string, string][] {
  return Object.entries(part.attrs ?? {});
}

function make(gateway: GatewayClient, build: CtlBuild): Promise<GatewayResult> {
  const { attrs, frontend, definition, part } = build;
  const caps = attrs.has("requestid") && !attrs.has("frontend.caps")
    ? [["frontend.caps", "moby.buildkit.frontend.subrequests"]]
    : [];
  const imports = part.request?.cache?.imports ?? [];
  return gateway.solve({
    frontend,
    attrs: Object.fromEntries([...attrs, ...caps]),
    ...(definition !== undefined && { definition }),
    cacheImports: imports.map(({ type, attrs }) => ({ type, attrs: Object.fromEntries(attrs) })),
  });
}
