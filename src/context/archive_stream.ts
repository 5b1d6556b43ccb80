import { FileError, OptionError } from "../errors.ts";
import { concat } from "../rpc/concat.ts";
import { ARCHIVE_HEAD, beginsWithMore, isArchive } from "./archive_magic.ts";
import { emptyHeader } from "./empty_header.ts";

/**
 * A context that is an archive in a stream. It is read once, at the pace of the builder, and never held as a whole.
 *
 * @throws {OptionError} from the constructor if someone else reads the stream already
 */
export class ArchiveStream {
  readonly #stream: ReadableStream<Uint8Array>;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(stream: ReadableStream<Uint8Array>) {
    if (stream.locked) {
      throw new OptionError("context", "the stream is locked: something else reads it, or has");
    }
    this.#stream = stream;
  }

  /**
   * The archive's bytes. Leaving the loop early cancels the stream.
   *
   * @throws {FileError} if it was read before, fails, or is no archive. Throws the signal's reason when that fires.
   */
  async *read(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (this.#reader !== undefined) {
      throw unreadable(
        "the builder asked for it a second time, and a stream can be read only once; give a folder, or build again",
      );
    }
    signal.throwIfAborted();
    const reader = this.#reader = this.#stream.getReader();
    // Ends a read that waits for data.
    const cancel = () => void this.close(signal.reason);
    signal.addEventListener("abort", cancel);
    try {
      let head: Uint8Array | undefined = new Uint8Array(0);
      for (let chunk = await next(reader); chunk !== undefined; chunk = await next(reader)) {
        signal.throwIfAborted();
        if (head === undefined) {
          yield chunk;
          continue;
        }
        head = concat([head, chunk]);
        if (head.length < ARCHIVE_HEAD) continue;
        yield checked(head);
        head = undefined;
      }
      signal.throwIfAborted();
      if (head !== undefined) yield checked(head);
    } finally {
      signal.removeEventListener("abort", cancel);
      // Not waited for: the build's end does that.
      void this.close(undefined);
    }
  }

  /** Cancels what has not been read. Idempotent. */
  async close(reason: unknown): Promise<void> {
    try {
      await (this.#reader ?? this.#stream).cancel(reason);
    } catch {
      // Of a stream that failed, read() has said so; and of one whose source can't be canceled, no more will be asked.
    }
  }
}

async function next(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<Uint8Array | undefined> {
  let value: unknown;
  try {
    ({ value } = await reader.read());
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error), error);
  }
  if (value === undefined || value instanceof Uint8Array) return value;
  throw unreadable(`it gave a ${typeof value}, but an archive is bytes (Uint8Array)`);
}

function checked(head: Uint8Array): Uint8Array {
  if (isArchive(head)) return beginsWithMore(head) ? concat([emptyHeader(), head]) : head;
  throw unreadable(
    head.length === 0
      ? "it is empty"
      : "it is not a tar archive, plain or compressed with gzip, bzip2, xz or zstd",
  );
}

function unreadable(problem: string, cause?: unknown): FileError {
  const message = `Cannot read the context's stream: ${problem}`;
  return new FileError("FILE_UNREADABLE", "context", message, cause);
}
