/** The part of dockerode that sidecars need. */
import type { Buffer } from "node:buffer";
import type { Readable } from "node:stream";
import type { ApiOptions, ApiStream } from "./api.ts";
import type { Engine } from "./engine.ts";
import type { ContainerState } from "./exec_api.ts";

/** What engines tell of anything that can be labelled. */
export type Labels = Readonly<Record<string, string>>;

/** A container in a list. */
export interface ListedContainer {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly State: string;
  readonly Labels: Labels | null;
}

/** A network in a list. */
export interface ListedNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Labels: Labels | null;
}

/** A volume in a list. */
export interface ListedVolume {
  readonly Name: string;
  readonly Labels: Labels | null;
}

/** What an engine tells of one container. */
export interface ContainerDetails {
  readonly Id: string;
  readonly State: ContainerState;
  readonly Config: { readonly Image: string; readonly Labels: Labels | null };
  readonly NetworkSettings: {
    readonly Ports: Readonly<
      Record<string, ReadonlyArray<{ HostIp: string; HostPort: string }> | null>
    >;
  };
}

/** One container. */
export interface ContainerApi {
  readonly id: string;
  start(options?: ApiOptions): Promise<unknown>;
  stop(options?: ApiOptions): Promise<unknown>;
  /** Resolves when the container has stopped. */
  wait(options?: ApiOptions): Promise<{ StatusCode: number }>;
  remove(options?: ApiOptions): Promise<unknown>;
  inspect(options?: ApiOptions): Promise<ContainerDetails>;
  logs(options: ApiOptions): Promise<Uint8Array>;
  putArchive(archive: Buffer, options: ApiOptions): Promise<unknown>;
}

/** The engine's API, as far as it goes here. Methods reject with an `ApiError`. */
export interface SidecarApi {
  createContainer(options: ApiOptions): Promise<ContainerApi>;
  createNetwork(options: ApiOptions): Promise<unknown>;
  createVolume(options: ApiOptions): Promise<unknown>;
  getContainer(name: string): ContainerApi;
  getImage(name: string): { inspect(options?: ApiOptions): Promise<unknown> };
  getNetwork(name: string): {
    inspect(options?: ApiOptions): Promise<ListedNetwork>;
    remove(options?: ApiOptions): Promise<unknown>;
  };
  getVolume(name: string): { remove(options?: ApiOptions): Promise<unknown> };
  listContainers(options?: ApiOptions): Promise<ListedContainer[]>;
  listNetworks(options?: ApiOptions): Promise<ListedNetwork[]>;
  listVolumes(options?: ApiOptions): Promise<{ Volumes: ListedVolume[] | null }>;
  /** POST /images/create. */
  pull(image: string, options: ApiOptions): Promise<ApiStream & Readable>;
}

/** The engine's API by dockerode. */
export async function sidecarApi(engine: Engine): Promise<SidecarApi> {
  return await engine.api() as unknown as SidecarApi;
}
