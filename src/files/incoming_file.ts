import { FileError } from "../errors.ts";
import type { Destination, NewFile } from "./destination.ts";
import type { Time } from "./file_calls.ts";

/** What was announced about a regular file. */
export interface FileEntry {
  readonly path: string;
  /** Permission bits with setuid, setgid and sticky. */
  readonly permissions: number;
  readonly size: number;
  readonly modified: Time;
}

/** One file on its way in: made when its first content comes, in place when its last has. */
export class IncomingFile {
  readonly entry: FileEntry;
  /** Further names of this file, for when it is complete; most have none. */
  #links: string[] | undefined;
  #file: NewFile | undefined;
  #written = 0;

  constructor(entry: FileEntry) {
    this.entry = entry;
  }

  /** Whether it holds a file descriptor. */
  get open(): boolean {
    return this.#file !== undefined;
  }

  /** Makes `path` another name of this file once it is complete. */
  addLink(path: string): void {
    (this.#links ??= []).push(path);
  }

  /** Appends content. Throws a `FileError` if that is more than was announced. */
  write(content: Uint8Array, destination: Destination): void {
    this.#written += content.length;
    if (this.#written > this.entry.size) throw this.#changed("more than");
    const { path, permissions } = this.entry;
    this.#file ??= destination.createFile(path, permissions);
    destination.append(path, this.#file, content);
  }

  /** Puts the file in place. Throws a `FileError` if that is less content than was announced. */
  complete(destination: Destination): void {
    const { path, permissions, size, modified } = this.entry;
    if (this.#written < size) throw this.#changed(`only ${this.#written} of`);
    const file = this.#file ?? destination.createFile(path, permissions);
    this.#file = undefined;
    destination.completeFile(path, file, permissions, modified);
    for (const link of this.#links ?? []) destination.createHardLink(link, path);
  }

  /** Removes what there is of an incomplete file. */
  discard(destination: Destination): void {
    if (this.#file !== undefined) destination.discardFile(this.entry.path, this.#file);
    this.#file = undefined;
  }

  #changed(amount: string): FileError {
    const { path, size } = this.entry;
    return new FileError(
      "FILE_CHANGED",
      path,
      `Cannot write ${path}: the builder sent ${amount} the ${size} bytes it had announced`,
    );
  }
}
