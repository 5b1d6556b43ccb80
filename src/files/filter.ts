/** The walk over a tree: the entries that a request's filters leave, in the order in which they travel (fsutil filter.go, hardlinks.go). */
import { FileError } from "../errors.ts";
import { followLinks, withoutNested } from "./follow_links.ts";
import { type MatchInfo, NO_MATCH, PatternMatcher } from "./matcher.ts";
import { isDirectory, isRegular, isSocket, isSymlink, MODE_SOCKET } from "./mode.ts";
import { sortNames } from "./order.ts";
import { type Pattern, refuseTooLong } from "./pattern.ts";
import type { FileStat, FileTree } from "./tree.ts";

/** Which entries of a tree are wanted. Lists that are empty or missing say nothing. */
export interface TreeFilter {
  /** Only what matches one of these. */
  readonly includePatterns?: readonly string[] | undefined;
  /** Nothing that matches these. */
  readonly excludePatterns?: readonly string[] | undefined;
  /** More include patterns: these paths, and what the symlinks on them lead to. If the root is among that, none of them counts. */
  readonly followPaths?: readonly string[] | undefined;
}

/** One list of patterns, and where below the paths that it keeps out there may be others. */
interface Gate {
  readonly matcher: PatternMatcher;
  /** The directories that may contain something; undefined if wildcards make it any. */
  readonly containers: ReadonlySet<string> | undefined;
}

/** A directory that is being walked. */
interface Directory {
  /** Its path with a slash; empty for the root. */
  readonly prefix: string;
  /** Its entry, as long as that was not given out. */
  pending: FileStat | undefined;
  readonly include: MatchInfo;
  readonly exclude: MatchInfo;
  readonly names: readonly string[];
  next: number;
}

/** Whether the other side may ask for an entry's content. Sockets, which `walkTree` disguises as empty files, included. */
export function isRequestable(stat: FileStat): boolean {
  return isRegular(stat.mode);
}

/**
 * The entries of `tree` that `filter` leaves, each directory before what is in it, names in byte order. Directories that only
 * contain what is wanted come too, right before the first of it. Of a file with several names the first one that is left has
 * the content, the others name it as their `linkname`. What vanishes while we walk is left out.
 *
 * Throws an `OptionError` if a pattern is malformed, here or while walking, and a `FileError` while walking if a directory
 * cannot be read, unless it is excluded, or if a name cannot be sent.
 */
export function walkTree(tree: FileTree, filter: TreeFilter = {}): Generator<FileStat> {
  for (const list of [filter.includePatterns, filter.excludePatterns, filter.followPaths]) {
    list?.forEach(refuseTooLong);
  }
  const include = includeGate(tree, filter);
  const exclude = gate(filter.excludePatterns, (pattern) => pattern.exclusion);
  return walk(tree, include, exclude);
}

function* walk(
  tree: FileTree,
  include: Gate | undefined,
  exclude: Gate | undefined,
): Generator<FileStat> {
  const links = new Map<string, string>();
  const above: Directory[] = [rootDirectory(tree)];
  for (let directory = above.at(-1); directory !== undefined; directory = above.at(-1)) {
    const name = directory.names[directory.next++];
    if (name === undefined) {
      above.pop();
      continue;
    }
    const path = directory.prefix + name;
    const included = include?.matcher.matchWithParent(path, directory.include) ?? NO_MATCH;
    const excluded = exclude?.matcher.matchWithParent(path, directory.exclude) ?? NO_MATCH;
    const keep = (include === undefined || included.matched) && !excluded.matched;
    // Whatever it is, it need not be looked at.
    if (include !== undefined && !included.matched && isBarren(include, path)) continue;
    if (exclude !== undefined && excluded.matched && isBarren(exclude, path)) continue;

    const stat = tree.stat(path);
    if (stat === undefined) {
      if (keep && path.includes("\ufffd")) throw unsupportedName(tree, path);
      continue;
    }
    if (keep) {
      // Whoever was given out had all above it given out before.
      if (directory.pending !== undefined) yield* release(above);
      yield sendable(tree, stat, links);
    }
    if (!isDirectory(stat.mode)) continue;
    // An exception that might apply anywhere is no reason to insist.
    const names = listNames(tree, path, excluded.matched && exclude?.containers === undefined);
    const [prefix, pending] = [`${path}/`, keep ? undefined : stat];
    above.push({ prefix, pending, include: included, exclude: excluded, names, next: 0 });
  }
}

