/** The sidecars of an engine: what there is, whose it is, and what a crashed run has left. */
import { type Environment, readEnvironment } from "../environment.ts";
import { EngineError } from "../errors.ts";
import type { Engine } from "./engine.ts";
import { containerAddress, findContainerEngine } from "./exec_engine.ts";
import { type SidecarApi, sidecarApi } from "./sidecar_api.ts";
import { containerLog } from "./sidecar_log.ts";
import {
  ADDRESS_LABEL,
  NETWORK_LABEL,
  type OwnerState,
  ownerState,
  SIDECAR_LABEL,
  thisProcess,
} from "./sidecar_owner.ts";
import { removeParts, type SidecarPart, sidecarParts } from "./sidecar_removal.ts";

/** Which engine is meant. */
export interface EngineChoice {
  /** A docker context. @default the engine that builds would use */
  context?: string | undefined;
  /** @default the process's environment */
  env?: Environment | undefined;
  signal?: AbortSignal | undefined;
}

/** One sidecar in a list. */
export interface SidecarInfo {
  readonly name: string;
  /** The container's state, for example `running`; `gone` if only its network or volume is left. */
  readonly state: string;
  readonly image: string;
  /** Where it is for programs on this machine. */
  readonly address: string;
  readonly network: string;
  /** Where it is for containers on that network. */
  readonly networkAddress: string;
  /** What became of the process that started it; `none` for those that are kept. */
  readonly owner: OwnerState;
}

/** Something of a sidecar that was removed. */
export type RemovedPart = Pick<SidecarPart, "kind" | "name">;

/** All sidecars of the engine, by name. */
export async function listSidecars(choice: EngineChoice = {}): Promise<SidecarInfo[]> {
  return await onEngine(choice, async (api) => {
    const [parts, containers] = await Promise.all([
      sidecarParts(api),
      api.listContainers({ all: true, filters: { label: [SIDECAR_LABEL] } }),
    ]);
    const here = thisProcess();
    const byName = new Map<string, SidecarInfo>();
    for (const { labels } of parts) {
      const name = labels[SIDECAR_LABEL]!;
      if (byName.has(name)) continue;
      const container = containers.find(({ Labels }) => Labels?.[SIDECAR_LABEL] === name);
      byName.set(name, {
        name,
        state: container?.State ?? "gone",
        image: container?.Image ?? "",
        address: containerAddress(name, choice.context),
        network: labels[NETWORK_LABEL] ?? "",
        networkAddress: labels[ADDRESS_LABEL] ?? "",
        owner: ownerState(labels, here),
      });
    }
    return [...byName.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  });
}

/**
 * Removes a sidecar, its network unless somebody else is on it, and its volume unless it was named by `state`.
 *
 * @throws {EngineError} if there is no such sidecar
 */
export async function removeSidecar(
  name: string,
  choice: EngineChoice = {},
): Promise<RemovedPart[]> {
  return await onEngine(choice, async (api, engine) => {
    const parts = await sidecarParts(api, name);
    if (parts.length === 0) throw unknownSidecar(name, engine);
    return await removeParts(api, parts);
  });
}

/** Stops a sidecar's container and keeps everything. Throws an `EngineError` if there is none of that name. */
export async function stopSidecar(name: string, choice: EngineChoice = {}): Promise<void> {
  await onEngine(choice, async (api, engine) => {
    const container = await containerOf(name, api, engine);
    try {
      await container.stop({ t: 5 });
    } catch (error) {
      // 304: it does not run.
      if ((error as { statusCode?: number }).statusCode !== 304) throw error;
    }
  });
}

/** What a sidecar has printed, or the last lines of it. Throws an `EngineError` if there is none of that name. */
export async function sidecarLog(
  name: string,
  choice: EngineChoice & { lines?: number | undefined } = {},
): Promise<string> {
  return await onEngine(choice, async (api, engine) => {
    return await containerLog(await containerOf(name, api, engine), choice.lines);
  });
}

/**
 * Removes what belongs to sidecars whose process has ended without removing them. Sidecars that are kept, and those of
 * processes that can't be seen from here, stay; with `all` only those of living processes and kept ones do.
 */
export async function collectSidecars(
  choice: EngineChoice & { all?: boolean | undefined } = {},
): Promise<RemovedPart[]> {
  return await onEngine(choice, async (api) => {
    const here = thisProcess();
    const parts = (await sidecarParts(api)).filter(({ labels }) => {
      const state = ownerState(labels, here);
      return state === "dead" || state === "unknown" && choice.all === true;
    });
    return await removeParts(api, parts);
  });
}

async function onEngine<T>(
  { context, env = readEnvironment, signal }: EngineChoice,
  work: (api: SidecarApi, engine: Engine) => Promise<T>,
): Promise<T> {
  const at = { scheme: "docker-container", context, text: "the engine of the sidecars" } as const;
  const engine = await findContainerEngine(at, env, signal);
  try {
    return await work(await sidecarApi(engine), engine);
  } finally {
    await engine.close();
  }
}

async function containerOf(name: string, api: SidecarApi, engine: Engine) {
  const part = (await sidecarParts(api, name)).find(({ kind }) => kind === "container");
  if (part === undefined) throw unknownSidecar(name, engine);
  return api.getContainer(part.id);
}

function unknownSidecar(name: string, engine: Engine): EngineError {
  return new EngineError(
    "SIDECAR_FAILED",
    `The Docker engine at ${engine.address} has no sidecar ${name}. List them with moat-build sidecar status`,
  );
}
