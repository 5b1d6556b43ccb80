/** One build from its options to its result: the only place where the parts meet. */
import { type Builder, chooseBuilder, type EmbeddedBuilder } from "./builder.ts";
import type { BuildKitClient } from "./client.ts";
import { type BuildInputs, openInputs } from "./context/open_inputs.ts";
import { readEnvironment } from "./environment.ts";
import { UnsupportedError } from "./errors.ts";
import { type LoginRecord, recordLogins } from "./diagnosis/login_record.ts";
import type { Engine } from "./docker/engine.ts";
import { entitlements, frontendAttrs } from "./frontend/attrs.ts";
import type { BuildFunction } from "./gateway/solve.ts";
import type { SolveRequest, StatusResponse } from "./gen/control.ts";
import { decodeMetadata } from "./metadata.ts";
import { isLoad, type PlannedOutput, planOutputs } from "./outputs.ts";
import { type BuildPart, mergeParts, type PartBuilder } from "./parts/part.ts";
import { openParts } from "./parts/all.ts";
import { createCredentialStore } from "./registry/credentials.ts";
import type { RegistryTls } from "./registry/http_request.ts";
import type { Handler, Handlers } from "./rpc/call.ts";
import { authHandlers } from "./session/auth.ts";
import { openExports } from "./exports.ts";
import { AccessLog } from "./session/access_log.ts";
import { fileSyncHandlers } from "./session/file_sync.ts";
import { LocalSessions, type OpenSession } from "./session/local_sessions.ts";
import type { FolderMember } from "./session/shared_folders.ts";
import type { TransferLog } from "./session/transfer_log.ts";
import { runSolve } from "./solve.ts";
import { unlessAborted } from "./unless_aborted.ts";
import type {
  AccessEvent,
  BuildOptions,
  BuildResult,
  OutputResult,
  Provenance,
  RegistryTlsOptions,
} from "./types.ts";

/** Longer than any gap between the calls that a daemon makes every five seconds, and waits at most 30 for. */
const STALL_TIMEOUT_MS = 60_000;

/** What a build does otherwise than `build()`. */
export interface BuildWays {
  /** Makes the result in the frontend's place. @default the Dockerfile's frontend does */
  readonly gateway?: BuildFunction | undefined;
  /** Whether it can do without a Dockerfile. @default false */
  readonly withoutDockerfile?: boolean | undefined;
  /** Keeps it out of the builder's history. @default false */
  readonly internal?: boolean | undefined;
  /** A builder that is open, and stays so. @default the one that the options say */
  readonly builder?: Builder | undefined;
  /** Its place among builds that read the same folder as context. @default it reads its context alone */
  readonly folder?: FolderMember | undefined;
}

/** A build to be run. */
export interface BuildRun extends BuildWays {
  readonly options: BuildOptions;
  /** The build's id. */
  readonly ref: string;
  readonly signal: AbortSignal;
  /** See {@linkcode SolveOptions.onStatus}. */
  readonly onStatus: (status: StatusResponse) => Promise<void> | undefined;
  /** Told of what the builder asked for, beyond what every build gives. */
  readonly onAccess?: (event: AccessEvent) => void;
  /** Counts what the builder asks for. */
  readonly transfers: TransferLog;
}

/** A run, ready to begin: all that could be checked without a builder is. */
interface Prepared extends BuildRun {
  readonly inputs: BuildInputs;
  readonly attrs: Record<string, string>;
  readonly logins: LoginRecord;
  /** TLS to token services. */
  readonly tls: ReadonlyMap<string, RegistryTls> | undefined;
  readonly part: BuildPart;
}

/** How an engine keeps images in containerd's store that were given no name. */
const DANGLING = "moby-dangling@";

/** What a builder made of it. */
type Made = Pick<BuildResult, "digest" | "imageId" | "names" | "outputs" | "metadata">;

/** Runs a build. When it returns or throws, nothing is left open. Throws as {@linkcode build} does. */
export async function runBuild(run: BuildRun): Promise<BuildResult> {
  const start = performance.now();
  const { options, ref, signal } = run;
  signal.throwIfAborted();
  const attrs = frontendAttrs(options);
  planOutputs(options);
  const logins = recordLogins(createCredentialStore({ auth: options.auth }));
  const tls = options.registryTls && await registryTls(options.registryTls);
  const scope = { env: readEnvironment, logger: options.logger, signal };
  const parts = await openParts(options, scope);
  const inputs = await openInputs({ ...options, signal }, {
    dockerfile: run.withoutDockerfile !== true,
  });
  try {
    const builder = run.builder ?? await chooseBuilder({ ...options, signal });
    try {
      const { kind, address, from } = builder;
      const added = await parts.forBuilder?.(partBuilder(builder, signal)) ?? {};
      const { attrs: place, handlers } = inputs;
      const part = mergeParts([{ attrs: place, handlers }, parts, added]);
      const made = await buildOn(builder, { ...run, inputs, attrs, logins, tls, part });
      const durationMs = performance.now() - start;
      const { transfers } = run.transfers;
      return { ref, ...made, transfers, builder: { kind, address, from }, durationMs };
    } finally {
      if (run.builder === undefined) await builder.close();
    }
  } finally {
    await unlessAborted(inputs.close(signal.reason), signal);
  }
}

