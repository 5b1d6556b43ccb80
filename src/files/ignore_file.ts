/** Ignore files as the Dockerfile frontend reads them (moby patternmatcher/ignorefile, buildkit dockerui/config.go). */
import { OptionError } from "../errors.ts";
import { cleanPath } from "./clean_path.ts";
import { isRegular } from "./mode.ts";
import { trimSpace } from "./pattern.ts";
import type { FileTree } from "./tree.ts";

/** One line of an ignore file that says something. */
export interface IgnoreRule {
  /** Counted from 1. */
  readonly line: number;
  /** The line as it was written, without white space around it. */
  readonly text: string;
  /** What the builder makes of it: a pattern for a {@linkcode PatternMatcher}, `!` first for an exception. */
  readonly pattern: string;
}

/** The ignore file that a build goes by. */
export interface IgnoreFile {
  /** Its path in its tree. */
  readonly name: string;
  readonly rules: readonly IgnoreRule[];
}

/** The one in the context's root. */
const COMMON_NAME = ".dockerignore";
/** The builder gives up on longer lines (Go's bufio.Scanner). */
const LONGEST_LINE = 64 << 10;

/**
 * The ignore file for a build: the Dockerfile's own (`NAME.dockerignore` beside it) if there is one, else the context's
 * `.dockerignore`; undefined if there is neither. An empty one of the Dockerfile's own does not count, as on the builder.
 *
 * @throws {FileError} if it can't be read
 * @throws {OptionError} if it has a line that is too long for the builder
 */
export function findIgnoreFile(
  context: FileTree,
  dockerfile: FileTree,
  filename: string,
): IgnoreFile | undefined {
  const places = [[dockerfile, `${filename}.dockerignore`], [context, COMMON_NAME]] as const;
  for (const [tree, name] of places) {
    const stat = tree.stat(name);
    if (stat === undefined || !isRegular(stat.mode) || stat.size === 0) continue;
    return { name, rules: parseIgnoreFile(readWhole(tree, name, stat.size), name) };
  }
  return undefined;
}

/**
 * The rules of an ignore file: a byte order mark, empty lines and lines that begin with `#` in the very first column say
 * nothing; white space around a rule and slashes before its path don't count, also after `!`.
 *
 * @throws {OptionError} naming the line that is too long for the builder; `name` is what the file is called there
 */
export function parseIgnoreFile(
  content: Uint8Array | string,
  name: string = COMMON_NAME,
): IgnoreRule[] {
  // TextDecoder drops the byte order mark.
  const text = typeof content === "string"
    ? content.replace(/^\ufeff/, "")
    : new TextDecoder().decode(content);
  const rules: IgnoreRule[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.length >= LONGEST_LINE) {
      throw new OptionError(name, `line ${index + 1} is longer than 64 KiB`, "docs/*.md");
    }
    const rule = trimSpace(line);
    if (line.startsWith("#") || rule === "") continue;
    rules.push({ line: index + 1, text: rule, pattern: toPattern(rule) });
  }
  return rules;
}

function toPattern(rule: string): string {
  if (rule.startsWith("!")) return `!${toPath(trimSpace(rule.slice(1)))}`;
  return toPath(rule);
}

function toPath(path: string): string {
  if (path === "") return "";
  const clean = cleanPath(path);
  return clean.length > 1 && clean.startsWith("/") ? clean.slice(1) : clean;
}

function readWhole(tree: FileTree, name: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const content = tree.open(name);
  try {
    return bytes.subarray(0, content.read(bytes));
  } finally {
    content.close();
  }
}
