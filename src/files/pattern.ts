/** One pattern of an ignore or include list, with the meaning that moby's patternmatcher gives it. */
import { OptionError } from "../errors.ts";
import { cleanPath } from "./clean_path.ts";
import { matchGlob } from "./glob.ts";
import { compileGoRegExp, type PathTest } from "./go_regexp/compile.ts";

/** How a pattern is compared: equality, `startsWith`, `endsWith`, or by an expression. */
export type PatternKind = "exact" | "prefix" | "suffix" | "expression";

/** White space as Go's `unicode.IsSpace` has it: with U+0085, without U+FEFF. */
const SPACE =
  "[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const OUTER_SPACE_REGEXP = new RegExp(`^${SPACE}|${SPACE}$`, "g");

/** Characters that stand for something else, in patterns without the following. */
const SPECIAL_REGEXP = /[*?^]/;

/** With these, others may stand for something else too, or be optional, or the expression may be invalid. */
const NOT_PLAIN_REGEXP = /[\\[\]{|\ufeff]/;

/** Of what is special in Go's expressions only, this is escaped; `{`, `}` and `|` are not, and keep their power there. */
const ESCAPED = ".+()$";

const BYTE_ORDER_MARK = "\ufeff";

/** One pattern. It does not know that parents count and that order matters: a list does. */
export class Pattern {
  /** The cleaned pattern, without a leading `!`. */
  readonly text: string;
  /** Whether it began with `!`: what it matches is taken out of what earlier patterns matched. */
  readonly exclusion: boolean;
  readonly kind: PatternKind;
  /** What paths are compared with; the expression's source for an expression. */
  readonly operand: string;
  /** A directory that all matches lie in, at any depth; empty for the root, or if the expression may turn out invalid. */
  readonly directory: string;

  /** The units that all matches of an expression begin and end with, if that is plain to see: most paths need no more. */
  readonly #first: number | undefined;
  readonly #last: number | undefined;
  #test: PathTest | undefined;

  /** `source` must not be blank. Throws an `OptionError` if it is malformed; an expression is only looked at when needed. */
  constructor(source: string) {
    const text = cleanPath(trimSpace(source));
    this.exclusion = text.startsWith("!");
    this.text = this.exclusion ? text.slice(1) : text;
    if (this.text === "") throw malformed(source, "is an exception to nothing");
    if (matchGlob(this.text, ".") === undefined) throw malformed(source, "is not well formed");
    const { kind, expression } = translate(this.text);
    this.kind = kind;
    this.operand = operandOf(kind, this.text, expression);
    const start = literalStart(this.text);
    this.directory = start.slice(0, Math.max(start.lastIndexOf("/"), 0));
    this.#first = start === "" ? undefined : start.charCodeAt(0);
    this.#last = literalLast(this.text);
  }

  /** Whether the pattern matches this path itself. Throws an `OptionError` if it gives an invalid expression. */
  matches(path: string): boolean {
    switch (this.kind) {
      case "exact":
        return path === this.operand;
      case "prefix":
        return path.startsWith(this.operand);
      case "suffix":
        // `**/name` also stands for a name at the root.
        return path.endsWith(this.operand) ||
          (this.operand.startsWith("/") && path === this.operand.slice(1));
      case "expression":
        return this.#isPossible(path) && (this.#test ??= this.#compile()).test(path);
    }
  }

  #isPossible(path: string): boolean {
    return (this.#last === undefined || path.charCodeAt(path.length - 1) === this.#last) &&
      (this.#first === undefined || path.charCodeAt(0) === this.#first);
  }

  #compile(): PathTest {
    const test = compileGoRegExp(this.operand);
    if (test === undefined) throw malformed(this.text, "is not well formed");
    return test;
  }
}

/** Whether a pattern says nothing, and is to be passed over. */
export function isBlank(source: string): boolean {
  return trimSpace(source) === "";
}

/** A text without the white space around it, as Go's `strings.TrimSpace` has it. */
export function trimSpace(source: string): string {
  return source.replace(OUTER_SPACE_REGEXP, "");
}

function malformed(pattern: string, problem: string): OptionError {
  const hint = "check .dockerignore, and the paths of COPY and ADD";
  return new OptionError("pattern", `${JSON.stringify(pattern)} ${problem}; ${hint}`);
}

/** Characters of the longest pattern, several times what a path can have: long ones take time and memory out of all proportion. */
const LONGEST = 1 << 14;

/** Throws an `OptionError` for a pattern, or a path in place of one, that is longer than any file's. */
export function refuseTooLong(pattern: string): void {
  if (pattern.length <= LONGEST) return;
  throw malformed(
    `${pattern.slice(0, 100)}...`,
    `has ${pattern.length} characters, which is too long`,
  );
}

/** What `**` at the start or the end leaves to compare. */
function operandOf(kind: PatternKind, text: string, expression: string): string {
  if (kind === "prefix") return text.slice(0, -2);
  // Go cuts two bytes off, here of the mark, and what is left of it no name has.
  if (kind === "suffix") return text.startsWith(BYTE_ORDER_MARK) ? text : text.slice(2);
  return kind === "exact" ? text : expression;
}

/**
 * Turns a pattern into a kind and a Go expression (patternmatcher.go, `compile`). The details are not what one would design:
 * much of what is special in Go's expressions gets into them as it is, and some of it without making the pattern an
 * expression.
 */
function translate(text: string): { kind: PatternKind; expression: string } {
  const characters = [...text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text];
  let kind: PatternKind = "exact";
  let expression = "^";
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!;
    if (character === "*" && characters[i + 1] === "*") {
      const first = i === 0;
      i += characters[i + 2] === "/" ? 2 : 1;
      const last = i === characters.length - 1;
      expression += last ? ".*" : "(.*/)?";
      kind = last && kind === "exact" ? "prefix" : "expression";
      if (first) kind = "suffix";
    } else if (character === "*" || character === "?") {
      expression += character === "*" ? "[^/]*" : "[^/]";
      kind = "expression";
    } else if (character === "\\") {
      expression += character + (characters[++i] ?? "");
      kind = "expression";
    } else {
      if (character === "[" || character === "]") kind = "expression";
      expression += ESCAPED.includes(character) ? `\\${character}` : character;
    }
  }
  return { kind, expression: `${expression}$` };
}

/** What all matches begin with. */
function literalStart(text: string): string {
  return NOT_PLAIN_REGEXP.test(text) ? "" : text.split(SPECIAL_REGEXP, 1)[0]!;
}

/** The last unit of all matches. */
function literalLast(text: string): number | undefined {
  const last = text.slice(-1);
  return NOT_PLAIN_REGEXP.test(text) || SPECIAL_REGEXP.test(last) ? undefined : last.charCodeAt(0);
}
