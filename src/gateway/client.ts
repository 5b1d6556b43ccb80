/** What a build function talks to: the daemon's gateway for one build (service `LLBBridge`). */
import { type WorkerInfo, workerInfo } from "../control/workers.ts";
import { normalizePlatform, parsePlatform } from "../frontend/platform.ts";
import {
  LLBBridge,
  type ResolveSourceMetaRequest,
  type ResolveSourceMetaResponse,
} from "../gen/gateway.ts";
import type { Definition, Range, SourceInfo } from "../gen/ops.ts";
import type { Policy } from "../gen/policy.ts";
import type { Bridge, GatewayCallOptions } from "./bridge.ts";
import { type Capabilities, gatewayCapabilities, llbCapabilities } from "./caps.ts";
import { Reference } from "./reference.ts";
import { type GatewayResult, readResult, referencesOf } from "./result.ts";

/** How long the daemon may take to answer first, in milliseconds (frontend/gateway/grpcclient/client.go). */
const PING_TIMEOUT_MS = 15_000;

/** What to solve: a definition, or what a frontend makes of its attributes and inputs. */
export interface GatewaySolve extends GatewayCallOptions {
  /** The operations to run, as LLB; or give a frontend. */
  definition?: Definition;
  /** For example `dockerfile.v0`, or `gateway.v0` with the attribute `source` for one in an image. */
  frontend?: string;
  /** Attributes for the frontend. */
  attrs?: Readonly<Record<string, string>>;
  /** Definitions that the frontend finds by these names. */
  inputs?: Readonly<Record<string, Definition>> | ReadonlyMap<string, Definition>;
  /** Caches to take results from. */
  cacheImports?: ReadonlyArray<{ type: string; attrs: Readonly<Record<string, string>> }>;
  /** Rules about sources. */
  sourcePolicies?: Policy[];
  /** Run it now, so that steps that fail do so here. @default false */
  evaluate?: boolean;
}

/** How to look an image up. */
export interface ResolveImageOptions extends GatewayCallOptions {
  /** For example `linux/arm64`. @default the builder's own */
  platform?: string;
  /** Where to look: in the builder's store first, in the registry always, or in the store alone. @default "default" */
  mode?: "default" | "pull" | "local";
  /** The step's name in the progress. @default made from the image's name */
  logName?: string;
}

/** An image that was looked up. */
export interface ResolvedImage {
  /** The image's full name; a source policy may have changed it. */
  readonly ref: string;
  /** Digest of the image's manifest or index. */
  readonly digest: string;
  /** The image's config as JSON. */
  readonly config: Uint8Array;
}

/** A warning for the build's progress. */
export interface GatewayWarning extends GatewayCallOptions {
  /** Digest of the step that it is about. */
  vertex?: string;
  /** The warning's level, which displays pass on. */
  level?: number;
  /** More lines. */
  detail?: readonly string[];
  /** A page that explains it. */
  url?: string;
  /** The file that it is about, and where. */
  source?: SourceInfo;
  /** The lines of `source` that it is about. */
  ranges?: Range[];
}

/** What a gateway says of itself and what was asked of the build. */
export interface GatewayFacts {
  readonly ref: string;
  readonly sessionId: string;
  readonly attrs: Readonly<Record<string, string>>;
}

/** What is added to the solves of a build's frontends. */
export interface GatewayAdditions {
  /** Attributes for the frontend. */
  readonly attrs: Readonly<Record<string, string>>;
  /** Inputs by name, as LLB. */
  readonly inputs: Readonly<Record<string, Definition>>;
}

/** The daemon's gateway for one build. Valid until the build function has returned. */
export class GatewayClient {
  /** The build's id. */
  readonly ref: string;
  /** The session through which the daemon asks this side for files and more. */
  readonly sessionId: string;
  /** The attributes that the build's options make: what `build()` would give to its frontend. */
  readonly attrs: Readonly<Record<string, string>>;
  /** What the gateway can do. */
  readonly caps: Capabilities;
  /** What definitions may ask for. */
  readonly llbCaps: Capabilities;
  /** The first one's first platform is what builds are for by default. */
  readonly workers: readonly WorkerInfo[];
  readonly #bridge: Bridge;
  readonly #inputs: GatewayAdditions["inputs"];

  /** @ignore */
  constructor(
    bridge: Bridge,
    facts: GatewayFacts,
    found: Pick<GatewayClient, "caps" | "llbCaps" | "workers">,
    inputs: GatewayAdditions["inputs"] = {},
  ) {
    this.#bridge = bridge;
    this.#inputs = inputs;
    this.ref = facts.ref;
    this.sessionId = facts.sessionId;
    this.attrs = facts.attrs;
    this.caps = found.caps;
    this.llbCaps = found.llbCaps;
    this.workers = found.workers;
  }

