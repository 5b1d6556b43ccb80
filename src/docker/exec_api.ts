/** The part of dockerode that runs programs in containers. */
import type { ApiOptions } from "./api.ts";
import type { Engine } from "./engine.ts";

/** A program in a container. */
export interface ExecApi {
  readonly id: string;
  /** GET /exec/ID/json. */
  inspect(options?: ApiOptions): Promise<{ ExitCode: number | null; Running: boolean }>;
}

/** The engine's API, as far as it goes here. Methods reject with an `ApiError`. */
export interface ContainerExecApi {
  getContainer(name: string): {
    /** POST /containers/NAME/exec. */
    exec(options: ApiOptions): Promise<ExecApi>;
    /** GET /containers/NAME/json. */
    inspect(options?: ApiOptions): Promise<{ State: ContainerState }>;
  };
}

/** What an engine says of a container's process. */
export interface ContainerState {
  readonly Status: string;
  readonly Running: boolean;
  readonly ExitCode: number;
  readonly OOMKilled: boolean;
}

/** The engine's API by dockerode. */
export async function execApi(engine: Engine): Promise<ContainerExecApi> {
  return await engine.api() as unknown as ContainerExecApi;
}