/** The builder as parts know it. */
function partBuilder(builder: Builder, signal: AbortSignal): PartBuilder {
  const { kind, address, from } = builder;
  if (builder.kind === "classic") return { kind, address, from };
  if (builder.kind === "standalone") {
    const version = async () => (await builder.client.info({ signal })).version;
    return { kind, address, from, version };
  }
  const { containerdStore, info } = builder.embedded;
  const labels = Object.assign({}, ...info.workers.map((worker) => worker.labels));
  const version = () => Promise.resolve(info.version);
  return { kind, address, from, version, engine: { containerdStore, labels } };
}

function buildOn(builder: Builder, run: Prepared): Promise<Made> {
  if (builder.kind === "standalone") return buildStandalone(builder.client, run);
  // In an engine an image always ends up in its store, named or not.
  const { options } = run;
  const outputs = planOutputs({ ...options, output: options.output ?? "image" });
  return builder.kind === "embedded"
    ? buildEmbedded(builder, outputs, run)
    : buildClassic(builder.engine, outputs, run);
}

async function buildStandalone(client: BuildKitClient, run: Prepared): Promise<Made> {
  const { options, signal, onStatus } = run;
  const outputs = planOutputs(options);
  if (!outputs.some(({ output }) => isLoad(output))) return await solveSized(client, outputs, run);
  const { planLoads } = await import("./docker/plan_loads.ts");
  const loads = await planLoads(outputs, { ...options, signal, onStatus });
  try {
    const made = await solveSized(client, loads.outputs, run);
    return { ...made, outputs: made.outputs.map((result, i) => loads.result(result, i)) };
  } finally {
    await loads.close();
  }
}

async function solveSized(
  client: BuildKitClient,
  outputs: readonly PlannedOutput[],
  run: Prepared,
): Promise<Made> {
  const made = await solve(client, outputs, run);
  return { ...made, outputs: await withImageSize(client, made, run.signal) };
}

async function buildEmbedded(
  { client, engine, embedded, address }: EmbeddedBuilder,
  outputs: readonly PlannedOutput[],
  run: Prepared,
): Promise<Made> {
  const { containerdStore, severalOutputs } = embedded;
  const { engineOutputs } = await import("./docker/engine_outputs.ts");
  const abilities = { address, containerdStore, severalOutputs };
  const made = await solve(client, engineOutputs(outputs, run.options, abilities), run);
  const results = made.outputs.map((result, i) => loadedInto(engine, outputs[i]!, result));
  // Containerd's store knows images by their manifests and pushes during the build. Docker's old one has no manifests before
  // the push, and knows images by their configs.
  if (containerdStore) return { ...made, imageId: made.digest, outputs: results };
  return { ...made, digest: await pushAll(engine, outputs, run), outputs: results };
}

async function buildClassic(
  engine: Engine,
  outputs: readonly PlannedOutput[],
  run: Prepared,
): Promise<Made> {
  if (run.gateway !== undefined) {
    const problem = `The classic builder of ${engine.address} has no gateway for frontends`;
    throw new UnsupportedError("gateway", `${problem}; use one with BuildKit`);
  }
  const names = [...new Set(outputs.flatMap(namesOf))];
  const { classicBuild } = await import("./docker/classic.ts");
  const imageId = await classicBuild(engine, { ...run, outputs, names });
  const results = outputs.map((planned) =>
    loadedInto(engine, planned, { type: planned.output.type })
  );
  const digest = await pushAll(engine, outputs, run);
  return { digest, imageId, names, outputs: results, metadata: {} };
}

