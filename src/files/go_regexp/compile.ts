/** Go's expressions as something that tests a path. */
import { InvalidExpression, type Node } from "./node.ts";
import { parseGoRegExp } from "./parse.ts";
import { ParallelMatcher } from "./parallel_matcher.ts";

/** Tests whether an expression matches anywhere in a path. */
export interface PathTest {
  test(path: string): boolean;
}

/**
 * An engine that backtracks takes a time that grows with the power of the number of free repetitions, where Go's is always
 * proportional to the text. Up to this many, of characters and of directories, in paths up to this length, it takes
 * milliseconds at worst, and is much faster otherwise. Beyond that we follow Go.
 */
const MAX_BACKTRACKING = 3;
const MAX_LENGTH = 256;

/** Makes a test with the meaning that the expression has in Go. Undefined where Go reports an error. */
export function compileGoRegExp(source: string): PathTest | undefined {
  let node: Node;
  try {
    node = parseGoRegExp(source);
  } catch (error) {
    // What is invalid is an answer here; the caller knows what to say about it.
    if (error instanceof InvalidExpression) return undefined;
    throw error;
  }
  const hard = repetitions(node, "set") > MAX_BACKTRACKING ||
    repetitions(node, "sequence") > MAX_BACKTRACKING;
  if (hard) return new ParallelMatcher(node);
  const backtracking = new RegExp(search(source) + toJavaScript(node), "u");
  let parallel: ParallelMatcher | undefined;
  return {
    test(path) {
      if (path.length <= MAX_LENGTH) return backtracking.test(path);
      parallel ??= new ParallelMatcher(node);
      return parallel.test(path);
    },
  };
}

/**
 * What goes before an expression that may match anywhere; few do, by a bar or by `{0}`. V8 15 by itself does not find
 * `[\u{10000}-\u{10ffff}]$` in a text of one such character.
 */
function search(source: string): string {
  return source.includes("|") || source.startsWith("^{") ? "^[^]*?" : "";
}

/** Counts the repetitions of nodes of a kind that leave an engine a choice. */
function repetitions(node: Node, kind: Node["kind"]): number {
  switch (node.kind) {
    case "set":
    case "assertion":
      return 0;
    case "repeat":
      if (node.min === node.max) return node.max * repetitions(node.of, kind);
      return node.of.kind === kind ? 1 : 0;
    case "sequence":
    case "alternatives":
      return node.of.reduce((sum, child) => sum + repetitions(child, kind), 0);
  }
}

function toJavaScript(node: Node): string {
  switch (node.kind) {
    case "set":
    case "assertion":
      return node.source;
    case "repeat":
      return `(?:${toJavaScript(node.of)})${quantifier(node.min, node.max)}`;
    case "sequence":
      return node.of.map(toJavaScript).join("");
    case "alternatives":
      return `(?:${node.of.map(toJavaScript).join("|")})`;
  }
}

function quantifier(min: number, max: number): string {
  if (min === 0 && max === 1) return "?";
  if (min === 0 && max === Infinity) return "*";
  return `{${min},${max === Infinity ? "" : max}}`;
}
