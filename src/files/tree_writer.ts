/** Turns received entries and content into files (fsutil rootdiskwriter.go, hardlinks.go). */
import { ProtocolError } from "../errors.ts";
import type { Stat } from "../gen/fsutil.ts";
import type { Destination } from "./destination.ts";
import type { Time } from "./file_calls.ts";
import { IncomingFile } from "./incoming_file.ts";
import {
  isDevice,
  isDirectory,
  isNamedPipe,
  isRegular,
  isSymlink,
  MODE_CHAR_DEVICE,
} from "./mode.ts";
import type { Privileges } from "./privileges.ts";
import type { SpecialFile } from "./special_file.ts";

/** Files that may be half received at one time. Go's sender has four; each costs a file descriptor. */
const MAX_OPEN = 256;

interface ReceivedDirectory {
  readonly path: string;
  readonly permissions: number;
  /** Undefined for directories that were there before: they keep the time of their last change. */
  readonly modified: Time | undefined;
}

/** Writes one tree to a destination: entries in their order, file contents in any. */
export class TreeWriter {
  readonly #destination: Destination;
  readonly #privileges: Privileges;
  readonly #directories: ReceivedDirectory[] = [];
  /** Files whose content has not all come, by id. */
  readonly #incoming = new Map<number, IncomingFile>();
  /** All entries by path, with the ids of those that a hard link may name. */
  readonly #entries = new Map<string, number | undefined>();
  #open = 0;

  constructor(destination: Destination, privileges: Privileges) {
    this.#destination = destination;
    this.#privileges = privileges;
  }

  /** Whether all content of all entries so far has come. */
  get complete(): boolean {
    return this.#incoming.size === 0;
  }

  /** Takes an entry whose path was checked; true if its content is to be requested under `id`. */
  add(id: number, stat: Stat): boolean {
    const { path, mode, linkname } = stat;
    this.#destination.announce(path);
    this.#entries.set(path, undefined);
    if (isDirectory(mode)) this.#addDirectory(stat);
    else if (isDevice(mode) || isNamedPipe(mode)) this.#addSpecial(stat);
    else if (isSymlink(mode)) {
      this.#destination.createSymlink(path, linkname, toSeconds(stat.modTime));
    } else if (!isRegular(mode)) {
      throw new ProtocolError(`The builder sent ${path} with the unknown file mode ${mode}`);
    } else if (linkname !== "") this.#addLink(path, linkname);
    else {
      this.#addFile(id, stat);
      return true;
    }
    return false;
  }

  /** Appends content to the file `id`; empty content is its end. */
  write(id: number, content: Uint8Array): void {
    const file = this.#incoming.get(id);
    if (file === undefined) {
      throw new ProtocolError(
        `The builder sent content for file ${id}, which was not requested or is complete`,
      );
    }
    const wasOpen = file.open;
    if (content.length > 0) file.write(content, this.#destination);
    else {
      file.complete(this.#destination);
      this.#incoming.delete(id);
    }
    this.#open += Number(file.open) - Number(wasOpen);
    if (this.#open > MAX_OPEN) {
      throw new ProtocolError(`The builder sends more than ${MAX_OPEN} files at one time`);
    }
  }

  /**
   * Ends the tree, in steps, once everything has come: removes what is not part of it, if asked to, and gives the directories
   * their permissions and times.
   */
  *finish(removeOthers: boolean): Generator<void> {
    if (removeOthers) {
      yield* this.#removeOthers("");
      for (const { path } of this.#directories) yield* this.#removeOthers(path);
    }
    for (const { path, permissions, modified } of this.#directories.reverse()) {
      this.#destination.setDirectory(path, permissions, modified);
      yield;
    }
  }

  *#removeOthers(directory: string): Generator<void> {
    for (const name of this.#destination.list(directory)) {
      const path = directory === "" ? name : `${directory}/${name}`;
      if (!this.#entries.has(path)) this.#destination.removeOther(path);
      yield;
    }
  }

  /** Throws a `FileError` if a directory that was written to is not what it was; for now and then, and the end. */
  settle(): void {
    this.#destination.settle();
  }

  /** Removes the files that are not complete. */
  discard(): void {
    for (const file of this.#incoming.values()) {
      if (file.open) file.discard(this.#destination);
    }
    this.#incoming.clear();
  }

  /** Lets go of the destination; nothing can be written after it. */
  close(): void {
    this.#destination.close();
  }

  #addDirectory({ path, mode, modTime }: Stat): void {
    const permissions = this.#privileges.permissions(mode);
    const created = this.#destination.createDirectory(path, permissions);
    const modified = created ? toSeconds(modTime) : undefined;
    this.#directories.push({ path, permissions, modified });
  }

  #addSpecial({ path, mode, devmajor, devminor, modTime }: Stat): void {
    if (isDevice(mode)) this.#privileges.checkDevice(path);
    const special: SpecialFile = isNamedPipe(mode) ? { type: "pipe" } : {
      type: mode & MODE_CHAR_DEVICE ? "char" : "block",
      major: Number(devmajor),
      minor: Number(devminor),
    };
    this.#destination.createSpecial(
      path,
      special,
      this.#privileges.permissions(mode),
      toSeconds(modTime),
    );
  }

  #addLink(path: string, existing: string): void {
    const id = this.#entries.get(existing);
    if (id === undefined) {
      throw new ProtocolError(
        `The builder sent ${JSON.stringify(path)} as a link to ${JSON.stringify(existing)}, ` +
          "which is no file sent before",
      );
    }
    const incoming = this.#incoming.get(id);
    if (incoming === undefined) this.#destination.createHardLink(path, existing);
    else incoming.addLink(path);
  }

  #addFile(id: number, { path, mode, size, modTime }: Stat): void {
    this.#entries.set(path, id);
    this.#incoming.set(
      id,
      new IncomingFile({
        path,
        permissions: this.#privileges.permissions(mode),
        size: Number(size),
        modified: toSeconds(modTime),
      }),
    );
  }
}

/**
 * A time as `utimes` takes it. Whole seconds are exact, fractions to less than a microsecond. A negative number would be taken
 * for "now", so a time before the epoch is a date, and a whole second, as Deno refuses others.
 */
export function toSeconds(nanoseconds: bigint): Time {
  const seconds = Number(nanoseconds) / 1e9;
  return seconds < 0 ? new Date(Math.floor(seconds) * 1000) : seconds;
}
