import fs from "node:fs";
import process from "node:process";
import { everythingAllowed } from "../runtime/permissions.ts";
import { directoryFacts, identityBehind } from "./runtime.ts";
import { type Confinement, parentOf, removalCount, swapped } from "./confinement.ts";
import { errorCode } from "./write_failure.ts";

/** Linux: a descriptor that stands for a place only, for which no permission to read is needed. */
const O_PATH = 0o10000000;

/** Directories held at one time; each costs a file descriptor. */
const MOST = 64;

/**
 * Linux's names of this process's open files, also for commands that it starts: a path through one starts at the directory
 * itself, wherever that is by now.
 */
const DESCRIPTORS = `/proc/${process.pid}/fd/`;

/**
 * Holds directories open, each opened from the one above it without following links, and gives paths that start at them: as good
 * as `openat`. There is nothing that another program could swap between look and use. Linux only, as it takes `/proc`.
 */
export class HeldFolders implements Confinement {
  readonly root: string;
  readonly #root: number;
  /** Open directories by their paths, the one used last at the end. */
  readonly #open = new Map<string, number>();
  /** What each directory was when it was first opened. */
  readonly #known = new Map<string, string>();
  #removals = removalCount();
  /** The last answer: files come directory by directory. */
  #last: { directory: string; place: string; descriptor: number } | undefined;

  private constructor(root: string, descriptor: number) {
    this.root = root;
    this.#root = descriptor;
  }

  /** Undefined where there are no paths by descriptor, or Deno does not give them to this program. */
  static open(root: string): HeldFolders | undefined {
    if (process.platform !== "linux" || !everythingAllowed()) return undefined;
    const descriptor = openDirectory(root, 0);
    try {
      if (identityBehind(DESCRIPTORS + descriptor) === directoryFacts(root)?.identity) {
        return new HeldFolders(root, descriptor);
      }
    } catch {
      // Without /proc, or with one that is kept from this program, the other way has to do.
    }
    fs.closeSync(descriptor);
    return undefined;
  }

  locate(path: string): string {
    const slash = path.lastIndexOf("/");
    return `${this.enter(path.slice(0, Math.max(slash, 0)))}/${path.slice(slash + 1)}`;
  }

  enter(directory: string): string {
    if (this.#removals !== removalCount()) this.#forget();
    if (this.#last?.directory === directory) return this.#last.place;
    const descriptor = this.#descriptor(directory);
    const place = DESCRIPTORS + descriptor;
    this.#last = { directory, place, descriptor };
    return place;
  }

  identify(directory: string, found: string | undefined): void {
    const known = this.#known.get(directory) ?? found;
    if (found === undefined || found !== known) throw swapped(`${this.root}/${directory}`);
    this.#known.set(directory, found);
  }

  settle(): void {
    // Nothing was used that could have been swapped.
  }

  explain(text: string): string {
    return text.replace(/\/proc\/\d+\/fd\/(\d+)/g, (path, number) => {
      if (Number(number) === this.#root) return this.root;
      for (const [directory, descriptor] of this.#open) {
        if (descriptor === Number(number)) return `${this.root}/${directory}`;
      }
      return path;
    });
  }

  close(): void {
    this.#forget();
    fs.closeSync(this.#root);
  }

  #descriptor(directory: string): number {
    const missing: string[] = [];
    let path = directory;
    while (path !== "" && !this.#open.has(path)) {
      missing.push(path);
      path = parentOf(path);
    }
    let descriptor = path === "" ? this.#root : this.#open.get(path)!;
    if (path !== "") {
      this.#open.delete(path);
      this.#open.set(path, descriptor);
    }
    while ((path = missing.pop() ?? "") !== "") descriptor = this.#openBelow(descriptor, path);
    return descriptor;
  }

  #openBelow(parent: number, path: string): number {
    let descriptor: number;
    try {
      const name = path.slice(path.lastIndexOf("/") + 1);
      descriptor = openDirectory(`${DESCRIPTORS}${parent}/${name}`, fs.constants.O_NOFOLLOW);
    } catch (error) {
      const code = errorCode(error);
      const replaced = code === "ENOTDIR" || code === "ELOOP" || code === "ENOENT";
      throw replaced ? swapped(`${this.root}/${path}`, error) : error;
    }
    this.#open.set(path, descriptor);
    this.identify(path, identityBehind(DESCRIPTORS + descriptor));
    this.#shrink();
    return descriptor;
  }

  #shrink(): void {
    if (this.#open.size <= MOST) return;
    for (const [path, descriptor] of this.#open) {
      // The last answer's is still in use.
      if (descriptor === this.#last?.descriptor) continue;
      this.#open.delete(path);
      fs.closeSync(descriptor);
      return;
    }
  }

  #forget(): void {
    for (const descriptor of this.#open.values()) fs.closeSync(descriptor);
    this.#open.clear();
    this.#known.clear();
    this.#last = undefined;
    this.#removals = removalCount();
  }
}

function openDirectory(path: string, flags: number): number {
  return fs.openSync(path, O_PATH | (fs.constants.O_DIRECTORY ?? 0) | flags);
}
