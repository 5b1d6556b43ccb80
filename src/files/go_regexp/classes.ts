/** Go's named character classes, as what stands between a JavaScript class's brackets (regexp/syntax perl_groups.go). */
import { InvalidExpression } from "./node.ts";

/** First and last code points, in pairs, ascending. */
type Ranges = readonly number[];

const MAX_CODE_POINT = 0x10ffff;

const DIGIT: Ranges = [0x30, 0x39];
const UPPER: Ranges = [0x41, 0x5a];
const LOWER: Ranges = [0x61, 0x7a];
const WORD: Ranges = [...DIGIT, ...UPPER, 0x5f, 0x5f, ...LOWER];

const PERL_CLASSES: ReadonlyMap<string, Ranges> = new Map([
  ["d", DIGIT],
  ["s", [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20]],
  ["w", WORD],
]);

const POSIX_CLASSES: ReadonlyMap<string, Ranges> = new Map([
  ["alnum", [...DIGIT, ...UPPER, ...LOWER]],
  ["alpha", [...UPPER, ...LOWER]],
  ["ascii", [0x00, 0x7f]],
  ["blank", [0x09, 0x09, 0x20, 0x20]],
  ["cntrl", [0x00, 0x1f, 0x7f, 0x7f]],
  ["digit", DIGIT],
  ["graph", [0x21, 0x7e]],
  ["lower", LOWER],
  ["print", [0x20, 0x7e]],
  ["punct", [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e]],
  ["space", [0x09, 0x0d, 0x20, 0x20]],
  ["upper", UPPER],
  ["word", WORD],
  ["xdigit", [...DIGIT, 0x41, 0x46, 0x61, 0x66]],
]);

/** General categories by their short names, lower-case. */
const CATEGORIES: ReadonlyMap<string, string> = new Map(
  ("C Cc Cf Cn Co Cs L LC Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So " +
    "Z Zl Zp Zs Any ASCII Assigned").split(" ").map((name) => [name.toLowerCase(), name]),
);

/** One code point. */
export function codePoint(code: number): string {
  return `\\u{${code.toString(16)}}`;
}

/** All code points of a range. */
export function range(low: number, high: number): string {
  return `${codePoint(low)}-${codePoint(high)}`;
}

/** `\d`, `\D` and so on by their letter; undefined for other letters. */
export function perlClass(letter: string): string | undefined {
  const found = PERL_CLASSES.get(letter.toLowerCase());
  return found && toSource(letter === letter.toLowerCase() ? found : complement(found));
}

/** `alpha` or `^alpha`, as between `[:` and `:]`. */
export function posixClass(name: string): string {
  const negated = name.startsWith("^");
  const found = POSIX_CLASSES.get(negated ? name.slice(1) : name);
  if (found === undefined) throw new InvalidExpression(`[:${name}:]`);
  return toSource(negated ? complement(found) : found);
}

/**
 * `\pL`, `\P{Greek}`, `\p{^Nd}`: a category or a script. Go ignores case, blanks, `-` and `_` in names, and for that does not
 * know the scripts of several words. Unlike Go, categories' long names of several words are not known here.
 */
export function unicodeClass(letter: "p" | "P", name: string): string {
  const negated = name.startsWith("^") !== (letter === "P");
  const plain = name.replace(/^\^/, "").replace(/[-_ ]/g, "").toLowerCase();
  const titled = plain.charAt(0).toUpperCase() + plain.slice(1);
  const candidates = [CATEGORIES.get(plain) ?? `General_Category=${titled}`, `Script=${titled}`];
  const property = candidates.find(isProperty);
  if (property === undefined) throw new InvalidExpression(`\\${letter}{${name}}`);
  return `\\${negated ? "P" : "p"}{${property}}`;
}

function isProperty(name: string): boolean {
  if (!/^[\w=]+$/.test(name)) return false;
  try {
    return new RegExp(`\\p{${name}}`, "u") !== undefined;
  } catch (error) {
    // The only way to ask an engine which properties it knows.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function toSource(pairs: Ranges): string {
  let source = "";
  for (let i = 0; i < pairs.length; i += 2) source += range(pairs[i]!, pairs[i + 1]!);
  return source;
}

function complement(pairs: Ranges): number[] {
  const rest: number[] = [];
  let from = 0;
  for (let i = 0; i < pairs.length; i += 2) {
    if (pairs[i]! > from) rest.push(from, pairs[i]! - 1);
    from = pairs[i + 1]! + 1;
  }
  rest.push(from, MAX_CODE_POINT);
  return rest;
}
