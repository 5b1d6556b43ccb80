/** A folder that is written to by someone who is not trusted: nothing is made or changed outside it. */
import fs from "node:fs";
import { FileError } from "../errors.ts";
import { confine } from "./confine.ts";
import { type Confinement, noteRemoval } from "./confinement.ts";
import { closeWith, makeDirectory, refuseTooLong, temporaryName, type Time } from "./file_calls.ts";
import { directoryFacts } from "./runtime.ts";
import { NameTwins } from "./name_twins.ts";
import { makeSpecialFile, type SpecialFile } from "./special_file.ts";
import { errorCode, writeFailure } from "./write_failure.ts";

/** For files: write only, and only if nothing has that name, not even a dangling link. */
const CREATE = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL;

/** What the owner needs in a directory to put files there. */
const OWNER_ALL = 0o700;

/** A file being written, see {@linkcode Destination.createFile}. */
export interface NewFile {
  readonly fd: number;
  /** Where it is until it is complete, when something else still has its name; else undefined. */
  readonly temporary: string | undefined;
}

/**
 * Writes entries below one folder. What has an entry's name is replaced, never followed; a directory is kept for a directory.
 * All calls are synchronous and throw a `FileError` that names the file.
 */
export class Destination {
  readonly #inside: Confinement;
  readonly #twins: NameTwins;

  private constructor(root: string, inside: Confinement) {
    this.#inside = inside;
    this.#twins = new NameTwins(root);
  }

  /** Opens `path`, made if missing. It may itself be a link. */
  static open(path: string, confined: (root: string) => Confinement = confine): Destination {
    try {
      fs.mkdirSync(path, { recursive: true, mode: OWNER_ALL });
      const root = fs.realpathSync(path);
      return new Destination(root, confined(root));
    } catch (error) {
      throw writeFailure(path, error);
    }
  }

  /** Announces an entry of the tree, so that two names that are one to the file system are told apart. */
  announce(path: string): void {
    this.#twins.add(path);
  }