/** Gives out the directories above that were held back, outermost first. */
function* release(above: readonly Directory[]): Generator<FileStat> {
  for (const directory of above) {
    if (directory.pending === undefined) continue;
    yield directory.pending;
    directory.pending = undefined;
  }
}

/** The entry as it travels: with its hard link resolved, and without the socket bit, which leaves an empty file. */
function sendable(tree: FileTree, stat: FileStat, links: Map<string, string>): FileStat {
  if (!stat.path.isWellFormed()) throw unsupportedName(tree, stat.path);
  if (isSocket(stat.mode)) stat = { ...stat, mode: (stat.mode & ~MODE_SOCKET) >>> 0 };
  if (stat.identity === undefined || isDirectory(stat.mode) || isSymlink(stat.mode)) return stat;
  const first = links.get(stat.identity);
  if (first !== undefined) return { ...stat, linkname: first };
  links.set(stat.identity, stat.path);
  return stat;
}

function rootDirectory(tree: FileTree): Directory {
  const names = tree.list("");
  if (names === undefined) {
    const message = `Cannot read ${tree.label}: the directory is gone; check its path`;
    throw new FileError("FILE_NOT_FOUND", tree.label, message);
  }
  sortNames(names);
  return { prefix: "", pending: undefined, include: NO_MATCH, exclude: NO_MATCH, names, next: 0 };
}

function listNames(tree: FileTree, directory: string, optional: boolean): string[] {
  try {
    return sortNames(tree.list(directory, true) ?? []);
  } catch (error) {
    const codes = ["FILE_UNREADABLE", "PERMISSION_MISSING"];
    if (optional && error instanceof FileError && codes.includes(error.code)) return [];
    throw error;
  }
}

/**
 * Names that are not valid UTF-8 reach us garbled: with U+FFFD in them, so that there is no such file, or with half a
 * surrogate pair. To leave them out would make an image that silently lacks a file.
 */
function unsupportedName(tree: FileTree, path: string): FileError {
  return new FileError(
    "FILE_NAME_UNSUPPORTED",
    path,
    `Cannot send ${
      JSON.stringify(path)
    } of ${tree.label}: its name is not valid UTF-8; rename it, or keep it out by .dockerignore`,
  );
}

function includeGate(tree: FileTree, filter: TreeFilter): Gate | undefined {
  let patterns: readonly string[] | undefined = filter.includePatterns;
  if (filter.followPaths !== undefined && filter.followPaths.length > 0) {
    const followed = followLinks(tree, filter.followPaths);
    if (followed !== undefined) patterns = withoutNested([...patterns ?? [], ...followed]);
  }
  return gate(patterns, (pattern) => !pattern.exclusion);
}

/** `opens` tells the patterns that can let something through. */
function gate(
  patterns: readonly string[] | undefined,
  opens: (pattern: Pattern) => boolean,
): Gate | undefined {
  if (patterns === undefined || patterns.length === 0) return undefined;
  const matcher = new PatternMatcher(patterns);
  return { matcher, containers: containersOf(matcher.patterns.filter(opens)) };
}

/** Characters that the names of containers may have together. */
const MOST_CONTAINED = 1 << 24;

/** All directories that one of the patterns names or leads through; undefined if wildcards leave that open, or they are too many. */
function containersOf(patterns: readonly Pattern[]): Set<string> | undefined {
  const containers = new Set<string>();
  let characters = 0;
  for (const { text } of patterns) {
    const path = withoutTrailingGlob(text);
    if (/[*[\]?^\\]/.test(path)) return undefined;
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
      characters += at;
      if (characters > MOST_CONTAINED) return undefined;
      containers.add(path.slice(0, at));
    }
    containers.add(path);
  }
  return containers;
}

function withoutTrailingGlob(text: string): string {
  const path = text.endsWith("/**") ? text.slice(0, -3) : text;
  return path.endsWith("/*") ? path.slice(0, -2) : path;
}

/** Whether nothing below a path that a gate keeps out can get through it. */
function isBarren(gate: Gate, path: string): boolean {
  return gate.containers !== undefined && !gate.containers.has(path);
}
