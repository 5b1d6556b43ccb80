/** A BuildKit of one's own beside the work: started, used and taken away again. */
import type { Environment } from "../environment.ts";
import type { SidecarOptions } from "./sidecar_options.ts";
import type { StartedSidecar } from "./sidecar_start.ts";

export type { SidecarOptions } from "./sidecar_options.ts";
export type { SidecarConfig } from "./sidecar_config.ts";

/** A running sidecar. Leaving an `await using` block removes it, unless it is to be kept. */
export interface Sidecar extends AsyncDisposable {
  /** The container's name. */
  readonly name: string;
  /** The image that it runs. */
  readonly image: string;
  /** The network that it is on. */
  readonly network: string;
  /** Where it is for programs on this machine: for `build({ address })` and BUILDKIT_HOST. */
  readonly address: string;
  /** Where it is for containers on its network, for example `tcp://buildkit:1234`. */
  readonly networkAddress: string;
  /** What it has printed, or the last lines of that. */
  log(lines?: number): Promise<string>;
  /** Removes the container, its network unless somebody else is on it, and its volume unless that was named. Idempotent. */
  remove(): Promise<void>;
}

/**
 * Starts a BuildKit daemon in a container of a Docker engine and waits until it answers. No `docker` is needed.
 *
 * What a run leaves behind that could not remove its sidecar is removed by `moat-build sidecar gc`.
 *
 * @throws {OptionError} if an option can't be used
 * @throws {EngineError} if there is no engine, it refuses, or the daemon does not answer: then with the end of its log
 *
 * @example
 * ```ts no-eval
 * import { build, startSidecar } from "@moat/build";
 *
 * await using sidecar = await startSidecar();
 * await build({ context: ".", tags: ["app"], address: sidecar.address });
 * ```
 */
export async function startSidecar(options: SidecarOptions = {}): Promise<Sidecar> {
  return await startSidecarIn(options);
}

/** The same with another environment than the process's, which says where the engine is. */
export async function startSidecarIn(
  options: SidecarOptions,
  env?: Environment,
): Promise<Sidecar> {
  const { start } = await import("./sidecar_start.ts");
  return new RunningSidecar(await start(options, env), options.keep === true);
}

class RunningSidecar implements Sidecar {
  readonly #started: StartedSidecar;
  readonly #keep: boolean;
  #removal: Promise<void> | undefined;

  constructor(started: StartedSidecar, keep: boolean) {
    this.#started = started;
    this.#keep = keep;
  }

  get name(): string {
    return this.#started.name;
  }

  get image(): string {
    return this.#started.image;
  }

  get network(): string {
    return this.#started.network;
  }

  get address(): string {
    return this.#started.address;
  }

  get networkAddress(): string {
    return this.#started.networkAddress;
  }

  async log(lines?: number): Promise<string> {
    const { containerLog } = await import("./sidecar_log.ts");
    return await containerLog(this.#started.container, lines);
  }

  remove(): Promise<void> {
    return this.#removal ??= this.#remove();
  }

  async #remove(): Promise<void> {
    const { api, engine, name } = this.#started;
    const { removeParts, sidecarParts } = await import("./sidecar_removal.ts");
    try {
      await removeParts(api, await sidecarParts(api, name));
    } finally {
      await engine.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#keep) return await this.remove();
    if (this.#removal === undefined) await this.#started.engine.close();
  }
}
