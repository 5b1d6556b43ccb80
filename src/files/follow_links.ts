/** Resolves the symlinks on requested paths, so that their targets are sent too (fsutil followlinks.go). */
import { posix } from "../runtime/path.ts";
import { cleanPath } from "./clean_path.ts";
import { matchGlob } from "./glob.ts";
import { isDirectory, isSymlink } from "./mode.ts";
import { compareNames, sortNames } from "./order.ts";
import type { FileTree } from "./tree.ts";

/**
 * The paths, and those of all symlinks and targets met on their way, as include patterns: sorted, and without what lies below
 * another one. Last names may have wildcards. Links are taken relative to the tree's root and never lead out of it; missing
 * files are no error. Undefined if the root is among them: then everything is included. Throws a `FileError` if a directory
 * that a wildcard needs cannot be read.
 */
export function followLinks(tree: FileTree, paths: readonly string[]): string[] | undefined {
  const found = new Set<string>();
  // Targets are resolved before the next path: what was found already is not followed again, with whatever rest it had.
  const pending = [...paths].reverse();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    pending.push(...resolve(tree, posix.join(".", path), found).reverse());
  }
  return withoutNested([...found].sort(compareNames));
}

/**
 * Removes what lies below its predecessor. Undefined if `.` is among them. Expects a sorted list, or removes less (fsutil
 * followlinks.go, `dedupePaths`).
 */
export function withoutNested(paths: readonly string[]): string[] | undefined {
  if (paths.includes(".")) return undefined;
  const kept: string[] = [];
  for (const path of paths) {
    if (!path.startsWith(`${kept.at(-1) ?? ""}/`)) kept.push(path);
  }
  return kept;
}

/** Follows a path up to its first symlink, adds how far that is, and returns where it goes on. */
function resolve(tree: FileTree, path: string, found: Set<string>): string[] {
  const names = cleanPath(path).split("/");
  let current = ".";
  for (const [i, name] of names.entries()) {
    current = posix.join(current, name);
    const targets = linkTargets(tree, current, name);
    const last = i === names.length - 1;
    if (!last && targets === undefined) continue;
    if (found.has(current)) return [];
    found.add(current);
    if (targets !== undefined) {
      return targets.map((target) => posix.join(target, ...names.slice(i + 1)));
    }
  }
  return [];
}

/** Where the symlinks that `path` names lead to, from the root; undefined if it names none. */
function linkTargets(tree: FileTree, path: string, name: string): string[] | undefined {
  // Above the root there is nothing to see.
  if (path === ".." || path.startsWith("../")) return undefined;
  const links = hasWildcard(name) ? matchesOf(tree, path, name) : [path];
  const targets = links.flatMap((link) => linkTarget(tree, link) ?? []);
  return targets.length === 0 ? undefined : targets;
}

function linkTarget(tree: FileTree, path: string): string | undefined {
  const stat = path === "." ? undefined : tree.stat(path);
  if (stat === undefined || !isSymlink(stat.mode)) return undefined;
  const target = cleanPath(stat.linkname);
  return target.startsWith("/") ? target : posix.join("/", posix.join(posix.dirname(path), target));
}

/** The paths that a path with a wildcard as its last name stands for. */
function matchesOf(tree: FileTree, path: string, glob: string): string[] {
  const directory = posix.dirname(path);
  const prefix = directory === "." ? "" : `${directory}/`;
  if (prefix !== "") {
    const stat = tree.stat(directory);
    if (stat === undefined || !isDirectory(stat.mode)) return [];
  }
  const names = tree.list(prefix.slice(0, -1)) ?? [];
  return sortNames(names.filter((name) => matchGlob(glob, name) === true))
    .map((name) => prefix + name);
}

function hasWildcard(name: string): boolean {
  return /^(?:[^\\*?[]|\\.)*[*?[]/su.test(name);
}
