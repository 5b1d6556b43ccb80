/** Takes away what belongs to sidecars, found by its labels: nothing else is ever touched. */
import { type ApiError, apiMessage, type ApiOptions } from "./api.ts";
import type { Labels, SidecarApi } from "./sidecar_api.ts";
import { SIDECAR_LABEL } from "./sidecar_owner.ts";

/** How long a daemon may take to end, in seconds, before it is killed. */
const STOP_SECONDS = 5;

/** Something of a sidecar. */
export interface SidecarPart {
  readonly kind: "container" | "network" | "volume";
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
}

/** All parts of sidecars on an engine, or those of one sidecar. Containers come first: they hold the others. */
export async function sidecarParts(api: SidecarApi, sidecar?: string): Promise<SidecarPart[]> {
  const label = sidecar === undefined ? SIDECAR_LABEL : `${SIDECAR_LABEL}=${sidecar}`;
  const filters = { label: [label] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    api.listContainers({ all: true, filters }),
    api.listNetworks({ filters }),
    api.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Id: id, Names, Labels }) => {
      const name = Names[0]?.replace(/^\//, "") ?? id;
      return { kind: "container", id, name, labels: Labels ?? {} } as const;
    }),
    ...networks.map(({ Id: id, Name: name, Labels }) => {
      return { kind: "network", id, name, labels: Labels ?? {} } as const;
    }),
    ...(volumes ?? []).map(({ Name: name, Labels }) => {
      return { kind: "volume", id: name, name, labels: Labels ?? {} } as const;
    }),
  ];
}

/**
 * Removes parts, containers first, and says which ones are gone. A network or volume that somebody else uses stays.
 *
 * @throws what the engine refused, after the rest was tried; several as an `AggregateError`
 */
export async function removeParts(
  api: SidecarApi,
  parts: readonly SidecarPart[],
): Promise<SidecarPart[]> {
  const removed: SidecarPart[] = [];
  const failures: unknown[] = [];
  for (const part of parts) {
    try {
      if (await removePart(api, part)) removed.push(part);
    } catch (error) {
      const message = `Cannot remove the ${part.kind} ${part.name}: ${apiMessage(error)}`;
      failures.push(new Error(message, { cause: error }));
    }
  }
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, "Cannot remove parts of sidecars");
  return removed;
}

/** False if it stays, because it is in use. */
async function removePart(api: SidecarApi, { kind, id }: SidecarPart): Promise<boolean> {
  switch (kind) {
    case "container": {
      const container = api.getContainer(id);
      await unlessGone(() => container.stop({ t: STOP_SECONDS }));
      await unlessGone(() => container.remove({ force: true, v: true }));
      return true;
    }
    case "network":
      return await unlessInUse(() => api.getNetwork(id).remove());
    case "volume":
      return await unlessInUse(() => api.getVolume(id).remove());
  }
}

/** 304: it was stopped already. 404: it is gone. 409: it is being removed by somebody else. */
async function unlessGone(remove: (options?: ApiOptions) => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (![304, 404, 409].includes((error as ApiError).statusCode ?? 0)) throw error;
  }
}

/** 403 is what engines answer for networks, 409 for volumes. */
async function unlessInUse(remove: () => Promise<unknown>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (error) {
    const { statusCode = 0 } = error as ApiError;
    if (statusCode === 404) return true;
    if (statusCode === 403 || statusCode === 409) return false;
    throw error;
  }
}
