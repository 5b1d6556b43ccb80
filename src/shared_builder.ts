/** One connection to a builder for many builds. */
import { Build } from "./build.ts";
import { type Builder, chooseBuilder } from "./builder.ts";
import { absoluteFolders } from "./context/local_source.ts";
import { parseRemote } from "./context/remote.ts";
import { CanceledError, OptionError } from "./errors.ts";
import type { BuildFunction } from "./gateway/solve.ts";
import type { BuildWays } from "./run_build.ts";
import { SharedFolders } from "./session/shared_folders.ts";
import type { BuilderInfo, BuildOptions } from "./types.ts";

/** Options of {@linkcode openBuilder}; all as for `build()`. */
export type SharedBuilderOptions = Pick<BuildOptions, "address" | "tls" | "logger" | "signal">;

/**
 * Opens a builder for many builds: it is chosen once, and they share one connection. Builds that are asked for together and
 * have the same folder as context have the daemon read it once.
 *
 * @throws {NoBuilderError | ConnectionError} as {@linkcode build} does
 *
 * @example
 * ```ts no-eval
 * import { openBuilder } from "@moat/build";
 *
 * const builder = await openBuilder({ address: "tcp://127.0.0.1:1234" });
 * try {
 *   await Promise.all(["api", "web"].map((target) => builder.build({ target, tags: [target] })));
 * } finally {
 *   await builder.close();
 * }
 * ```
 */
export async function openBuilder(options: SharedBuilderOptions = {}): Promise<SharedBuilder> {
  return new SharedBuilder(await chooseBuilder(options));
}

/** A builder that several builds use. */
export class SharedBuilder implements AsyncDisposable {
  readonly #builder: Builder;
  readonly #folders = new SharedFolders();
  /** Each with what is to be done after it. */
  readonly #running = new Map<Build, Promise<void>>();
  #closing: Promise<void> | undefined;

  /** @ignore */
  constructor(builder: Builder) {
    this.#builder = builder;
  }

  /** Who builds. */
  get info(): BuilderInfo {
    const { kind, address, from } = this.#builder;
    return { kind, address, from };
  }

  /** As {@linkcode build}; the options can't name another builder. */
  build(options: Omit<BuildOptions, "address" | "tls"> = {}): Build {
    return this.#start(options);
  }

  /** As {@linkcode runFrontend}; the options can't name another builder. */
  runFrontend(frontend: BuildFunction, options: Omit<BuildOptions, "address" | "tls"> = {}): Build {
    return this.#start(options, { gateway: frontend, withoutDockerfile: true });
  }

  #start(options: BuildOptions, ways: BuildWays = {}): Build {
    for (const name of ["address", "tls"] as const) {
      if (options[name] === undefined) continue;
      throw new OptionError(name, "the builder is chosen already; leave it out");
    }
    if (this.#closing !== undefined) throw new CanceledError("The builder was closed");
    const key = folderKey(options, ways);
    const folder = key === undefined ? undefined : this.#folders.join(key);
    const build = new Build(options, { ...ways, builder: this.#builder, folder });
    const end = async () => {
      await folder?.leave();
      this.#running.delete(build);
    };
    this.#running.set(build, build.then(end, end));
    return build;
  }

  /** Cancels what still runs, and closes the connection. Idempotent. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    const ends = [...this.#running.values()];
    for (const build of this.#running.keys()) {
      build.cancel(new CanceledError("The build was canceled: its builder was closed"));
    }
    await Promise.all(ends);
    await this.#builder.close();
  }

  /** Lets the builder go, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** What is the same for builds of the same folders; undefined where there is nothing to share. */
function folderKey(
  { context, dockerfile, sourcePolicy }: BuildOptions,
  { withoutDockerfile }: BuildWays,
): string | undefined {
  const none = typeof dockerfile === "string" || withoutDockerfile ? undefined : ".";
  const sources = [context ?? none].flat();
  // Files in memory are each build's own, and a policy is asked before anything is read.
  if (!sources.every(isPath) || sourcePolicy !== undefined) return undefined;
  try {
    if (sources.some((source) => parseRemote(source, "context") !== undefined)) return undefined;
    return JSON.stringify([dockerfile === undefined, absoluteFolders(sources)]);
  } catch (error) {
    // The build itself says what is wrong with it.
    if (error instanceof OptionError) return undefined;
    throw error;
  }
}

function isPath(source: unknown): source is string | URL {
  return typeof source === "string" || source instanceof URL;
}
