/** What a build would send of its context, what it would not, and which rule says so. */
import { FileError, OptionError } from "../errors.ts";
import type { IgnoreFile, IgnoreRule } from "./ignore_file.ts";
import { type MatchInfo, NO_MATCH, PatternMatcher } from "./matcher.ts";
import { isDirectory } from "./mode.ts";
import { sortNames } from "./order.ts";
import type { FileTree } from "./tree.ts";

/** Files and the bytes in them. */
export interface Amount {
  files: number;
  bytes: number;
}

/** A file (or link, or device) of the context. */
export interface ExplainedFile {
  readonly path: string;
  readonly bytes: number;
  /** Whether the builder may ask for it. */
  readonly sent: boolean;
  /** Line of the rule that decided, from 1; absent where no rule says anything. */
  readonly line?: number;
}

/** What one rule of the ignore file did. */
export interface ExplainedRule extends Amount {
  readonly line: number;
  readonly text: string;
  /** It brings back (`!`) rather than removes. What it counts are the files that it decided. */
  readonly exception: boolean;
}

/** What {@linkcode explainContext} found. */
export interface ContextExplanation {
  /** The ignore file's name, if there is one. */
  readonly ignoreFile?: string;
  readonly sent: Amount;
  readonly removed: Amount;
  readonly rules: readonly ExplainedRule[];
  /** What is sent of each folder, all below it included, by path; `""` is the root. */
  readonly folders: ReadonlyMap<string, Amount>;
  /** Every file, folders before what is in them, names in byte order. */
  readonly files: readonly ExplainedFile[];
}

/** No path contains it, so a rule with it matches nothing. */
const NOWHERE = "!\0";

/**
 * Goes through the whole context, also where the ignore file keeps everything out. What is `sent` is what the builder may
 * ask for: it leaves out what the Dockerfile does not use, and what it has from an earlier build.
 *
 * @throws {OptionError} naming the line, if a rule is malformed: the builder refuses it too
 * @throws {FileError} if a folder that is not kept out can't be read
 */
export function explainContext(
  tree: FileTree,
  ignoreFile: IgnoreFile | undefined,
): ContextExplanation {
  const rules = ignoreFile?.rules ?? [];
  const counts = rules.map(() => ({ files: 0, bytes: 0 }));
  const [sent, removed] = [{ files: 0, bytes: 0 }, { files: 0, bytes: 0 }];
  const folders = new Map<string, Amount>();
  const files: ExplainedFile[] = [];
  for (const { path, bytes, info } of walkAll(tree, matcherOf(rules, ignoreFile?.name))) {
    const index = info.patterns.at(-1);
    const line = index === undefined ? {} : { line: rules[index]!.line };
    files.push({ path, bytes, sent: !info.matched, ...line });
    add(info.matched ? removed : sent, bytes);
    if (index !== undefined) add(counts[index]!, bytes);
    if (!info.matched) addToFolders(folders, path, bytes);
  }
  return {
    ...(ignoreFile !== undefined && { ignoreFile: ignoreFile.name }),
    sent,
    removed,
    rules: rules.map(({ line, text, pattern }, index) => {
      return { line, text, exception: pattern.startsWith("!"), ...counts[index]! };
    }),
    folders,
    files,
  };
}

/** The matcher of an ignore file that tells of every path which rules matched it. */
function matcherOf(rules: readonly IgnoreRule[], name = ""): PatternMatcher | undefined {
  if (rules.length === 0) return undefined;
  for (const { line, text, pattern } of rules) {
    try {
      new PatternMatcher([pattern]).matches("a");
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      throw new OptionError(`${name}:${line}`, `${JSON.stringify(text)} is not well formed`);
    }
  }
  // Only beside an exception does a matcher keep track of what matched.
  return new PatternMatcher([...rules.map(({ pattern }) => pattern), NOWHERE]);
}

function* walkAll(
  tree: FileTree,
  matcher: PatternMatcher | undefined,
  folder = "",
  above: MatchInfo = NO_MATCH,
): Generator<{ path: string; bytes: number; info: MatchInfo }> {
  for (const name of listNames(tree, folder, above.matched)) {
    const path = folder + name;
    const stat = tree.stat(path);
    if (stat === undefined) continue;
    const info = matcher?.matchWithParent(path, above) ?? NO_MATCH;
    if (isDirectory(stat.mode)) yield* walkAll(tree, matcher, `${path}/`, info);
    else yield { path, bytes: stat.size, info };
  }
}

function listNames(tree: FileTree, folder: string, removed: boolean): string[] {
  try {
    return sortNames(tree.list(folder.slice(0, -1)) ?? []);
  } catch (error) {
    // What is kept out need not be readable.
    if (removed && error instanceof FileError) return [];
    throw error;
  }
}

function addToFolders(folders: Map<string, Amount>, path: string, bytes: number): void {
  const names = path.split("/").slice(0, -1);
  for (let depth = 0; depth <= names.length; depth++) {
    const folder = names.slice(0, depth).join("/");
    let amount = folders.get(folder);
    if (amount === undefined) folders.set(folder, amount = { files: 0, bytes: 0 });
    add(amount, bytes);
  }
}

function add(amount: Amount, bytes: number): void {
  amount.files++;
  amount.bytes += bytes;
}
