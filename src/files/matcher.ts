/** A list of patterns, as .dockerignore or a request for files has them (moby patternmatcher). */
import { isBlank, Pattern } from "./pattern.ts";

/** What a list says about one path; carries what must be known for the paths below it. */
export interface MatchInfo {
  readonly matched: boolean;
  /** Indices of the patterns that matched it or a directory above it, ascending. */
  readonly patterns: readonly number[];
}

/** What a list says about the root: nothing. */
export const NO_MATCH: MatchInfo = { matched: false, patterns: [] };

/** Without exceptions it does not matter what matched: everything below matches too. */
const MATCH: MatchInfo = { matched: true, patterns: [] };

const NONE: readonly number[] = [];

/**
 * Patterns in order; an exception (`!`) takes out what earlier patterns matched. A path also matches through the directories
 * above it.
 */
export class PatternMatcher {
  readonly patterns: readonly Pattern[];
  /** Whether any pattern is an exception. */
  readonly exclusions: boolean;

  /** Patterns that can be looked up by a path, or by its last name, instead of being tried one after the other. */
  readonly #byPath = new Map<string, number[]>();
  readonly #byName = new Map<string, number[]>();
  /** The others. */
  readonly #tried: number[] = [];

  /** Blank patterns are left out. Throws an `OptionError` if one is malformed. */
  constructor(patterns: readonly string[]) {
    this.patterns = patterns.filter((source) => !isBlank(source)).map((s) => new Pattern(s));
    this.exclusions = this.patterns.some((pattern) => pattern.exclusion);
    this.patterns.forEach((pattern, index) => this.#index(pattern, index));
  }

  /**
   * Whether `path`, or a directory above it, matches (`MatchesOrParentMatches`). Throws an `OptionError` if a pattern that is
   * needed for the answer gives an invalid expression.
   */
  matches(path: string): boolean {
    const candidates = [path, ...parents(path)];
    let matched = false;
    for (const pattern of this.patterns) {
      if (pattern.exclusion !== matched) continue;
      if (candidates.some((candidate) => pattern.matches(candidate))) matched = !pattern.exclusion;
    }
    return matched;
  }

  /**
   * What the list says about `path`, given what it said about its directory: for walks (`MatchesUsingParentResults`). In
   * corners it differs from `matches`: for `a/b` and `!a` it says that `a/b` matches. Throws as `matches` does.
   */
  matchWithParent(path: string, parent: MatchInfo): MatchInfo {
    if (parent.matched && !this.exclusions) return parent;
    const found = this.#lookUp(path);
    return parent.patterns.length === 0 && found.length === 0
      ? this.#tryAll(path)
      : this.#merge(path, parent.patterns, found);
  }

  #index(pattern: Pattern, index: number): void {
    const name = pattern.kind === "suffix" ? /^\/([^/]+)$/.exec(pattern.operand)?.[1] : undefined;
    if (pattern.kind === "exact") addTo(this.#byPath, pattern.operand, index);
    else if (name !== undefined) addTo(this.#byName, name, index);
    else this.#tried.push(index);
  }

  #lookUp(path: string): readonly number[] {
    const byPath = this.#byPath.size > 0 ? this.#byPath.get(path) : undefined;
    const byName = this.#byName.size > 0
      ? this.#byName.get(path.slice(path.lastIndexOf("/") + 1))
      : undefined;
    if (byPath === undefined || byName === undefined) return byPath ?? byName ?? NONE;
    return [...byPath, ...byName].sort((a, b) => a - b);
  }

  /** The common case, in which only the patterns that cannot be looked up are left. */
  #tryAll(path: string): MatchInfo {
    let matched = false;
    let matching: number[] | undefined;
    for (const index of this.#tried) {
      const pattern = this.patterns[index]!;
      if (pattern.exclusion !== matched || !pattern.matches(path)) continue;
      if (!this.exclusions) return MATCH;
      matched = !pattern.exclusion;
      (matching ??= []).push(index);
    }
    return matching === undefined ? NO_MATCH : { matched, patterns: matching };
  }

  /** `inherited` are the patterns that match by a directory above, `found` those that are known to match the path itself. */
  #merge(path: string, inherited: readonly number[], found: readonly number[]): MatchInfo {
    const matching: number[] = [];
    let matched = false;
    for (let i = 0, f = 0, t = 0;;) {
      const next = Math.min(
        inherited[i] ?? Infinity,
        found[f] ?? Infinity,
        this.#tried[t] ?? Infinity,
      );
      if (next === Infinity) break;
      const pattern = this.patterns[next]!;
      let matches = false;
      if (inherited[i] === next) {
        matches = true;
        i++;
      }
      if (found[f] === next) {
        matches ||= pattern.exclusion === matched;
        f++;
      }
      if (this.#tried[t] === next) {
        matches ||= pattern.exclusion === matched && pattern.matches(path);
        t++;
      }
      if (!matches) continue;
      matched = !pattern.exclusion;
      matching.push(next);
    }
    return { matched, patterns: matching };
  }
}

function addTo(map: Map<string, number[]>, key: string, index: number): void {
  const indices = map.get(key);
  if (indices === undefined) map.set(key, [index]);
  else indices.push(index);
}

/** The directories above a path, outermost first. */
function parents(path: string): string[] {
  const above: string[] = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    above.push(path.slice(0, at));
  }
  return above;
}
