/** Outputs that a BuildKit of its own makes and a Docker engine keeps. */
import { type Environment, readEnvironment } from "../environment.ts";
import { EngineError, OptionError } from "../errors.ts";
import { attestationAttrs } from "../outputs/attestations.ts";
import { isLoad, type PlannedOutput } from "../outputs.ts";
import type { BuildOptions, Logger, OutputResult } from "../types.ts";
import type { Engine } from "./engine.ts";
import { findEngine } from "./find_engine.ts";
import { loadStream } from "./load.ts";
import type { OnStatus } from "./step_log.ts";

/** What planning needs. */
export interface LoadOptions
  extends Pick<BuildOptions, "platforms" | "provenance" | "sbom" | "attestations"> {
  logger?: Logger;
  signal: AbortSignal;
  onStatus: OnStatus;
  env?: Environment;
}

/** Outputs in which each load has its stream. */
export interface PlannedLoads {
  readonly outputs: readonly PlannedOutput[];
  /** What to tell of the output at a position. */
  result(result: OutputResult, position: number): OutputResult;
  close(): Promise<void>;
}

/**
 * Finds the engine for the outputs that are to be loaded; without any, nothing is looked for.
 *
 * @throws {EngineError | ConnectionError} if there is no engine
 * @throws {OptionError} if its store can't hold what is built
 */
export async function planLoads(
  outputs: readonly PlannedOutput[],
  options: LoadOptions,
): Promise<PlannedLoads> {
  if (!outputs.some(({ output }) => isLoad(output))) {
    return { outputs, result: (result) => result, close: () => Promise.resolve() };
  }
  const engine = await requireEngine(options);
  try {
    // A Docker archive holds one image alone; containerd's store takes an OCI archive as well.
    const beyond = beyondOneImage(options);
    if (beyond !== undefined && !await hasContainerdStore(engine, options.signal)) {
      throw new OptionError(
        beyond.option,
        `the Docker engine at ${engine.address} cannot hold an image ${beyond.what}. ` +
          "Turn on its containerd image store, or give an output with a dest",
      );
    }
    const type = beyond !== undefined ? "oci" as const : "docker" as const;
    return {
      outputs: outputs.map((planned) => withStream(planned, type, engine, options.onStatus)),
      result: (result, i) =>
        isLoad(outputs[i]!.output) ? { ...result, type: "docker", dest: engine.address } : result,
      close: () => engine.close(),
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** What makes an index of the result, if anything does. */
function beyondOneImage(options: LoadOptions): { option: string; what: string } | undefined {
  if (new Set(options.platforms).size > 1) {
    return { option: "platforms", what: "for several platforms" };
  }
  const { attrs, optional } = attestationAttrs(options);
  const [first] = Object.keys(attrs);
  if (first === undefined || optional) return undefined;
  return { option: first.slice("attest:".length), what: "with attestations" };
}

function withStream(
  planned: PlannedOutput,
  type: "docker" | "oci",
  engine: Engine,
  onStatus: OnStatus,
): PlannedOutput {
  const { output, exporter } = planned;
  if (exporter === undefined || !isLoad(output)) return planned;
  const { load: _load, ...rest } = output;
  const dest = loadStream(engine, onStatus);
  return { ...planned, output: { ...rest, type, dest }, exporter: { ...exporter, type } };
}

async function requireEngine(
  { env = readEnvironment, logger, signal }: LoadOptions,
): Promise<Engine> {
  const looks: string[] = [];
  const onLook = (where: string, outcome: string) => {
    looks.push(`  ${where}: ${outcome}`);
    logger?.debug?.(`${where}: ${outcome}`);
  };
  const engine = await findEngine({ env, signal, onLook });
  if (engine !== undefined) return engine;
  throw new EngineError(
    "ENGINE_NOT_FOUND",
    `There is no Docker engine to load the image into. Tried:\n${looks.join("\n")}\n` +
      "Start Docker, or set DOCKER_HOST",
  );
}

async function hasContainerdStore(engine: Engine, abortSignal: AbortSignal): Promise<boolean> {
  const { DriverStatus } = await (await engine.api()).info({ abortSignal });
  return JSON.stringify(DriverStatus ?? []).includes("io.containerd.snapshotter");
}