  /** The same gateway with more attributes, and with inputs that all frontends get. */
  with({ attrs, inputs }: GatewayAdditions): GatewayClient {
    const facts = { ...this, attrs: { ...this.attrs, ...attrs } };
    return new GatewayClient(this.#bridge, facts, this, { ...this.#inputs, ...inputs });
  }

  /**
   * Solves a definition, or has a frontend make one. The filesystems of the result are lazy unless `evaluate` is set.
   *
   * @throws {BuildError} if it fails
   * @throws {UnsupportedError} if a definition asks for what the builder can't do
   */
  async solve(options: GatewaySolve): Promise<GatewayResult> {
    const { definition, frontend = "", inputs = {}, evaluate = false, signal } = options;
    for (const { caps } of definition?.metadata.values() ?? []) {
      for (const id of caps.keys()) this.llbCaps.require(id);
    }
    const evaluateThere = evaluate && this.caps.has("gateway.solve.evaluate");
    const answer = await this.#bridge(LLBBridge.solve, {
      ...(definition !== undefined && { definition }),
      frontend,
      frontendOpt: new Map(Object.entries(this.#withCaches(options.attrs ?? {}))),
      allowResultReturn: true,
      allowResultArrayRef: true,
      cacheImports: (options.cacheImports ?? []).map(({ type, attrs }) => {
        return { type, attrs: new Map(Object.entries(attrs)) };
      }),
      frontendInputs: new Map([
        ...Object.entries(frontend === "" ? {} : this.#inputs),
        ...inputs instanceof Map ? inputs : Object.entries(inputs),
      ]),
      evaluate: evaluateThere,
      sourcePolicies: options.sourcePolicies ?? [],
    }, { signal });
    const result = readResult(answer, (ref) => new Reference(ref, this.#bridge, this.caps));
    if (evaluate && !evaluateThere) {
      for (const reference of referencesOf(result)) await reference.evaluate({ signal });
    }
    return result;
  }

  /** The build's caches are for each of its frontends (frontend/gateway/grpcclient/client.go). */
  #withCaches(attrs: Readonly<Record<string, string>>): Record<string, string> {
    const all = { ...attrs };
    for (const name of ["cache-imports", "cache-from"]) {
      const value = this.attrs[name];
      if (value !== undefined) all[name] ??= value;
    }
    return all;
  }

  /** Looks an image up and reads its config. */
  async resolveImageConfig(
    name: string,
    options: ResolveImageOptions = {},
  ): Promise<ResolvedImage> {
    this.caps.require("resolveimage");
    const { platform, mode = "default", logName = "", signal } = options;
    const { ref, digest, config } = await this.#bridge(LLBBridge.resolveImageConfig, {
      ref: name,
      ...(platform !== undefined && { platform: readPlatform(platform) }),
      resolveMode: mode,
      logName,
    }, { signal });
    return { ref: ref === "" ? name : ref, digest, config };
  }

  /** Looks any source up without fetching it: an image, a git repository, a file on a web server. */
  async resolveSource(
    identifier: string,
    options:
      & Pick<ResolveImageOptions, "platform" | "mode" | "logName" | "signal">
      & Partial<Pick<ResolveSourceMetaRequest, "git" | "image" | "http" | "sourcePolicies">>
      & { attrs?: Readonly<Record<string, string>> } = {},
  ): Promise<ResolveSourceMetaResponse> {
    this.caps.require("source.metaresolver");
    const { attrs = {}, platform, mode = "", signal, ...rest } = options;
    return await this.#bridge(LLBBridge.resolveSourceMeta, {
      ...rest,
      source: { identifier, attrs: new Map(Object.entries(attrs)) },
      ...(platform !== undefined && { platform: readPlatform(platform) }),
      resolveMode: mode,
    }, { signal });
  }

  /** The definitions that were given to the build from outside, by name. */
  async inputs(options: GatewayCallOptions = {}): Promise<Map<string, Definition>> {
    this.caps.require("frontend.inputs");
    return (await this.#bridge(LLBBridge.inputs, {}, options)).definitions;
  }

  /** Adds a warning to the build's progress. */
  async warn(message: string, options: GatewayWarning = {}): Promise<void> {
    this.caps.require("gateway.warnings");
    const { vertex = "", level = 1, detail = [], url = "", source, ranges = [], signal } = options;
    const encoder = new TextEncoder();
    await this.#bridge(LLBBridge.warn, {
      digest: vertex,
      level: BigInt(level),
      short: encoder.encode(message),
      detail: detail.map((line) => encoder.encode(line)),
      url,
      ...(source !== undefined && { info: source }),
      ranges,
    }, { signal });
  }
}

/** Waits for the build to begin and asks the daemon what it can do. */
export async function openGateway(bridge: Bridge, facts: GatewayFacts): Promise<GatewayClient> {
  const answer = await bridge(LLBBridge.ping, {}, { timeoutMs: PING_TIMEOUT_MS });
  const caps = gatewayCapabilities(answer.frontendAPICaps);
  const llbCaps = llbCapabilities(answer.llbCaps);
  for (const id of ["return", "proto.refarray"]) caps.require(id);
  return new GatewayClient(bridge, facts, {
    caps,
    llbCaps,
    workers: answer.workers.map(workerInfo),
  });
}

function readPlatform(text: string): ReturnType<typeof parsePlatform> {
  return parsePlatform(normalizePlatform(text, "platform"));
}
