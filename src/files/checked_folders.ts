import { directoryFacts } from "./runtime.ts";
import { type Confinement, parentOf, removalCount, swapped } from "./confinement.ts";

/** Milliseconds that a look at a directory counts, and only while nothing is waited for. */
const FRESH_MS = 1;

/**
 * Looks at directories by their paths: all above an entry, before it is used, in each turn and not more than a millisecond before;
 * and once more later. What is left is another local program that swaps a directory in just that
 * moment: then the export fails, and what went astray is a new file at most, as none that is there is ever opened.
 */
export class CheckedFolders implements Confinement {
  readonly root: string;
  /** When each directory was looked at, until the end of the turn. */
  readonly #seen = new Map<string, number>();
  /** What each directory was when it was first seen. */
  readonly #known = new Map<string, string>();
  /** Directories used since {@linkcode settle}. */
  readonly #used = new Set<string>();
  #removals = removalCount();

  constructor(root: string) {
    this.root = root;
  }

  locate(path: string): string {
    this.enter(parentOf(path));
    return `${this.root}/${path}`;
  }

  enter(directory: string): string {
    this.#prove(directory);
    this.#used.add(directory);
    return this.#full(directory);
  }

  identify(directory: string, found: string | undefined): void {
    const known = this.#known.get(directory) ?? found;
    if (found === undefined || found !== known) throw swapped(this.#full(directory));
    this.#known.set(directory, found);
  }

  settle(): void {
    this.#renew();
    this.#seen.clear();
    for (const directory of this.#used) this.#prove(directory);
    this.#used.clear();
  }

  explain(text: string): string {
    return text;
  }

  close(): void {
    // Nothing is held.
  }

  #prove(directory: string): void {
    this.#renew();
    const now = performance.now();
    const stale: string[] = [];
    for (let path = directory;; path = parentOf(path)) {
      if (now - (this.#seen.get(path) ?? -Infinity) < FRESH_MS) break;
      stale.push(path);
      if (path === "") break;
    }
    for (const path of stale.reverse()) this.#look(path, now);
  }

  /** Starts anew once a writer of this process has removed a directory, which may have been one of these. */
  #renew(): void {
    if (this.#removals === removalCount()) return;
    this.#removals = removalCount();
    this.#seen.clear();
    this.#known.clear();
    this.#used.clear();
  }

  #look(path: string, now: number): void {
    this.identify(path, directoryFacts(this.#full(path))?.identity);
    if (this.#seen.size === 0) queueMicrotask(() => this.#seen.clear());
    this.#seen.set(path, now);
  }

  #full(directory: string): string {
    return directory === "" ? this.root : `${this.root}/${directory}`;
  }
}
