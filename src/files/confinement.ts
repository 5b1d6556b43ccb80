/** What keeps a writer inside a folder that others may write to as well. */
import { FileError } from "../errors.ts";

/**
 * Turns entry paths (relative, clean, `/`-separated, see `EntryOrder`) into ones for system calls and commands that end up inside a folder,
 * whatever becomes of its directories meanwhile. A path may be used until the next call but one, and for the entry itself only
 * in ways that don't follow links.
 */
export interface Confinement {
  /** The folder, absolute and without links. */
  readonly root: string;
  /** Where an entry is. Throws a `FileError` if one of its parents is no directory any more, or another one. */
  locate(path: string): string;
  /** Where a directory is; `""` is the root. Throws as {@linkcode locate}. */
  enter(directory: string): string;
  /** Throws a `FileError` if what was found at a directory's place is none, or not the one that was used before. */
  identify(directory: string, found: string | undefined): void;
  /** Looks again at what was used since the last time; to be called now and then, and at the end. Throws as {@linkcode locate}. */
  settle(): void;
  /** Puts paths that people know into a text of the system. */
  explain(text: string): string;
  /** Lets go of what is held. */
  close(): void;
}

/** Directories removed by all writers of this process: what each knows of directories may have ended with it. */
let removals = 0;

/** How many directories this process has removed. */
export function removalCount(): number {
  return removals;
}

/** To be called by whoever has removed a directory. */
export function noteRemoval(): void {
  removals++;
}

/** The directory that an entry is in; `""` is the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

/** The error for a directory that is not what it was. */
export function swapped(path: string, cause?: unknown): FileError {
  return new FileError(
    "PATH_ESCAPE",
    path,
    `Refused to write below ${path}: it is not the directory any more that it was; ` +
      `is something else writing to the destination?`,
    cause,
  );
}
