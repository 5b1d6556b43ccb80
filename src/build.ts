/** `build()`: options in, image out. */
import { CanceledError, TimeoutError } from "./errors.ts";
import { Fanout } from "./fanout.ts";
import type { BuildFunction } from "./gateway/solve.ts";
import type { StatusResponse } from "./gen/control.ts";
import { checkOptions } from "./options.ts";
import { pathOf } from "./outputs.ts";
import type { BuildEvent } from "./progress/events.ts";
import { type BuildRun, type BuildWays, runBuild } from "./run_build.ts";
import { explainRefusal } from "./runtime/refusal.ts";
import { randomId } from "./session/id.ts";
import { TransferLog } from "./session/transfer_log.ts";
import type { AccessEvent, BuildOptions, BuildResult } from "./types.ts";
import { LONGEST_TIMER_MS, unrefTimeout } from "./runtime/timers.ts";

/**
 * Builds an image.
 *
 * The build starts at once. Await the returned handle for the result, or iterate it for events; leaving the loop cancels
 * the build. Needs `--allow-net` for the daemon's address, `--allow-read` for the context, `--allow-env=BUILDKIT_HOST`
 * unless `address` is given (see README).
 *
 * @throws {OptionError} if an option can't be used; nothing was sent then
 * @throws {NoBuilderError | ConnectionError} if there is no builder, it can't be reached, or it fell silent
 * @throws {EngineError} if a Docker engine refuses something other than a build: to load an image, to push it
 * @throws {BuildError} if the build failed
 * @throws {FileError} if a file of the context could not be read as it was
 * @throws {TimeoutError} if it took longer than `timeoutMs`
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

/**
 * Builds with a frontend of your own in the Dockerfile's place: a function that gets the daemon's gateway and returns a
 * result, for which the options then say what becomes of it, as for {@linkcode build}. Without `context` and `dockerfile`
 * the build has no files. See docs/gateway.md.
 *
 * @throws what `frontend` throws; besides that, what {@linkcode build} does
 *
 * @example
 * ```ts no-eval
 * import { runFrontend } from "@moat/build";
 *
 * await runFrontend(async (client) => {
 *   const base = await client.solve({ frontend: "dockerfile.v0", attrs: { ...client.attrs, target: "base" } });
 *   const version = new TextDecoder().decode(await base.ref!.readFile("/VERSION"));
 *   return await client.solve({
 *     frontend: "dockerfile.v0",
 *     attrs: { ...client.attrs, "build-arg:VERSION": version.trim() },
 *   });
 * }, { context: ".", tags: ["app"] });
 * ```
 */
export function runFrontend(frontend: BuildFunction, options: BuildOptions = {}): Build {
  return new Build(options, { gateway: frontend, withoutDockerfile: true });
}

/** A build under way: a promise of its result, and an iterable of its events. */
export class Build implements Promise<BuildResult>, AsyncIterable<BuildEvent>, AsyncDisposable {
  /** The build's id on the daemon. */
  readonly ref: string = randomId();
  /** Names the class in what prints objects. */
  readonly [Symbol.toStringTag] = "Build";
  readonly #happenings = new Fanout<StatusResponse | AccessEvent>();
  readonly #cancel = new AbortController();
  #signal: AbortSignal | undefined;
  readonly #result: Promise<BuildResult>;

  /** @ignore */
  constructor(options: BuildOptions, ways: BuildWays = {}) {
    this.#result = this.#run(options, ways);
  }

  /** Cancels the build. It then rejects with `reason`, by default a `CanceledError`. */
  cancel(reason: unknown = new CanceledError("The build was canceled")): void {
    this.#cancel.abort(reason);
  }

  /** The events from now on. Leaving the loop cancels the build; a build that fails ends the loop with its error. */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<BuildEvent> {
    const happenings = this.#happenings.subscribe();
    const toEvents = (await import("./progress/events.ts")).eventMapper();
    // The loop reports the failure; without a second reader the promise's own report would be one too many.
    this.#result.catch(() => {});
    let ended = false;
    try {
      for await (const one of happenings) yield* isStatus(one) ? toEvents(one) : [one];
      ended = true;
      await this.#result;
    } finally {
      if (!ended) this.cancel();
      await this.#settled();
    }
  }

