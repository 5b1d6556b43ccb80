/** A list of patterns, as .dockerignore or a request for files has them (moby patternmatcher). */
import { isBlank, Pattern } from "./pattern.ts";
import { PatternIndex } from "./pattern_index.ts";

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

/**
 * Patterns in order; an exception (`!`) takes out what earlier patterns matched. A path also matches through the directories
 * above it.
 */
export class PatternMatcher {
  readonly patterns: readonly Pattern[];
  /** Whether any pattern is an exception. */
  readonly exclusions: boolean;

  readonly #index: PatternIndex;

  /** Blank patterns are left out. Throws an `OptionError` if one is malformed. */
  constructor(patterns: readonly string[]) {
    this.patterns = patterns.filter((source) => !isBlank(source)).map((s) => new Pattern(s));
    this.exclusions = this.patterns.some((pattern) => pattern.exclusion);
    this.#index = new PatternIndex(this.patterns);
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
    const known = this.#index.known(path);
    const candidates = this.#index.candidates(path);
    return parent.patterns.length === 0 && known.length === 0
      ? this.#try(path, candidates)
      : this.#merge(path, parent.patterns, known, candidates);
  }

  /** The common case, in which nothing is known. */
  #try(path: string, candidates: readonly number[]): MatchInfo {
    let matched = false;
    let matching: number[] | undefined;
    for (const index of candidates) {
      const pattern = this.patterns[index]!;
      if (pattern.exclusion !== matched || !pattern.matches(path)) continue;
      if (!this.exclusions) return MATCH;
      matched = !pattern.exclusion;
      (matching ??= []).push(index);
    }
    return matching === undefined ? NO_MATCH : { matched, patterns: matching };
  }

  /** `inherited` are the patterns that match by a directory above, `known` those that match the path itself. */
  #merge(
    path: string,
    inherited: readonly number[],
    known: readonly number[],
    candidates: readonly number[],
  ): MatchInfo {
    const matching: number[] = [];
    let matched = false;
    for (let i = 0, k = 0, c = 0;;) {
      const next = Math.min(
        inherited[i] ?? Infinity,
        known[k] ?? Infinity,
        candidates[c] ?? Infinity,
      );
      if (next === Infinity) return { matched, patterns: matching };
      const pattern = this.patterns[next]!;
      const isInherited = inherited[i] === next;
      const isKnown = known[k] === next;
      if (isInherited) i++;
      if (isKnown) k++;
      if (candidates[c] === next) c++;
      // What cannot change the answer is passed over, unless it was inherited.
      const relevant = pattern.exclusion === matched;
      if (!isInherited && !(relevant && (isKnown || pattern.matches(path)))) continue;
      matched = !pattern.exclusion;
      matching.push(next);
    }
  }
}

/** The directories above a path, outermost first. */
function parents(path: string): string[] {
  const above: string[] = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    above.push(path.slice(0, at));
  }
  return above;
}
