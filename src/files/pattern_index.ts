/** Narrows down which of many patterns can match a path, so that lists of thousands cost little. */
import type { Pattern } from "./pattern.ts";

const NONE: readonly number[] = [];

/** Patterns by what can be looked up. All answers are indices of patterns, ascending. */
export class PatternIndex {
  /** Patterns that stand for one path, or for one name anywhere: known without being tried. */
  readonly #byPath = new Map<string, number[]>();
  readonly #byName = new Map<string, number[]>();
  /** The others, by the directory that all their matches lie in. */
  readonly #byDirectory = new Map<string, number[]>([["", []]]);
  /** What was last asked for, since those who walk ask for one directory after the other. */
  #lastDirectory = "";
  #lastCandidates: readonly number[];

  constructor(patterns: readonly Pattern[]) {
    patterns.forEach((pattern, index) => this.#add(pattern, index));
    this.#lastCandidates = this.#byDirectory.get("")!;
  }

  /** The patterns that match just this path, as far as that is known without trying. */
  known(path: string): readonly number[] {
    const byPath = this.#byPath.size > 0 ? this.#byPath.get(path) : undefined;
    const byName = this.#byName.size > 0
      ? this.#byName.get(path.slice(path.lastIndexOf("/") + 1))
      : undefined;
    return byPath === undefined || byName === undefined
      ? byPath ?? byName ?? NONE
      : merged([byPath, byName]);
  }

  /** The patterns that have to be tried on this path. */
  candidates(path: string): readonly number[] {
    if (this.#byDirectory.size === 1) return this.#lastCandidates;
    const end = path.lastIndexOf("/");
    const directory = end < 0 ? "" : path.slice(0, end);
    if (directory !== this.#lastDirectory) {
      this.#lastDirectory = directory;
      this.#lastCandidates = this.#candidatesIn(directory);
    }
    return this.#lastCandidates;
  }

  #add(pattern: Pattern, index: number): void {
    const name = pattern.kind === "suffix" ? /^\/([^/]+)$/.exec(pattern.operand)?.[1] : undefined;
    if (pattern.kind === "exact") add(this.#byPath, pattern.operand, index);
    else if (name !== undefined) add(this.#byName, name, index);
    else add(this.#byDirectory, pattern.directory, index);
  }

  #candidatesIn(directory: string): readonly number[] {
    const lists = [this.#byDirectory.get("")!];
    for (let end = 0; end >= 0;) {
      end = directory.indexOf("/", end + 1);
      const above = end < 0 ? directory : directory.slice(0, end);
      const list = above === "" ? undefined : this.#byDirectory.get(above);
      if (list !== undefined) lists.push(list);
    }
    return lists.length === 1 ? lists[0]! : merged(lists);
  }
}

function merged(lists: readonly (readonly number[])[]): readonly number[] {
  return lists.flat().sort((a, b) => a - b);
}

function add(map: Map<string, number[]>, key: string, index: number): void {
  const indices = map.get(key);
  if (indices === undefined) map.set(key, [index]);
  else indices.push(index);
}
