/** A `COPY`, `ADD` or bind mount names what is not there. The daemon knows only the files it was sent; here is the rest. */
import { findIgnoreFile, type IgnoreFile, type IgnoreRule } from "../files/ignore_file.ts";
import { PatternMatcher } from "../files/matcher.ts";
import { isDirectory } from "../files/mode.ts";
import type { FileTree } from "../files/tree.ts";
import { nearest } from "../nearest.ts";
import type { BuildFacts, Diagnosis, Failure } from "./failure.ts";
import { QUOTED, unquote } from "./go_quote.ts";

const MISSING_REGEXP = new RegExp(
  `failed to calculate checksum of ref \\S+: ${QUOTED}: (?:not found|no such file)`,
);
const LSTAT_REGEXP = /failed to calculate checksum of ref \S+: .*lstat (\/[^:]*): no such file/;
/** Where the file was looked for, if not in the context. */
const FROM_REGEXP = /(?:--from=|[=,\s]from=)([^\s,]+)/;

/** Entries looked at in search of a file of the same name elsewhere. */
const MAX_ENTRIES = 5_000;

/** Names listed where none is near. */
const MAX_NAMES = 10;

/** Recognises a missing source. */
export function missingSource(failure: Failure): Diagnosis | undefined {
  const { message, instruction, facts } = failure;
  const found = MISSING_REGEXP.exec(message)?.[1] ?? LSTAT_REGEXP.exec(message)?.[1];
  if (found === undefined) return undefined;
  const path = unquote(found).replace(/^\/+/, "");
  const code = "SOURCE_NOT_FOUND";
  const from = FROM_REGEXP.exec(instruction)?.[1];
  if (from !== undefined) {
    return {
      code,
      summary: `"/${path}" is not in ${from}`,
      suggestions: [
        `Look at what is in ${from}: build it alone as the target, with a folder as the output.`,
      ],
    };
  }
  const tree = facts.trees.get("context");
  return {
    code,
    summary: `"${path}" is not in the context`,
    suggestions: tree === undefined ? [] : adviceOnContext(path, tree, facts),
  };
}

function adviceOnContext(path: string, tree: FileTree, facts: BuildFacts): string[] {
  const ignore = findIgnoreFile(tree, facts.trees.get("dockerfile") ?? tree, facts.filename);
  if (tree.stat(path) !== undefined) {
    const rule = ruleAgainst(ignore, path);
    if (rule === undefined) return [];
    return [
      `${ignore!.name} line ${rule.line} (${rule.text}) keeps ${path} out. ` +
      `Remove that rule, or add the line !${path} after it.`,
    ];
  }
  const sent = (candidate: string) => ruleAgainst(ignore, candidate) === undefined;
  const guess = nearestPath(path, tree, sent) ?? sameNameElsewhere(path, tree, sent);
  return guess === undefined ? [describeRoot(tree, sent)] : [`Did you mean ${guess}?`];
}

/** What could have been meant, where nothing is near. */
function describeRoot(tree: FileTree, sent: (path: string) => boolean): string {
  const names = (tree.list("") ?? []).filter(sent).sort();
  if (names.length === 0) return `The context, ${tree.label}, is empty.`;
  const more = names.length > MAX_NAMES ? `, and ${names.length - MAX_NAMES} more` : "";
  const list = names.slice(0, MAX_NAMES).join(", ");
  return `Paths are relative to the context, ${tree.label}, which has ${list}${more}.`;
}

/** The rule that keeps a path out, if one does: the last that matches it or a folder above it decides. */
function ruleAgainst(ignore: IgnoreFile | undefined, path: string): IgnoreRule | undefined {
  const last = ignore?.rules.findLast(({ pattern }) =>
    new PatternMatcher([pattern.replace(/^!/, "")]).matches(path)
  );
  return last?.pattern.startsWith("!") ? undefined : last;
}

/** Corrects a path name by name, from the root on. */
function nearestPath(
  path: string,
  tree: FileTree,
  sent: (path: string) => boolean,
): string | undefined {
  let above = "";
  for (const name of path.split("/")) {
    const names = (tree.list(above) ?? []).filter((name) => sent(join(above, name)));
    const found = names.includes(name) ? name : nearest(name, names);
    if (found === undefined) return undefined;
    above = join(above, found);
  }
  return above;
}

/** A file that is called the same, in another folder. */
function sameNameElsewhere(
  path: string,
  tree: FileTree,
  sent: (path: string) => boolean,
): string | undefined {
  const wanted = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const folders = [""];
  let seen = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const name of (tree.list(folder) ?? []).sort()) {
      if (++seen > MAX_ENTRIES) return undefined;
      const candidate = join(folder, name);
      if (!sent(candidate)) continue;
      if (name.toLowerCase() === wanted) return candidate;
      const stat = tree.stat(candidate);
      if (stat !== undefined && isDirectory(stat.mode)) folders.push(candidate);
    }
  }
  return undefined;
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
