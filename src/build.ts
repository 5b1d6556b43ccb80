/** `build()`: options in, image out. */
import { CanceledError } from "./errors.ts";
import { Fanout } from "./fanout.ts";
import type { StatusResponse } from "./gen/control.ts";
import { checkOptions } from "./options.ts";
import { type BuildEvent, eventMapper } from "./progress/events.ts";
import { runBuild } from "./run_build.ts";
import { randomId } from "./session/id.ts";
import type { BuildOptions, BuildResult } from "./types.ts";

/**
 * Builds an image.
 *
 * The build starts at once. Await the returned handle for the result, or iterate it for events; leaving the loop cancels
 * the build. Needs `--allow-net` for the daemon's address, `--allow-read` for the context, `--allow-env=BUILDKIT_HOST`
 * unless `address` is given (see README).
 *
 * @throws {OptionError} if an option can't be used; nothing was sent then
 * @throws {NoBuilderError | ConnectionError} if there is no builder, or it can't be reached
 * @throws {EngineError} if a Docker engine refuses something other than a build: to load an image, to push it
 * @throws {BuildError} if the build failed
 * @throws {FileError} if a file of the context could not be read as it was
 *
 * @example
 * ```ts no-eval
 * import { build } from "@moat/build";
 *
 * const { digest } = await build({ context: ".", tags: ["app"], address: "tcp://127.0.0.1:1234" });
 * console.log(digest);
 * ```
 */
export function build(options: BuildOptions = {}): Build {
  return new Build(options);
}

/** A build under way: a promise of its result, and an iterable of its events. */
export class Build implements Promise<BuildResult>, AsyncIterable<BuildEvent>, AsyncDisposable {
  /** The build's id on the daemon. */
  readonly ref: string = randomId();
  readonly [Symbol.toStringTag] = "Build";
  readonly #statuses = new Fanout<StatusResponse>();
  readonly #cancel = new AbortController();
  readonly #result: Promise<BuildResult>;

  /** @ignore */
  constructor(options: BuildOptions) {
    this.#result = this.#run(options);
  }

  /** Cancels the build. It then rejects with `reason`, by default a `CanceledError`. */
  cancel(reason: unknown = new CanceledError("The build was canceled")): void {
    this.#cancel.abort(reason);
  }

  /** The events from now on. Leaving the loop cancels the build; a build that fails ends the loop with its error. */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<BuildEvent> {
    const toEvents = eventMapper();
    const statuses = this.#statuses.subscribe();
    // The loop reports the failure; without a second reader the promise's own report would be one too many.
    this.#result.catch(() => {});
    let ended = false;
    try {
      for await (const status of statuses) yield* toEvents(status);
      ended = true;
      await this.#result;
    } finally {
      if (!ended) this.cancel();
      await this.#settled();
    }
  }

  /** The daemon's status messages from now on, as they came; leaving the loop changes nothing. */
  statuses(): AsyncIterableIterator<StatusResponse> {
    return this.#statuses.subscribe();
  }

  then<T = BuildResult, E = never>(
    onDone?: ((result: BuildResult) => T | PromiseLike<T>) | null,
    onFailed?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.#result.then(onDone, onFailed);
  }

  catch<E = never>(
    onFailed?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<BuildResult | E> {
    return this.#result.catch(onFailed);
  }

  finally(onEnd?: (() => void) | null): Promise<BuildResult> {
    return this.#result.finally(onEnd);
  }

  /** Cancels the build if it still runs, and waits until nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#settled();
  }

  async #settled(): Promise<void> {
    await this.#result.then(() => {}, () => {});
  }

  async #run(options: BuildOptions): Promise<BuildResult> {
    // A turn for the caller to subscribe before the first event.
    await Promise.resolve();
    try {
      checkOptions(options);
      const given = options.signal;
      const signal = given === undefined
        ? this.#cancel.signal
        : AbortSignal.any([given, this.#cancel.signal]);
      const onStatus = (status: StatusResponse) => this.#statuses.publish(status);
      return await runBuild({ options, ref: this.ref, signal, onStatus });
    } finally {
      this.#statuses.end();
    }
  }
}
