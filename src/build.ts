/** `build()`: options in, image out. The only place where the parts meet. */
import { chooseBuilder } from "./builder.ts";
import { type BuildKitClient, connect } from "./client.ts";
import { openInputs } from "./context.ts";
import { recordLogins } from "./diagnosis/login_record.ts";
import { CanceledError, TimeoutError } from "./errors.ts";
import { Fanout } from "./fanout.ts";
import { entitlements, frontendAttrs } from "./frontend/attrs.ts";
import type { SolveRequest, StatusResponse } from "./gen/control.ts";
import { imageSize } from "./image_size.ts";
import { decodeMetadata } from "./metadata.ts";
import { checkOptions } from "./options.ts";
import { pathOf, type PlannedOutput, planOutputs } from "./outputs.ts";
import { type BuildEvent, eventMapper, EVENTS_VERSION, failureEvent } from "./progress/events.ts";
import { reportInputs, reportOutputs, reportTitle } from "./report/build_facts.ts";
import { ReportFile } from "./report/report_file.ts";
import { createCredentialStore } from "./registry/credentials.ts";
import { authHandlers } from "./session/auth.ts";
import { ExportTargets } from "./session/file_send.ts";
import { fileSyncHandlers } from "./session/file_sync.ts";
import { randomId } from "./session/id.ts";
import { TransferLog } from "./session/transfer_log.ts";
import { runSolve } from "./solve.ts";
import { unlessAborted } from "./unless_aborted.ts";
import type { BuildOptions, BuildResult, OutputResult, Transfer } from "./types.ts";

/** Where the daemon's answer has the image's digest. */
const DIGEST = "containerimage.digest";

/**
 * Builds an image.
 *
 * The build starts at once. Await the returned handle for the result, or iterate it for events; leaving the loop cancels
 * the build. Needs `--allow-net` for the daemon's address, `--allow-read` for the context, `--allow-env=BUILDKIT_HOST`
 * unless `address` is given, and the environment that the gRPC library reads (see README).
 *
 * @throws {OptionError} if an option can't be used; nothing was sent then
 * @throws {NoBuilderError | ConnectionError} if there is no builder, it can't be reached, or it fell silent
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

/** Longer than any gap between the calls that a daemon makes every five seconds, and waits at most 30 for. */
const STALL_TIMEOUT_MS = 60_000;

/** Timers can't be set for longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A build under way: a promise of its result, and an iterable of its events. */
export class Build implements Promise<BuildResult>, AsyncIterable<BuildEvent>, AsyncDisposable {
  /** The build's id on the daemon. */
  readonly ref: string = randomId();
  readonly [Symbol.toStringTag] = "Build";
  readonly #statuses = new Fanout<StatusResponse>();
  readonly #cancel = new AbortController();
  #signal: AbortSignal | undefined;
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

