/** Reads the files that a receiver asked for into packets. */
import { FileError } from "../errors.ts";
import { isRegular } from "./mode.ts";
import type { OfferedFile } from "./offered_files.ts";
import type { PacketBatch } from "./packet_batch.ts";
import type { FileContent, FileStat, FileTree } from "./tree.ts";

/** Up to this size a file is read at once; nothing about it has to be kept or checked again. */
const SMALL_FILE = 64 << 10;

/** Bigger files sent at the same time, by turns. */
const OPEN_FILES = 4;

/** Least content of a packet that is not the last of its file. */
const LEAST_CHUNK = 16 << 10;

/** A file that takes several packets. */
interface OpenFile {
  readonly file: OfferedFile;
  readonly content: FileContent;
  /** As it was when it was opened. */
  readonly stat: FileStat;
  remaining: number;
}

/**
 * Takes requests and serves them bit by bit into a batch. A file arrives whole, with as many bytes as were announced, or
 * the transfer fails: one that is found changed, replaced or deleted since it was listed is a `FileError` naming it. (Go
 * delivers whatever it finds then, and an empty file where it finds none.)
 */
export class FileServer {
  readonly #tree: FileTree;
  readonly #batch: PacketBatch;
  readonly #onFile: ((file: OfferedFile) => void) | undefined;
  readonly #requests: OfferedFile[] = [];
  /** The first request not yet begun. */
  #next = 0;
  readonly #open: OpenFile[] = [];
  #sent = 0;
  #bytes = 0;

  /** `onFile` is told of each file that has been read whole. */
  constructor(tree: FileTree, batch: PacketBatch, onFile?: (file: OfferedFile) => void) {
    this.#tree = tree;
    this.#batch = batch;
    this.#onFile = onFile;
  }

  /** Files sent whole. */
  get sent(): number {
    return this.#sent;
  }

  /** Bytes of content sent. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a request is still to be served. */
  get busy(): boolean {
    return this.#next < this.#requests.length || this.#open.length > 0;
  }

  /** Queues a request. */
  request(file: OfferedFile): void {
    this.#requests.push(file);
  }

  /** Puts the next piece of content into the batch. False if there is none to send. */
  serve(): boolean {
    const next = this.#requests[this.#next];
    // New files have the first half of each batch, the bigger ones already begun the rest.
    const begin = next !== undefined &&
      (next.size <= SMALL_FILE || this.#open.length < OPEN_FILES) &&
      (this.#open.length === 0 || this.#batch.room > this.#batch.length);
    if (begin) {
      this.#dequeue();
      this.#begin(next);
      return true;
    }
    const file = this.#open.shift();
    if (file === undefined) return false;
    // Back in the list while it is read, so that it is closed if that fails.
    this.#open.push(file);
    this.#sendChunk(file);
    return true;
  }

  /** Closes what is open. */
  close(): void {
    for (const { content } of this.#open.splice(0)) content.close();
  }

  #dequeue(): void {
    this.#next++;
    if (this.#next === this.#requests.length) {
      this.#requests.length = 0;
      this.#next = 0;
    } else if (this.#next === 4096) {
      this.#requests.splice(0, this.#next);
      this.#next = 0;
    }
  }

  #begin(file: OfferedFile): void {
    if (file.size === 0) this.#sendEmpty(file);
    else if (file.size <= SMALL_FILE) this.#sendWhole(file);
    else this.#open.push(this.#openBig(file));
  }

  /** One read for the content and a byte more: a file of another size is noticed without asking for its size. */
  #sendWhole(file: OfferedFile): void {
    const content = this.#openListed(file);
    try {
      const read = content.read(this.#batch.data(file.id, file.size));
      if (read !== file.size) throw this.#changed(file);
      this.#batch.commit(read);
    } finally {
      content.close();
    }
    this.#end(file);
  }

  /**
   * Most empty files need no reading, but a file that was given content since shall not arrive empty. Sockets are listed
   * as empty files and cannot be opened.
   */
  #sendEmpty(file: OfferedFile): void {
    let content: FileContent;
    try {
      content = this.#openListed(file);
    } catch (error) {
      // What cannot be opened but is there and empty has nothing to read.
      const empty = error instanceof FileError && this.#tree.stat(file.path)?.size === 0;
      if (!empty) throw error;
      return this.#end(file);
    }
    try {
      if (content.read(new Uint8Array(1)) !== 0) throw this.#changed(file);
    } finally {
      content.close();
    }
    this.#end(file);
  }

  #openBig(file: OfferedFile): OpenFile {
    const stat = this.#tree.stat(file.path);
    if (stat === undefined || !isRegular(stat.mode) || stat.size !== file.size) {
      throw this.#changed(file);
    }
    return { file, content: this.#openListed(file), stat, remaining: file.size };
  }

  #sendChunk(open: OpenFile): void {
    const { file, content } = open;
    const count = Math.min(open.remaining, Math.max(this.#batch.room, LEAST_CHUNK));
    const last = count === open.remaining;
    const place = this.#batch.data(file.id, count);
    if (content.read(last ? place : place.subarray(0, count)) !== count) throw this.#changed(file);
    this.#batch.commit(count);
    open.remaining -= count;
    if (!last) return;
    if (!content.unchanged(open.stat)) throw this.#changed(file);
    this.#open.splice(this.#open.indexOf(open), 1);
    content.close();
    this.#end(file);
  }

  #end(file: OfferedFile): void {
    this.#batch.endOfFile(file.id);
    this.#sent++;
    this.#bytes += file.size;
    this.#onFile?.(file);
  }

  #openListed(file: OfferedFile): FileContent {
    try {
      return this.#tree.open(file.path, true);
    } catch (error) {
      if (error instanceof FileError && error.code === "FILE_NOT_FOUND") {
        throw this.#changed(file, error);
      }
      throw error;
    }
  }

  #changed(file: OfferedFile, cause?: unknown): FileError {
    const what = cause === undefined ? "it changed" : "it was deleted or moved";
    return new FileError(
      "FILE_CHANGED",
      file.path,
      `Cannot send ${file.path} of ${this.#tree.label}: ${what} after it was listed. ` +
        `Keep it as it is while the build runs, or exclude it in .dockerignore`,
      cause,
    );
  }
}
