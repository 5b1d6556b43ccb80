/** Results on their way to this machine: service FileSend (session/filesync/filesync.go). */
import { fileURLToPath } from "node:url";
import { ProtocolError } from "../errors.ts";
import { type ArchiveSink, archiveSink } from "../files/archive_sink.ts";
import { receiveArchive } from "../files/archive.ts";
import { type OnRefused, receiveTree } from "../files/receive.ts";
import { TarEnd } from "../files/tar_end.ts";
import { FileSend } from "../gen/filesync.ts";
import type { Handlers, ServerCall } from "../rpc/call.ts";
import { Refusal } from "../rpc/refusal.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import type { ArchiveOutput, LocalOutput, Output, OutputResult } from "../types.ts";

const EXPORTER_ID = "buildkit-attachable-exporter-id";
const ALL_PLATFORMS = "buildkit-exporter-multi-platform";

/**
 * The outputs of one build, as the daemon's exports find them. Attach {@linkcode handlers} to the session; when the build has
 * succeeded call {@linkcode commit}, when it has not {@linkcode discard}: only then are archives in place, or gone.
 */
export class ExportTargets {
  readonly #outputs: readonly Output[];
  /** By position among the outputs; undefined for those that do not end up here. */
  readonly #targets: ReadonlyArray<Target | undefined>;
  /** By position among the exporters of the request, where `cacheonly` is none. */
  readonly #exporters: ReadonlyArray<Target | undefined>;

  #failure: { error: unknown } | undefined;

  /** `onRefused` is told of what is left out of outputs. Throws a `FileError` for an output that cannot be written. */
  constructor(outputs: readonly Output[], onRefused: OnRefused = () => {}) {
    this.#outputs = outputs;
    this.#targets = outputs.map((output) => makeTarget(output, onRefused));
    this.#exporters = this.#targets.filter((_, i) => outputs[i]!.type !== "cacheonly");
  }

