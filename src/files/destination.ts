/** A folder that is written to by someone who is not trusted: nothing is made or changed outside it. */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { FileError } from "../errors.ts";
import { makeSpecialFile, type SpecialFile } from "./special_file.ts";
import { errorCode, writeFailure } from "./write_failure.ts";

/** For files: write only, and only if nothing has that name, not even a dangling link. */
const CREATE = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL;

/** What the owner needs in a directory to put files there. */
const OWNER_ALL = 0o700;

/** Directories removed by all writers of this process; each may have been part of a proof. */
let removals = 0;

/** A file being written, see {@linkcode Destination.createFile}. */
export interface NewFile {
  readonly fd: number;
  /** Where it is until it is complete, when something else still has its name; else undefined. */
  readonly temporary: string | undefined;
}

/**
 * Writes below one folder. Entry paths are relative, clean and `/`-separated (see `EntryOrder`).
 *
 * There is no `openat` here, so each parent directory is proven to be a real directory, not a link, before something is
 * made in it, and proven anew once any writer of this process has removed a directory. All calls are synchronous, so nothing
 * of this process can come between proof and use. What remains is another local program that may write to the destination and
 * swaps a directory for a link in that moment.
 */
export class Destination {
  /** The folder, absolute and without links. */
  readonly root: string;
  /** Directories below the root that were proven, as of `#provenAt`. */
  readonly #proven = new Set<string>();
  #provenAt = removals;
  /** Paths of the tree by what a file system that ignores case would take them for. */
  readonly #folded = new Map<string, string | string[]>();

  private constructor(root: string) {
    this.root = root;
  }

  /** Opens `path`, made if missing. It may itself be a link. Throws a `FileError`. */
  static open(path: string): Destination {
    try {
      fs.mkdirSync(path, { recursive: true, mode: OWNER_ALL });
      return new Destination(fs.realpathSync(path));
    } catch (error) {
      throw writeFailure(path, error);
    }
  }

  /** Announces an entry of the tree, so that two names that are one to the file system are told apart. */
  announce(path: string): void {
    const key = path.normalize("NFC").toLowerCase();
    const same = this.#folded.get(key);
    if (same === undefined) this.#folded.set(key, path);
    else if (typeof same === "string") this.#folded.set(key, [same, path]);
    else same.push(path);
  }