  /**
   * The whole build as events, for a log of it: from the first `next()` on, with a `start` event before all others and an
   * `end` event after them. It never fails, and leaving it changes nothing. A reader that is slower than the build holds
   * the daemon's stream back, and with it the other readers, but never the build itself.
   */
  async *events(): AsyncIterableIterator<BuildEvent> {
    const happenings = this.#happenings.subscribe();
    const { eventMapper, EVENTS_VERSION, failureEvent } = await import("./progress/events.ts");
    const toEvents = eventMapper();
    try {
      yield { type: "start", version: EVENTS_VERSION, ref: this.ref };
      for await (const one of happenings) yield* isStatus(one) ? toEvents(one) : [one];
    } finally {
      await happenings.return?.();
    }
    yield await this.#result.then(
      (result) => ({ type: "end", state: "completed", result }),
      (error) =>
        failureEvent(error, this.#signal?.aborted === true && this.#signal.reason === error),
    );
  }

  /**
   * The daemon's status messages from now on, as they came; leaving the loop changes nothing. Read them or call
   * `return()`: unread ones hold the daemon's stream back until the build is over.
   */
  statuses(): AsyncIterableIterator<StatusResponse> {
    return this.#happenings.subscribe(isStatus);
  }

  /** Waits for the result, as every promise; this is what `await` calls. */
  then<T = BuildResult, E = never>(
    onDone?: ((result: BuildResult) => T | PromiseLike<T>) | null,
    onFailed?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.#result.then(onDone, onFailed);
  }

  /** Handles the error, as every promise. */
  catch<E = never>(
    onFailed?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<BuildResult | E> {
    return this.#result.catch(onFailed);
  }

  /** Runs `onEnd` when the build is over, however it ended. */
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

  async #run(options: BuildOptions, ways: BuildWays): Promise<BuildResult> {
    // A turn for the caller to subscribe before the first event.
    await Promise.resolve();
    let stopDeadline = () => {};
    try {
      checkOptions(options);
      const { timeoutMs = Infinity } = options;
      if (timeoutMs <= LONGEST_TIMER_MS) {
        stopDeadline = unrefTimeout(() => this.cancel(new TimeoutError(timeoutMs)), timeoutMs);
      }
      const given = options.signal;
      const signal = given === undefined
        ? this.#cancel.signal
        : AbortSignal.any([given, this.#cancel.signal]);
      this.#signal = signal;
      const onStatus = (status: StatusResponse) => this.#happenings.publish(status);
      const onAccess = (event: AccessEvent) => void this.#happenings.publish(event);
      const told = { onStatus, onAccess };
      return await runReported({ options, ref: this.ref, signal, ...told, ...ways });
    } catch (error) {
      // What the caller has thrown stays as it is: the signal's reason, and a function's own error.
      const isOurs = this.#signal?.aborted !== true && ways.gateway === undefined;
      throw isOurs ? explainRefusal(error) : error;
    } finally {
      stopDeadline();
      this.#happenings.end();
    }
  }
}

function isStatus(one: StatusResponse | AccessEvent): one is StatusResponse {
  return "vertexes" in one;
}

/** Runs a build, and writes a report of it where one is asked for. */
async function runReported(given: Omit<BuildRun, "transfers">): Promise<BuildResult> {
  const { options } = given;
  const run = { ...given, transfers: new TransferLog() };
  if (options.report === undefined) return await runBuild(run);
  const { ReportFile, reportInputs, reportOutputs, reportTitle } = await import(
    "./report/report_file.ts"
  );
  const report = new ReportFile(pathOf(options.report, "report"));
  const onStatus = (status: StatusResponse) => {
    report.update(status);
    return run.onStatus(status);
  };
  const facts = () => ({
    title: reportTitle(options),
    ref: run.ref,
    inputs: reportInputs(options, report.state),
    transfers: run.transfers.transfers.map((transfer) => {
      return { ...transfer, largest: run.transfers.largest(transfer.name) };
    }),
  });
  let result: BuildResult;
  try {
    result = await runBuild({ ...run, onStatus });
  } catch (error) {
    const canceled = run.signal.aborted && error === run.signal.reason;
    const failure = { error, canceled };
    // The build's failure is what counts, also where its report fails too.
    await report.write({ ...facts(), outputs: [], failure }).catch(() => {});
    throw error;
  }
  await report.write({ ...facts(), outputs: reportOutputs(result), failure: undefined });
  return result;
}
