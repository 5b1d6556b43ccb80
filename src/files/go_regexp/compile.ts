/** Go's expressions as something that tests a path. */
import { InvalidExpression, type Node } from "./node.ts";
import { parseGoRegExp } from "./parse.ts";
import { ParallelMatcher } from "./parallel_matcher.ts";

/** Tests whether an expression matches anywhere in a path. */
export interface PathTest {
  test(path: string): boolean;
}

/**
 * An engine that backtracks takes a time that grows with the power of the number of free-running repetitions, where Go's is
 * always proportional to the text. Above this many we follow Go.
 */
const MAX_BACKTRACKING = 3;

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
  return backtracking(node) > MAX_BACKTRACKING
    ? new ParallelMatcher(node)
    : new RegExp(toJavaScript(node), "u");
}

/** Counts the repetitions that give an engine a choice. */
function backtracking(node: Node): number {
  switch (node.kind) {
    case "set":
    case "assertion":
      return 0;
    case "repeat":
      return node.min === node.max ? node.max * backtracking(node.of) : 1;
    case "sequence":
    case "alternatives":
      return node.of.reduce((sum, child) => sum + backtracking(child), 0);
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
      return node.of.map(toJavaScript).join("|");
  }
}

function quantifier(min: number, max: number): string {
  if (min === 0 && max === 1) return "?";
  if (min === 0 && max === Infinity) return "*";
  return `{${min},${max === Infinity ? "" : max}}`;
}