  /**
   * Makes a directory, or keeps the one that is there; either way its owner can write in it until
   * {@linkcode setDirectory}. Returns whether it is new.
   */
  createDirectory(path: string, permissions: number): boolean {
    return this.#attempt(path, (target) => {
      const mode = permissions | OWNER_ALL;
      const created = makeDirectory(target, mode) || this.#takeDirectory(path, target, mode);
      this.#proven.add(path);
      return created;
    });
  }

  /** Gives a directory its final permissions and, unless undefined, modification time. */
  setDirectory(path: string, permissions: number, modified: number | Date | undefined): void {
    this.#attempt(path, (target) => {
      this.#prove(path);
      fs.chmodSync(target, permissions);
      if (modified !== undefined) fs.utimesSync(target, modified, modified);
    });
  }

  /** Makes a symbolic link with `text` as its target, whatever that is: it is never followed here. */
  createSymlink(path: string, text: string, modified: number | Date): void {
    this.#place(path, (target) => {
      fs.symlinkSync(text, target);
      fs.lutimesSync(target, modified, modified);
    });
  }

  /** Makes `path` another name of the file `existing`, which must be an entry of the same tree. */
  createHardLink(path: string, existing: string): void {
    const source = this.#locate(existing);
    this.#place(path, (target) => fs.linkSync(source, target));
  }

  /** Makes a device or a named pipe. */
  createSpecial(
    path: string,
    special: SpecialFile,
    permissions: number,
    modified: number | Date,
  ): void {
    this.#place(path, (target) => {
      makeSpecialFile(target, special);
      fs.chmodSync(target, permissions);
      fs.utimesSync(target, modified, modified);
    });
  }

  /** Opens a new file for writing; what has its name stays until {@linkcode completeFile}. */
  createFile(path: string, permissions: number): NewFile {
    return this.#attempt(path, (target) => {
      // Nobody else gets more than the final permissions while it is written, and no setuid bit before its content.
      const mode = permissions & 0o777;
      try {
        return { fd: fs.openSync(target, CREATE, mode), temporary: undefined };
      } catch (error) {
        if (errorCode(error) !== "EEXIST") throw error;
      }
      this.#refuseTwin(path, target);
      const temporary = temporaryName(path);
      return { fd: fs.openSync(`${this.root}/${temporary}`, CREATE, mode), temporary };
    });
  }

  /** Appends to a file being written. */
  append(path: string, file: NewFile, content: Uint8Array): void {
    try {
      for (let rest = content; rest.length > 0;) {
        rest = rest.subarray(fs.writeSync(file.fd, rest));
      }
    } catch (error) {
      throw writeFailure(`${this.root}/${path}`, error);
    }
  }

  /** Closes a file that has all its content and puts it in place. */
  completeFile(path: string, file: NewFile, permissions: number, modified: number | Date): void {
    this.#attempt(path, (target) => {
      try {
        fs.fchmodSync(file.fd, permissions);
        fs.futimesSync(file.fd, modified, modified);
      } finally {
        fs.closeSync(file.fd);
      }
      if (file.temporary !== undefined) this.#replace(target, `${this.root}/${file.temporary}`);
    });
  }

  /** Closes and removes a file that will not be completed. */
  discardFile(path: string, file: NewFile): void {
    fs.closeSync(file.fd);
    fs.rmSync(this.#locate(file.temporary ?? path), { force: true });
  }

  /** Runs `make` at the entry's place, or beside it and then over what is there. */
  #place(path: string, make: (target: string) => void): void {
    this.#attempt(path, (target) => {
      try {
        return make(target);
      } catch (error) {
        if (errorCode(error) !== "EEXIST") throw error;
      }
      this.#refuseTwin(path, target);
      const temporary = `${this.root}/${temporaryName(path)}`;
      try {
        make(temporary);
        this.#replace(target, temporary);
      } finally {
        // Left behind on failure, and when both names already were the same file.
        fs.rmSync(temporary, { force: true });
      }
    });
  }

  /** Something has the directory's name: keeps a directory, replaces anything else. */
  #takeDirectory(path: string, target: string, mode: number): boolean {
    this.#refuseTwin(path, target);
    const found = fs.lstatSync(target);
    if (found.isDirectory()) {
      if ((found.mode & OWNER_ALL) !== OWNER_ALL) fs.chmodSync(target, mode);
      return false;
    }
    fs.unlinkSync(target);
    fs.mkdirSync(target, { mode });
    return true;
  }

  #attempt<T>(path: string, action: (target: string) => T): T {
    try {
      return action(this.#locate(path));
    } catch (error) {
      throw writeFailure(`${this.root}/${path}`, error);
    }
  }

  /** The absolute path of an entry whose parents are proven. */
  #locate(path: string): string {
    this.#prove(path.slice(0, Math.max(path.lastIndexOf("/"), 0)));
    return `${this.root}/${path}`;
  }

  #prove(directory: string): void {
    if (this.#provenAt !== removals) {
      this.#proven.clear();
      this.#provenAt = removals;
      if (fs.realpathSync(this.root) !== this.root) throw swapped(this.root);
    }
    const unproven: string[] = [];
    for (let path = directory; path !== "" && !this.#proven.has(path); path = parentOf(path)) {
      unproven.push(path);
    }
    for (const path of unproven.reverse()) {
      const found = fs.lstatSync(`${this.root}/${path}`, { throwIfNoEntry: false });
      if (found?.isDirectory() !== true) throw swapped(`${this.root}/${path}`);
      this.#proven.add(path);
    }
  }

  /** Throws if what is at `target` is another entry of the same tree, on a file system that sees no difference. */
  #refuseTwin(path: string, target: string): void {
    const same = this.#folded.get(path.normalize("NFC").toLowerCase());
    if (!Array.isArray(same)) return;
    const found = fs.lstatSync(target, { bigint: true });
    for (const other of same) {
      if (other === path) continue;
      const twin = fs.lstatSync(`${this.root}/${other}`, { bigint: true, throwIfNoEntry: false });
      if (twin === undefined || twin.ino !== found.ino || twin.dev !== found.dev) continue;
      throw new FileError(
        "FILE_NAME_UNSUPPORTED",
        target,
        `Cannot write ${target}: on this file system it is the same name as ${other}. ` +
          `Choose a destination that tells them apart, or export with type "tar"`,
      );
    }
  }

  /** Puts `by` where `target` is. A directory in the way is removed with all that is in it; a link is never followed. */
  #replace(target: string, by: string): void {
    const found = fs.lstatSync(target, { throwIfNoEntry: false });
    if (found?.isDirectory()) {
      removals++;
      fs.rmSync(target, { recursive: true, force: true });
    }
    fs.renameSync(by, target);
  }
}

/** Whether the directory was made; false if something has its name. */
function makeDirectory(path: string, mode: number): boolean {
  try {
    fs.mkdirSync(path, { mode });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

/** A name beside `path` that nobody can guess. */
function temporaryName(path: string): string {
  const parent = parentOf(path);
  return `${parent === "" ? "" : parent + "/"}.tmp.${randomUUID()}`;
}

function swapped(path: string): FileError {
  return new FileError(
    "PATH_ESCAPE",
    path,
    `Refused to write below ${path}: it is not a directory any more; ` +
      `is something else writing to the destination?`,
  );
}