  /**
   * Makes a directory, or keeps the one that is there; either way its owner can write in it until
   * {@linkcode setDirectory}. Returns whether it is new.
   */
  createDirectory(path: string, permissions: number): boolean {
    return this.#attempt(path, (target) => {
      const mode = permissions | OWNER_ALL;
      const created = makeDirectory(target, mode) || this.#takeDirectory(path, target, mode);
      this.#inside.identify(path, directoryFacts(target)?.identity);
      return created;
    });
  }

  /** Gives a directory its final permissions and, unless undefined, modification time. */
  setDirectory(path: string, permissions: number, modified: Time | undefined): void {
    this.#attempt(path, (target) => {
      const found = directoryFacts(target);
      this.#inside.identify(path, found?.identity);
      // Somebody else's directory can be used, but not changed.
      if (found?.permissions !== permissions) fs.chmodSync(this.#inside.enter(path), permissions);
      if (modified !== undefined) {
        fs.lutimesSync(this.#inside.locate(path), modified, modified);
      }
    });
  }

  /** The names of what is in a directory; `""` is the root. */
  list(directory: string): string[] {
    return this.#attempt(directory, () => fs.readdirSync(this.#inside.enter(directory)));
  }

  /** Removes what is at `path`, with all that is in it, unless it is an announced entry by another name. */
  removeOther(path: string): void {
    this.#attempt(path, (target) => {
      if (this.#twins.find(path) !== undefined) return;
      if (fs.lstatSync(target).isDirectory()) this.#removeDirectory(path);
      else fs.unlinkSync(target);
    });
  }

  /** Makes a symbolic link with `text` as its target, whatever that is: it is never followed here. */
  createSymlink(path: string, text: string, modified: Time): void {
    this.#place(path, (entry) => {
      fs.symlinkSync(text, this.#inside.locate(entry));
      fs.lutimesSync(this.#inside.locate(entry), modified, modified);
    });
  }

  /** Makes `path` another name of the file `existing`, which must be an entry of the same tree. */
  createHardLink(path: string, existing: string): void {
    this.#place(path, (entry) => {
      const source = this.#inside.locate(existing);
      // Some systems would link what a symlink points to; another stream may have put one there.
      if (!fs.lstatSync(source).isFile()) {
        throw new Error(`${this.#inside.root}/${existing} is not a file any more`);
      }
      fs.linkSync(source, this.#inside.locate(entry));
    });
  }

  /** Makes a device or a named pipe. */
  createSpecial(path: string, special: SpecialFile, permissions: number, modified: Time): void {
    this.#attempt(path, (target) =>
      this.#placeOver(path, target, (entry) => {
        const name = `${this.#inside.root}/${path}`;
        makeSpecialFile(this.#inside.locate(entry), special, permissions, name);
        fs.lutimesSync(this.#inside.locate(entry), modified, modified);
      }));
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
      return { fd: fs.openSync(this.#inside.locate(temporary), CREATE, mode), temporary };
    });
  }

  /** Appends to a file being written. */
  append(path: string, file: NewFile, content: Uint8Array): void {
    try {
      for (let rest = content; rest.length > 0;) {
        rest = rest.subarray(fs.writeSync(file.fd, rest));
      }
    } catch (error) {
      throw writeFailure(`${this.#inside.root}/${path}`, error);
    }
  }

  /** Closes a file that has all its content and puts it in place, or, if that fails, removes it. */
  completeFile(path: string, file: NewFile, permissions: number, modified: Time): void {
    const made = file.temporary ?? path;
    this.#attempt(path, () => {
      try {
        closeWith(file.fd, permissions, modified);
        if (made !== path) this.#replace(path, made);
      } catch (error) {
        fs.rmSync(this.#inside.locate(made), { force: true });
        throw error;
      }
    });
  }

  /** Closes and removes a file that will not be completed. */
  discardFile(path: string, file: NewFile): void {
    fs.closeSync(file.fd);
    this.#attempt(file.temporary ?? path, (target) => fs.rmSync(target, { force: true }));
  }

  /** Looks again at the directories that were written to. Throws a `FileError` if one is not what it was. */
  settle(): void {
    this.#inside.settle();
  }

  /** Lets go of the folder. */
  close(): void {
    this.#inside.close();
  }

  #attempt<T>(path: string, action: (target: string) => T): T {
    const shown = `${this.#inside.root}/${path}`;
    try {
      refuseTooLong(shown);
      return action(this.#inside.locate(path));
    } catch (error) {
      throw writeFailure(shown, error, (text) => this.#inside.explain(text));
    }
  }

  /** Runs `make` at the entry's place, or, if something is there, beside it and then over it. */
  #place(path: string, make: (entry: string) => void): void {
    this.#attempt(path, (target) => {
      try {
        make(path);
      } catch (error) {
        if (errorCode(error) !== "EEXIST") throw error;
        this.#placeOver(path, target, make);
      }
    });
  }

  #placeOver(path: string, target: string, make: (entry: string) => void): void {
    this.#refuseTwin(path, target);
    const temporary = temporaryName(path);
    try {
      make(temporary);
      this.#replace(path, temporary);
    } finally {
      // Left behind on failure, and when both names already were the same file.
      fs.rmSync(this.#inside.locate(temporary), { force: true });
    }
  }

  /** Puts `by` where `path` is. A directory in the way is removed with all that is in it; a link is never followed. */
  #replace(path: string, by: string): void {
    const found = fs.lstatSync(this.#inside.locate(path), { throwIfNoEntry: false });
    if (found?.isDirectory()) this.#removeDirectory(path);
    const made = this.#inside.locate(by);
    fs.renameSync(made, this.#inside.locate(path));
  }

  /** Removes a directory with all that is in it, one by one: what removes trees may follow a link put in just then. */
  #removeDirectory(path: string): void {
    this.#empty(path);
    noteRemoval();
  }

  #empty(directory: string): void {
    for (const name of fs.readdirSync(this.#inside.enter(directory))) {
      const path = `${directory}/${name}`;
      const target = this.#inside.locate(path);
      if (fs.lstatSync(target).isDirectory()) this.#empty(path);
      else fs.unlinkSync(target);
    }
    fs.rmdirSync(this.#inside.locate(directory));
  }

  /** Something has the directory's name: keeps a directory, replaces anything else. */
  #takeDirectory(path: string, target: string, mode: number): boolean {
    this.#refuseTwin(path, target);
    const found = fs.lstatSync(target);
    if (found.isDirectory()) {
      if ((found.mode & OWNER_ALL) !== OWNER_ALL) {
        fs.chmodSync(this.#inside.enter(path), mode);
      }
      return false;
    }
    fs.unlinkSync(target);
    fs.mkdirSync(target, { mode });
    return true;
  }

  /** Throws if what has the entry's name is another entry of the same tree. */
  #refuseTwin(path: string, target: string): void {
    const twin = this.#twins.find(path);
    if (twin === undefined) return;
    throw new FileError(
      "FILE_NAME_UNSUPPORTED",
      target,
      `Cannot write ${target}: on this file system it is the same name as ${twin}. ` +
        `Choose a destination that tells them apart, or export with type "tar"`,
    );
  }
}
