/** Which builder serves a build: the one place where that is decided. */
import { BuildKitClient } from "./client.ts";
import { clientOf } from "./connect.ts";
import { parseAddress } from "./connect/address.ts";
import type { Embedded } from "./docker/embedded.ts";
import type { Engine } from "./docker/engine.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { NoBuilderError } from "./errors.ts";
import { missingForVariable, runWith } from "./runtime/refusal.ts";
import type { BuilderInfo, Logger, TlsOptions } from "./types.ts";
import { native } from "./runtime/path.ts";

/** BuildKit at some address. */
export interface StandaloneBuilder extends BuilderInfo {
  readonly kind: "standalone";
  readonly client: BuildKitClient;
  close(): Promise<void>;
}

/** The BuildKit inside a Docker engine. */
export interface EmbeddedBuilder extends BuilderInfo {
  readonly kind: "embedded";
  readonly client: BuildKitClient;
  readonly engine: Engine;
  readonly embedded: Embedded;
  close(): Promise<void>;
}

/** A Docker engine's classic builder. */
export interface ClassicBuilder extends BuilderInfo {
  readonly kind: "classic";
  readonly engine: Engine;
  close(): Promise<void>;
}

/** A builder, ready to be used. Whoever got it closes it. */
export type Builder = StandaloneBuilder | EmbeddedBuilder | ClassicBuilder;

/** What the choice depends on. */
export interface BuilderChoice {
  address?: string | undefined;
  tls?: TlsOptions | undefined;
  logger?: Logger | undefined;
  signal?: AbortSignal | undefined;
  /** Milliseconds of silence after which a builder counts as gone. @default 40 s until its first word */
  stallTimeoutMs?: number | undefined;
  /** @default the process's environment */
  env?: Environment | undefined;
}

/** One place that was looked at. */
export interface Look {
  readonly where: string;
  readonly outcome: string;
}

/** The ways to a builder in the order in which they are tried. Each finds one, or has none to offer. */
const WAYS: readonly ((search: Search) => Promise<Builder | undefined> | Builder | undefined)[] = [
  byAddress,
  byOptOut,
  byBuildkitHost,
  byEngine,
  byUsualSocket,
  byProgram,
];

/**
 * Chooses the builder. Addresses that were named are not connected yet, so that what is wrong with them shows in the first
 * call.
 *
 * @throws {NoBuilderError} that lists what was tried, if there is none
 * @throws {ConnectionError | EngineError} if a Docker engine was named and can't be used
 */
export async function chooseBuilder(choice: BuilderChoice): Promise<Builder> {
  const search = new Search(choice);
  for (const way of WAYS) {
    const builder = await way(search);
    if (builder === undefined) continue;
    const { kind, address, from } = builder;
    search.debug(`builds go to the ${kind} builder at ${address}, chosen by ${from}`);
    return builder;
  }
  throw noBuilder(search.looks);
}

/** All that there is: every way tried, whether an earlier one has found something or not. */
export async function surveyBuilders(
  choice: BuilderChoice,
): Promise<{ builders: Builder[]; looks: readonly Look[]; failure: unknown }> {
  const search = new Search(choice);
  const builders: Builder[] = [];
  let failure: unknown;
  for (const way of WAYS) {
    try {
      const builder = await way(search);
      if (builder !== undefined) builders.push(builder);
    } catch (error) {
      // What keeps builds from going on matters only as long as nothing was found before it.
      if (builders.length === 0) failure ??= error;
    }
  }
  if (builders.length === 0) failure ??= noBuilder(search.looks);
  return { builders, looks: search.looks, failure };
}

/** One search: what it knows, and what it has seen. */
class Search {
  readonly choice: BuilderChoice;
  readonly env: Environment;
  readonly looks: Look[] = [];

  constructor(choice: BuilderChoice) {
    this.choice = choice;
    this.env = choice.env ?? readEnvironment;
  }

  look(where: string, outcome: string): void {
    // A survey passes some places twice.
    if (this.looks.some((look) => look.where === where)) return;
    this.looks.push({ where, outcome });
    this.debug(`${where}: ${outcome}`);
  }

  debug(line: string): void {
    this.choice.logger?.debug?.(line);
  }

  async engine(): Promise<Engine | undefined> {
    const { findEngine } = await import("./docker/find_engine.ts");
    return await findEngine({
      env: this.env,
      signal: this.choice.signal,
      onLook: (where, outcome) => this.look(where, outcome),
    });
  }
}

/** 1: an address was given. */
function byAddress(search: Search): Builder | undefined {
  const { address } = search.choice;
  return address === undefined ? undefined : standalone(search, address, "address");
}