/** A solve with everything that the daemon may call back for. */
async function solve(
  client: BuildKitClient,
  outputs: readonly PlannedOutput[],
  run: Prepared,
): Promise<Made> {
  const { options, ref, inputs, attrs, logins, tls, part, onStatus, signal, transfers } = run;
  const open: OpenSession = (own) => client.openSession(own, signal);
  const access = new AccessLog(options.logger, run.onAccess);
  const sessions = new LocalSessions(open, transfers, access, () => part.beforeFiles?.());
  const gateway = gatewayWay(run, sessions);
  const targets = await openExports(outputs);
  const trees = new Map([...inputs.trees, ...part.trees ?? []]);
  const request = {
    ref,
    frontend: "dockerfile.v0",
    frontendAttrs: new Map(Object.entries({ filename: inputs.filename, ...part.attrs, ...attrs })),
    entitlements: [...new Set([...entitlements(attrs), ...part.entitlements ?? []])],
    ...exporters(outputs),
    ...part.request,
    ...(run.internal && { internal: true }),
  };
  const handlers = {
    ...after(() => part.beforeFiles?.(), fileSyncHandlers(trees, transfers)),
    ...targets.handlers(),
    ...authHandlers(logins, { tls, logger: options.logger }),
    ...await storeHandlers(new Map([...part.stores ?? [], ...targets.stores ?? []])),
    ...part.handlers,
  };
  try {
    for (const [name, value] of Object.entries(await sharedFolder(client, run, sessions))) {
      request.frontendAttrs.set(name, value);
    }
    const { sharedKey, filename } = inputs;
    const { stallTimeoutMs = STALL_TIMEOUT_MS } = options;
    const facts = { trees, filename, hasLogin: (host: string) => logins.has(host) };
    const solving = {
      ...{ handlers, sharedKey, onStatus, signal, stallTimeoutMs, facts, gateway },
      ...{ failures: sessions.failures, onFailure: sessions.onFailure },
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

/** Handlers that first call `check`. */
function after(check: () => void, handlers: Handlers): Handlers {
  const checked = Object.entries(handlers).map(([path, handle]): [string, Handler] => [
    path,
    async (call) => {
      check();
      await handle(call);
    },
  ]);
  return Object.fromEntries(checked);
}

/** The function that makes the result; none where the daemon can do it all by itself, which takes fewer calls. */
function gatewayWay(
  { gateway, part: { prepare } }: Prepared,
  sessions: LocalSessions,
): BuildFunction | undefined {
  if (prepare === undefined) return gateway;
  return async (client, signal) => {
    const make = gateway ?? (await import("./gateway/dockerfile.ts")).buildDockerfile;
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
  const { recordedProvenance } = await import("./record_provenance.ts");
  return await unlessAborted(recordedProvenance(client, ref, { mode, logger, signal }), signal);
}

async function storeHandlers(stores: NonNullable<BuildPart["stores"]>): Promise<Handlers> {
  if (stores.size === 0) return {};
  const { contentHandlers } = await import("./session/content.ts");
  return contentHandlers(stores);
}

async function registryTls(
  option: Readonly<Record<string, RegistryTlsOptions>>,
): Promise<ReadonlyMap<string, RegistryTls>> {
  const { loadRegistryTls } = await import("./parts/registry_tls.ts");
  return loadRegistryTls(option);
}

async function withImageSize(
  client: BuildKitClient,
  { digest, outputs }: Pick<Made, "digest" | "outputs">,
  signal: AbortSignal,
): Promise<readonly OutputResult[]> {
  if (digest === undefined || !outputs.some(({ type }) => type === "image")) return outputs;
  const { imageSize } = await import("./image_size.ts");
  const bytes = await imageSize(client, digest, signal);
  if (bytes === undefined) return outputs;
  return outputs.map((output) => output.type === "image" ? { ...output, bytes } : output);
}

/** Daemons before v0.13 know one exporter only, in fields of its own. */
function exporters(outputs: readonly PlannedOutput[]): Partial<SolveRequest> {
  const list = outputs.flatMap(({ exporter }) => exporter === undefined ? [] : [exporter]);
  const [first] = list;
  if (first === undefined) return {};
  return { exporters: list, exporterDeprecated: first.type, exporterAttrsDeprecated: first.attrs };
}

function imageOf(response: Map<string, string>): Pick<Made, "digest" | "imageId" | "metadata"> {
  const digest = response.get("containerimage.digest");
  const imageId = response.get("containerimage.config.digest") ?? digest;
  return { digest, imageId, metadata: decodeMetadata(response) };
}

function namesOf({ exporter }: PlannedOutput): string[] {
  return exporter?.attrs.get("name")?.split(",") ?? [];
}

function loadedInto(engine: Engine, { output }: PlannedOutput, result: OutputResult): OutputResult {
  return isLoad(output) ? { ...result, dest: engine.address } : result;
}

/** Pushes what an engine's store got and was not pushed by its builder; the last digest, if any. */
async function pushAll(
  engine: Engine,
  outputs: readonly PlannedOutput[],
  run: Prepared,
): Promise<string | undefined> {
  let digest: string | undefined;
  for (const planned of outputs) {
    if (planned.output.type !== "image" || planned.output.push !== true) continue;
    const { pushImage } = await import("./docker/push.ts");
    for (const name of namesOf(planned)) digest = await pushImage(engine, name, run);
  }
  return digest;
}