  /**
   * The whole build as events, for a log of it: from the first `next()` on, with a `start` event before all others and an
   * `end` event after them. It never fails, and leaving it changes nothing. A reader that is slower than the build holds
   * the daemon's stream back, and with it the other readers, but never the build itself.
   */
  async *events(): AsyncIterableIterator<BuildEvent> {
    const toEvents = eventMapper();
    const statuses = this.#statuses.subscribe();
    try {
      yield { type: "start", version: EVENTS_VERSION, ref: this.ref };
      for await (const status of statuses) yield* toEvents(status);
    } finally {
      await statuses.return?.();
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
    let deadline: ReturnType<typeof setTimeout> | undefined;
    try {
      checkOptions(options);
      const { timeoutMs = Infinity } = options;
      if (timeoutMs <= LONGEST_TIMER_MS) {
        deadline = setTimeout(() => this.cancel(new TimeoutError(timeoutMs)), timeoutMs);
      }
      const given = options.signal;
      const signal = given === undefined
        ? this.#cancel.signal
        : AbortSignal.any([given, this.#cancel.signal]);
      this.#signal = signal;
      const onStatus = (status: StatusResponse) => this.#statuses.publish(status);
      return await runReported(options, { ref: this.ref, signal, onStatus });
    } finally {
      clearTimeout(deadline);
      this.#statuses.end();
    }
  }
}

/** What one run of a build has besides its options. */
interface Run {
  readonly ref: string;
  readonly signal: AbortSignal;
  /** See {@linkcode SolveOptions.onStatus}. */
  readonly onStatus: (status: StatusResponse) => Promise<void> | undefined;
  readonly transfers: TransferLog;
}

/** Runs a build, and writes a report of it where one is asked for. */
async function runReported(
  options: BuildOptions,
  given: Omit<Run, "transfers">,
): Promise<BuildResult> {
  const run = { ...given, transfers: new TransferLog() };
  if (options.report === undefined) return await runBuild(options, run);
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
    result = await runBuild(options, { ...run, onStatus });
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

async function runBuild(
  options: BuildOptions,
  { ref, signal, onStatus, transfers }: Run,
): Promise<BuildResult> {
  const start = performance.now();
  signal.throwIfAborted();
  const attrs = frontendAttrs(options);
  const outputs = planOutputs(options);
  const logins = recordLogins(createCredentialStore({ auth: options.auth }));
  const inputs = await openInputs({ ...options, signal });
  const { address } = chooseBuilder(options.address);
  const client = connect(address, options.tls === undefined ? {} : { tls: options.tls });
  const targets = new ExportTargets(outputs.map(({ output }) => output));
  const request = {
    ref,
    frontend: "dockerfile.v0",
    frontendAttrs: new Map(Object.entries({ filename: inputs.filename, ...attrs })),
    entitlements: entitlements(attrs),
    ...exporters(outputs),
  };
  const handlers = {
    ...fileSyncHandlers(inputs.trees, transfers),
    ...targets.handlers(),
    ...authHandlers(logins),
  };
  try {
    const { sharedKey, trees, filename } = inputs;
    const { stallTimeoutMs = STALL_TIMEOUT_MS } = options;
    const facts = { trees, filename, hasLogin: (host: string) => logins.has(host) };
    const solving = { handlers, sharedKey, onStatus, signal, stallTimeoutMs, facts };
    const response = await runSolve(client, request, solving);
    const written = await unlessAborted(targets.commit(), signal);
    const results = await withImageSize(client, response, written, signal);
    return toResult(ref, response, results, transfers.transfers, performance.now() - start);
  } catch (error) {
    // Of an export that failed here the daemon may know no more than that the stream ended.
    const reason = signal.aborted ? error : targets.failure ?? error;
    await targets.discard(reason);
    throw reason;
  } finally {
    await client.close();
  }
}

/** Daemons before v0.13 know one exporter only, in fields of its own. */
function exporters(outputs: PlannedOutput[]): Partial<SolveRequest> {
  const list = outputs.flatMap(({ exporter }) => exporter === undefined ? [] : [exporter]);
  const [first] = list;
  if (first === undefined) return {};
  return { exporters: list, exporterDeprecated: first.type, exporterAttrsDeprecated: first.attrs };
}

async function withImageSize(
  client: BuildKitClient,
  response: Map<string, string>,
  outputs: OutputResult[],
  signal: AbortSignal,
): Promise<OutputResult[]> {
  const digest = response.get(DIGEST);
  if (digest === undefined || !outputs.some(({ type }) => type === "image")) return outputs;
  const bytes = await imageSize(client, digest, signal);
  if (bytes === undefined) return outputs;
  return outputs.map((output) => output.type === "image" ? { ...output, bytes } : output);
}

function toResult(
  ref: string,
  response: Map<string, string>,
  outputs: OutputResult[],
  transfers: Transfer[],
  durationMs: number,
): BuildResult {
  const digest = response.get(DIGEST);
  return {
    ref,
    digest,
    imageId: response.get("containerimage.config.digest") ?? digest,
    names: response.get("image.name")?.split(",") ?? [],
    outputs,
    transfers,
    metadata: decodeMetadata(response),
    durationMs,
  };
}