  /** The session's methods that receive; none if nothing is to be received. */
  handlers(): Handlers {
    if (this.#targets.every((target) => target === undefined)) return {};
    return { [FileSend.diffCopy.path]: (call) => this.#receive(call) };
  }

  async #receive(call: ServerCall): Promise<void> {
    const id = exporterId(call);
    const target = this.#exporters[id];
    if (target === undefined) {
      const text = `exporter ${id} not found`;
      throw new Refusal(StatusCode.NOT_FOUND, `a place for the output ${id}`, text);
    }
    target.streams++;
    try {
      await target.receive(call);
      target.completed++;
    } catch (error) {
      target.failure ??= { error };
      // A call that the daemon broke off, or an error that it reported, has its reason over there.
      if (!call.signal.aborted && !(error instanceof RpcError)) this.#failure ??= { error };
      throw error;
    }
  }

  /**
   * The error of this side that made an export fail, for example a full disk; undefined if there was none. If it is there, it
   * is why the build failed: what the daemon says then may be a mere "EOF", depending on which end it sees first.
   */
  get failure(): unknown {
    return this.#failure?.error;
  }

  /** Throws if an output did not arrive, or not to its end. */
  assertComplete(): void {
    for (const target of this.#targets) {
      if (target === undefined) continue;
      const { failure, streams, completed } = target;
      // What the daemon broke off or was refused, although it says that all went well.
      const wrong = failure?.error instanceof RpcError ? failure.error : undefined;
      if (failure !== undefined && wrong === undefined) throw failure.error;
      if (streams > 0 && streams === completed) {
        target.assertWhole?.();
        continue;
      }
      throw new ProtocolError(
        `The build ended, but the builder ${streams > 0 ? "did not finish" : "never began"} ` +
          `to send the output of type ${target.type} for ${target.dest}` +
          (wrong === undefined ? "" : ` (${wrong.message})`),
        { cause: wrong },
      );
    }
  }

  /** After a build that succeeded: checks that all has arrived and puts the archives in place. */
  async commit(): Promise<OutputResult[]> {
    this.assertComplete();
    for (const target of this.#targets) await target?.sink?.commit();
    return this.results();
  }

  /** After a build that did not: removes unfinished archives, aborts streams. */
  async discard(reason: unknown): Promise<void> {
    for (const target of this.#targets) await target?.sink?.discard(reason);
  }

  /** One result for each output, in their order. */
  results(): OutputResult[] {
    return this.#outputs.map(({ type }, i) => this.#targets[i]?.result() ?? { type });
  }
}

/** One output that is received. */
interface Target {
  readonly type: Output["type"];
  readonly dest: string;
  readonly sink?: ArchiveSink;
  /** Throws if what arrived is cut off. */
  assertWhole?(): void;
  /** Streams that began, and those that came to their end. Several platforms of a `local` output come in one each. */
  streams: number;
  completed: number;
  failure?: { error: unknown };
  receive(call: ServerCall): Promise<void>;
  result(): OutputResult;
}

function makeTarget(output: Output, onRefused: OnRefused): Target | undefined {
  switch (output.type) {
    case "local":
      return localTarget(output, onRefused);
    case "tar":
    case "oci":
    case "docker":
      // What a Docker engine's own BuildKit makes is in the engine's store already.
      return "dest" in output && output.tar !== false ? archiveTarget(output) : undefined;
    default:
      return undefined;
  }
}

function localTarget(output: LocalOutput, onRefused: OnRefused): Target {
  const { type, dest: where, privileged = false } = output;
  const dest = where instanceof URL ? fileURLToPath(where) : where;
  let entries = 0;
  let bytes = 0;
  return {
    type,
    dest,
    streams: 0,
    completed: 0,
    async receive(call) {
      const removeOthers = isDeleteMode(output);
      if (removeOthers) requireOneStream(call);
      const summary = await receiveTree(call, dest, { removeOthers, privileged, onRefused });
      entries += summary.entries;
      bytes += summary.bytes;
    },
    result: () => ({ type, dest, bytes, entries }),
  };
}

function archiveTarget({ type, dest: where }: ArchiveOutput): Target {
  const sink = archiveSink(where);
  const dest = where instanceof WritableStream
    ? "stream"
    : where instanceof URL
    ? fileURLToPath(where)
    : where;
  const end = new TarEnd();
  let bytes = 0;
  return {
    type,
    dest,
    sink,
    // Of an export that failed over there the stream ends as if all was well: the build's own failure says more.
    assertWhole: () => end.end(),
    streams: 0,
    completed: 0,
    async receive(call) {
      if (this.streams > 1) {
        const text = `${type} output was received already`;
        throw new Refusal(StatusCode.FAILED_PRECONDITION, `a second place for ${dest}`, text);
      }
      const checked = {
        write: (chunk: Uint8Array) => {
          end.push(chunk);
          return sink.write(chunk);
        },
      };
      ({ bytes } = await receiveArchive(call, checked));
    },
    result: () => ({ type, dest, bytes }),
  };
}

/** Whether the destination is to hold nothing but the result; spelled as the daemon reads it (client/exporters.go). */
function isDeleteMode({ mode, attrs }: LocalOutput): boolean {
  return (attrs?.mode ?? mode)?.trim().toLowerCase() === "delete";
}

/** A daemon that sends each platform for itself would have each remove the others. */
function requireOneStream(call: ServerCall): void {
  if (call.metadata.getAll(ALL_PLATFORMS).includes("1")) return;
  throw new RpcError(
    StatusCode.FAILED_PRECONDITION,
    "the local output's mode=delete needs a newer builder (BuildKit v0.31), which sends all platforms at once",
  );
}

/** Which exporter a call is for; a missing or unreadable number is the first. */
function exporterId(call: ServerCall): number {
  const text = call.metadata.get(EXPORTER_ID) ?? "";
  const id = /^[+-]?\d+$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(id) ? id : 0;
}