/** 2: BuildKit is not wanted, whatever else is set. */
async function byOptOut(search: Search): Promise<Builder | undefined> {
  const value = search.env("MOAT_DISABLE_BUILDKIT") ?? "";
  if (!/^(1|t|true)$/i.test(value)) return undefined;
  search.look("MOAT_DISABLE_BUILDKIT", value);
  const engine = await search.engine();
  if (engine !== undefined) return classic(engine, "MOAT_DISABLE_BUILDKIT");
  throw new NoBuilderError(
    `No builder: MOAT_DISABLE_BUILDKIT=${value} asks for Docker's classic builder, but no Docker engine answers. ` +
      `Tried:\n${
        listOf(search.looks)
      }\nStart Docker or set DOCKER_HOST, or unset MOAT_DISABLE_BUILDKIT`,
  );
}

/** 3: BUILDKIT_HOST names one. Unreachable, it is an error and nothing else is tried. */
function byBuildkitHost(search: Search): Builder | undefined {
  const host = search.env("BUILDKIT_HOST");
  search.look("BUILDKIT_HOST", host || notSet("BUILDKIT_HOST"));
  return host ? standalone(search, host, "BUILDKIT_HOST") : undefined;
}

/** Deno's permissions may be why. */
function notSet(variable: string): string {
  const grant = missingForVariable(variable);
  return grant === undefined ? "not set" : runWith(grant);
}

/** 4: a Docker engine answers. */
async function byEngine(search: Search): Promise<Builder | undefined> {
  const engine = await search.engine();
  if (engine === undefined) return undefined;
  const { address, at: { from } } = engine;
  const { openEmbedded } = await import("./docker/embedded.ts");
  try {
    const { signal, logger } = search.choice;
    const embedded = await openEmbedded(engine, signal && { signal });
    if ("missing" in embedded) {
      logger?.warn?.(
        `The Docker engine at ${address} has no BuildKit (${embedded.missing}): ` +
          "using its classic builder, which is slower and can do less",
      );
      return classic(engine, from);
    }
    const { client, way, containerdStore } = embedded;
    const store = containerdStore ? "containerd" : "Docker's own";
    search.look(`BuildKit in ${address}`, `${way} gRPC, image store: ${store}`);
    const close = async () => {
      await client.close();
      await engine.close();
    };
    return { kind: "embedded", address, from, client, engine, embedded, close };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** 5: a buildkitd listens at a usual place. */
async function byUsualSocket(search: Search): Promise<Builder | undefined> {
  const { diagnose } = await import("./connect/probe.ts");
  const { lookOutcome } = await import("./docker/find_engine.ts");
  const runtime = search.env("XDG_RUNTIME_DIR");
  for (const folder of [systemRuntimeFolder(), ...(runtime ? [runtime] : [])]) {
    const address = `unix://${native.join(folder, "buildkit/buildkitd.sock")}`;
    const { signal } = search.choice;
    const failure = await diagnose({ address: parseAddress(address) }, signal && { signal });
    search.look(address, failure === undefined ? "BuildKit" : lookOutcome(failure));
    if (failure === undefined) return standalone(search, address, "usual socket");
  }
  return undefined;
}

/** 6: buildkitd is installed: it is started for the build. */
async function byProgram(search: Search): Promise<Builder | undefined> {
  const { programOnPath } = await import("./connect/program_on_path.ts");
  const program = programOnPath("buildkitd", search.env("PATH"));
  if (program === undefined) {
    search.look("buildkitd on PATH", "not there");
    return undefined;
  }
  const isRoot = globalThis.process.getuid?.() === 0;
  const rootlesskit = isRoot ? undefined : programOnPath("rootlesskit", search.env("PATH"));
  if (!isRoot && rootlesskit === undefined) {
    search.look(program, "it needs root, or rootlesskit on PATH");
    return undefined;
  }
  search.look(program, "can be started for a build");
  const { privateDaemon } = await import("./connect/private_daemon.ts");
  const home = search.env("XDG_CACHE_HOME") || native.join(search.env("HOME") || "/tmp", ".cache");
  const state = native.join(home, "moat-build", "buildkitd");
  const client = new BuildKitClient(privateDaemon({ program, rootlesskit, state }));
  return {
    kind: "standalone",
    address: program,
    from: "PATH",
    client,
    close: () => client.close(),
  };
}

function standalone(search: Search, address: string, from: string): StandaloneBuilder {
  const client = clientOf(address, search.choice);
  return { kind: "standalone", address, from, client, close: () => client.close() };
}

function classic(engine: Engine, from: string): ClassicBuilder {
  return {
    kind: "classic",
    address: engine.address,
    from,
    engine,
    close: () => engine.close(),
  };
}

/** 7: none. */
function noBuilder(looks: readonly Look[]): NoBuilderError {
  return new NoBuilderError(
    `No builder was found. Tried:\n${listOf(looks)}\n` +
      "Do one of these: set BUILDKIT_HOST to a BuildKit daemon, for example the sidecar of docker:dind at tcp://buildkit:1234; " +
      "start Docker, or set DOCKER_HOST; install buildkitd. Under Deno, what may not be read or connected counts as not there",
  );
}

function listOf(looks: readonly Look[]): string {
  return looks.map(({ where, outcome }) => `  ${where}: ${outcome}`).join("\n");
}

function systemRuntimeFolder(): string {
  return globalThis.process.platform === "linux" ? "/run" : "/var/run";
}
