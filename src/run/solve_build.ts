/** A build by BuildKit's own solve, with all that the daemon may call back for. */
import { callbacks } from "../callbacks.ts";
import type { BuildKitClient } from "../client.ts";
import { openExports } from "../exports.ts";
import { entitlements } from "../frontend/attrs.ts";
import type { BuildFunction } from "../gateway/solve.ts";
import { decodeMetadata } from "../metadata.ts";
import { exporterFields, type PlannedOutput } from "../outputs.ts";
import { AccessLog } from "../session/access_log.ts";
import { LocalSessions, type OpenSession } from "../session/local_sessions.ts";
import { runSolve } from "../solve.ts";
import type { BuildOptions, Provenance } from "../types.ts";
import { unlessAborted } from "../unless_aborted.ts";
import { buildLogins } from "./build_logins.ts";
import { type Made, namesOf, type Prepared } from "./prepared.ts";

/** Longer than any gap between the calls that a daemon makes every five seconds, and waits at most 30 for. */
const STALL_TIMEOUT_MS = 60_000;

/** How an engine keeps images in containerd's store that were given no name. */
const DANGLING = "moby-dangling@";

/** Solves and receives what comes of it. */
export async function solveBuild(
  client: BuildKitClient,
  outputs: readonly PlannedOutput[],
  run: Prepared,
): Promise<Made> {
  const { options, ref, inputs, attrs, tls, part, onStatus, signal, transfers } = run;
  const open: OpenSession = (own) => client.openSession(own, signal);
  const access = new AccessLog(options.logger, run.onAccess);
  const sessions = new LocalSessions(open, transfers, access, () => part.beforeFiles?.());
  const gateway = gatewayWay(run, sessions);
  const targets = await openExports(outputs, access);
  const trees = new Map([...inputs.trees, ...part.trees ?? []]);
  const request = {
    ref,
    frontend: "dockerfile.v0",
    frontendAttrs: new Map(Object.entries({ filename: inputs.filename, ...part.attrs, ...attrs })),
    entitlements: [...new Set([...entitlements(attrs), ...part.entitlements ?? []])],
    ...exporterFields(outputs),
    ...part.request,
    ...(run.internal && { internal: true }),
  };
  const { logger } = options;
  const logins = buildLogins(run, request, { trees, filename: inputs.filename }, access);
  const handlers = await callbacks({
    trees,
    transfers,
    exports: targets,
    logins,
    tls,
    logger,
    part,
  });
  try {
    for (const [name, value] of Object.entries(await sharedFolder(client, run, sessions))) {
      request.frontendAttrs.set(name, value);
    }
    const { sharedKey, filename } = inputs;
    const { stallTimeoutMs = STALL_TIMEOUT_MS } = options;
    const facts = { trees, filename, hasLogin: (host: string) => logins.has(host) };
    const solving = {
      ...{ handlers, sharedKey, onStatus, signal, stallTimeoutMs, facts, gateway },
      ...{ failures: sessions.failures, onFailure: sessions.onFailure, mask: part.mask },
    };
    const response = await runSolve(client, request, solving);
    const names = (response.get("image.name")?.split(",") ?? outputs.flatMap(namesOf))
      .filter((name) => !name.startsWith(DANGLING));
    const received = await unlessAborted(targets.commit(response), signal);
    await unlessAborted(part.commit?.(response) ?? Promise.resolve(), signal);
    const results = [...received, ...part.outputs?.() ?? []];
    const { metadata, ...image } = imageOf(response);
    const recorded = await provenanceOf(client, ref, options, signal);
    return { ...image, metadata: { ...metadata, ...recorded }, names, outputs: results };
  } catch (error) {
    // Of an export that failed here the daemon may know no more than that the stream ended.
    const reason = signal.aborted ? error : targets.failure ?? error;
    await targets.discard(reason);
    await part.discard?.(reason);
    throw reason;
  } finally {
    await sessions.close();
  }
}

/** Attributes that tell the frontend of a session in which the context is served for several builds. */
async function sharedFolder(
  client: BuildKitClient,
  { folder, inputs: { trees, sharedKey }, transfers }: Prepared,
  { onFailure }: LocalSessions,
): Promise<Record<string, string>> {
  const tree = trees.get("context");
  if (folder === undefined || tree === undefined) return {};
  const names = [...trees.keys()].filter((name) => trees.get(name) === tree);
  // The session is for all of them: no single build may end it.
  const open: OpenSession = (own) => client.openSession(own);
  return await folder.serve({ tree, names, sharedKey, log: transfers, onFailure, open });
}

/** The function that makes the result; none where the daemon can do it all by itself, which takes fewer calls. */
function gatewayWay(
  { gateway, part: { prepare } }: Prepared,
  sessions: LocalSessions,
): BuildFunction | undefined {
  if (prepare === undefined) return gateway;
  return async (client, signal) => {
    const make = gateway ?? (await import("../gateway/dockerfile.ts")).buildDockerfile;
    return await make(client.with(await prepare(client, sessions)), signal);
  };
}

async function provenanceOf(
  client: BuildKitClient,
  ref: string,
  { metadataProvenance: mode, logger }: BuildOptions,
  signal: AbortSignal,
): Promise<Record<string, Provenance>> {
  if (mode === undefined) return {};
  const { recordedProvenance } = await import("../record_provenance.ts");
  return await unlessAborted(recordedProvenance(client, ref, { mode, logger, signal }), signal);
}

function imageOf(response: Map<string, string>): Pick<Made, "digest" | "imageId" | "metadata"> {
  const digest = response.get("containerimage.digest");
  const imageId = response.get("containerimage.config.digest") ?? digest;
  return { digest, imageId, metadata: decodeMetadata(response) };
}
