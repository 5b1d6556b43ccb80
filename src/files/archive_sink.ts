/** Where an archive goes while it arrives, and what happens to it afterwards. */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { FileError } from "../errors.ts";
import { writeFailure } from "./write_failure.ts";

/**
 * Takes the bytes of one archive. An exporter that fails ends its stream as if all was well (exporter/tar/export.go closes the
 * writer on both paths), so whether an archive is complete is known only from the result of the whole build. Until `commit`,
 * nothing that could be taken for a complete archive may exist.
 */
export interface ArchiveSink {
  /** Appends `chunk`. A promise means that it is the sink's from now on, and that the next call has to wait. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** The archive is complete: puts it in place. Throws a `FileError` if that fails. */
  commit(): Promise<void>;
  /** The archive will not be completed: removes what there is of it. */
  discard(reason: unknown): Promise<void>;
}

/** The sink for a file or a stream. A file is made by the first write, its folder if missing. Throws a `FileError` if `dest` is a folder. */
export function archiveSink(dest: string | URL | WritableStream<Uint8Array>): ArchiveSink {
  if (dest instanceof WritableStream) return new StreamSink(dest);
  const path = dest instanceof URL ? fileURLToPath(dest) : dest;
  const found = attempt(path, () => fs.statSync(path, { throwIfNoEntry: false }));
  if (found?.isDirectory()) {
    const example = join(path, "image.tar");
    throw new FileError(
      "FILE_UNWRITABLE",
      path,
      `Cannot write ${path}: it is a folder. Name a file, for example ${example}`,
    );
  }
  // A pipe or device takes bytes but cannot be replaced.
  if (found !== undefined && !found.isFile()) {
    return new StreamSink(Writable.toWeb(fs.createWriteStream(path)));
  }
  return new FileSink(path, found && found.mode & 0o777);
}

/** Writes beside the file and takes its place at the end. */
class FileSink implements ArchiveSink {
  readonly #path: string;
  /** The permissions of the file that will be replaced. */
  readonly #mode: number | undefined;
  #open: { fd: number; path: string; target: string } | undefined;

  constructor(path: string, mode: number | undefined) {
    this.#path = path;
    this.#mode = mode;
  }

  write(chunk: Uint8Array): undefined {
    attempt(this.#path, () => {
      const { fd } = this.#open ??= this.#create();
      for (let rest = chunk; rest.length > 0;) rest = rest.subarray(fs.writeSync(fd, rest));
    });
  }

  // deno-lint-ignore require-await
  async commit(): Promise<void> {
    attempt(this.#path, () => {
      const { fd, path, target } = this.#open ??= this.#create();
      fs.closeSync(fd);
      this.#open = undefined;
      fs.renameSync(path, target);
    });
  }

  // deno-lint-ignore require-await
  async discard(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    fs.closeSync(open.fd);
    fs.rmSync(open.path, { force: true });
  }

  #create(): { fd: number; path: string; target: string } {
    fs.mkdirSync(dirname(this.#path), { recursive: true });
    // Through a link, so that the file it points to is replaced and not the link.
    const target = this.#mode === undefined ? this.#path : fs.realpathSync(this.#path);
    const path = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}`);
    const fd = fs.openSync(path, "wx", 0o666);
    if (this.#mode !== undefined) fs.fchmodSync(fd, this.#mode);
    return { fd, path, target };
  }
}

/** Writes to a stream, at its reader's pace. */
class StreamSink implements ArchiveSink {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #written: Promise<void> = Promise.resolve();

  constructor(stream: WritableStream<Uint8Array>) {
    this.#writer = stream.getWriter();
    // A failure is met by the next write, or by commit.
    this.#writer.closed.catch(() => {});
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#writer.ready;
    this.#written = this.#writer.write(chunk);
    // As above: nobody waits for this write before the next one.
    this.#written.catch(() => {});
  }

  async commit(): Promise<void> {
    // Closing a stream that failed would only tell that it failed, not why.
    await this.#written;
    await this.#writer.close();
  }

  // deno-lint-ignore require-await
  async discard(reason: unknown): Promise<void> {
    // It would wait for a write that may never end, and what the stream thinks of it is not why the build failed.
    this.#writer.abort(reason).catch(() => {});
  }
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw writeFailure(path, error);
  }
}
