/** Patterns, ignore files and what they leave of trees, against the libraries that buildctl and the daemon use. */
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { OptionError } from "../../src/errors.ts";
import { cleanPath } from "../../src/files/clean_path.ts";
import { matchGlob } from "../../src/files/glob.ts";
import { compileGoRegExp } from "../../src/files/go_regexp/compile.ts";
import { parseIgnoreFile } from "../../src/files/ignore_file.ts";
import { NO_MATCH, PatternMatcher } from "../../src/files/matcher.ts";
import { agreement, isError } from "./oracle.ts";
import { orRefused, REFUSED, textOf } from "./support.ts";

/** Few, so that patterns and paths meet, and what each step of a pattern's way through Go treats in its own way. */
const LETTERS = ["a", "b", "ab", "é", "😀", "\u0130"];
const SYNTAX = ["*", "**", "?", "/", "/", ".", "..", "**/", "/**", "!", "\\", "[", "]", "^", "-"];
const CLASSES = ["[a-b]", "[^a]", "[!a]", "[a-]", "[]a]", "[\\]]", "[[:alpha:]]", "[b-a]", "[^/]"];
const ODD = [
  " ",
  "\t",
  "\u0085",
  "\u00a0",
  "\ufeff",
  "{",
  "}",
  "|",
  "(",
  ")",
  "+",
  "$",
  "#",
  "\\d",
  "\0",
];

const PATTERN = textOf([...LETTERS, ...LETTERS, ...SYNTAX, ...SYNTAX, ...CLASSES, ...ODD], 7);
const SIMPLE_PATTERN = textOf(["a", "b", "/", "*", "**", "?", "."], 6);
const LIST = fc.array(fc.oneof(PATTERN, SIMPLE_PATTERN, SIMPLE_PATTERN.map((text) => `!${text}`)), {
  minLength: 1,
  maxLength: 4,
});
const NAME = textOf([...LETTERS, "a", "b", ".", "*", "-", "\\", "!", "[", "]", " ", "^"], 4);
/** As a walk gives them: clean, from the root. */
const PATH = fc.array(NAME.filter((name) => name !== "" && name !== "." && name !== ".."), {
  minLength: 1,
  maxLength: 4,
}).map((names) => names.join("/"));

agreement("PatternMatcher says what moby's says", {
  inputs: fc.record({ patterns: LIST, paths: fc.array(PATH, { minLength: 5, maxLength: 5 }) }),
  runs: 20_000,
  question: ({ patterns, paths }) => ({ ask: "match", patterns, paths }),
  ours: ({ patterns, paths }) =>
    orRefused(() => {
      new PatternMatcher(patterns);
      return paths.map((path) => verdictsOf(patterns, path)).join("");
    }, OptionError),
  theirs: (answer) => isError(answer) ? REFUSED : answer,
  known: {
    "a byte order mark before two stars": { patterns: ["\ufeff**/"], paths: ["*", "a*", "*/a"] },
  },
});

function verdictsOf(patterns: readonly string[], path: string): string {
  return verdict(() => new PatternMatcher(patterns).matches(path)) +
    verdict(() => walked(new PatternMatcher(patterns), path));
}

function walked(matcher: PatternMatcher, path: string): boolean {
  let info = NO_MATCH;
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    info = matcher.matchWithParent(path.slice(0, at), info);
  }
  return matcher.matchWithParent(path, info).matched;
}

function verdict(matches: () => boolean | undefined): string {
  const matched = orRefused(matches, OptionError);
  return matched === REFUSED || matched === undefined ? "e" : matched ? "y" : "n";
}

agreement("matchGlob() says what filepath.Match says", {
  inputs: fc.record({
    pattern: PATTERN,
    names: fc.array(fc.oneof(NAME, PATH), { minLength: 5, maxLength: 5 }),
  }),
  runs: 10_000,
  question: ({ pattern, names }) => ({ ask: "glob", text: pattern, texts: names }),
  ours: ({ pattern, names }) =>
    names.map((name) => verdict(() => matchGlob(pattern, name))).join(""),
});

/** What a pattern can turn into: parentheses, plus signs, dots and dollars come escaped, or in what stands for `**`. */
const EXPRESSION = textOf([
  ...[
    "a",
    "b",
    "1",
    "_",
    " ",
    "/",
    "(.*/)?",
    "[^/]*",
    "[^/]",
    "\\.",
    "\\(",
    "\\)",
    "\\+",
    "\\$",
    "|",
    "^",
  ],
  ...[
    "{1,2}",
    "{2}",
    "{0}",
    "{0,}",
    "{1001}",
    "{02}",
    "{",
    "}",
    "[",
    "]",
    "[a-b]",
    "[^a]",
    "[[:alpha:]]",
  ],
  ...[
    "\\d",
    "\\D",
    "\\w",
    "\\s",
    "\\b",
    "\\B",
    "\\A",
    "\\z",
    "\\Q",
    "\\E",
    "\\pL",
    "\\PL",
    "\\p{Greek}",
  ],
  ...[
    "\\x61",
    "\\x{61}",
    "\\n",
    "\\\\",
    "é",
    "😀",
    "\\C",
    "\\a",
    "\\07",
    "\\1",
    "-",
    "&&",
    "[[:^digit:]]",
    "\\p{^Lu}",
  ],
], 7).chain((text) => fc.constantFrom(`^${text}$`, `^${text}.*$`));

agreement("compileGoRegExp() matches what Go's regexp matches", {
  inputs: fc.record({
    expression: EXPRESSION,
    texts: fc.array(textOf(["a", "b", "ab", "1", "_", " ", "/", "é", "😀", "\n", "A", "ſ"], 5), {
      minLength: 4,
      maxLength: 4,
    }),
  }),
  runs: 10_000,
  question: ({ expression, texts }) => ({ ask: "regexp", text: expression, texts }),
  ours: ({ expression, texts }) => {
    const test = compileGoRegExp(expression);
    return test === undefined ? REFUSED : texts.map((text) => test.test(text) ? "y" : "n").join("");
  },
  theirs: (answer) => isError(answer) ? REFUSED : answer,
});

agreement("cleanPath() cleans as filepath.Clean", {
  inputs: textOf(["/", "/", "a", ".", "..", "é", " ", "\\"], 10),
  runs: 5_000,
  question: (text) => ({ ask: "clean", text }),
  ours: cleanPath,
});

const LINE = textOf(
  ["a", "/", "*", "!", "#", " ", "\t", "\r", "\u0085", "\ufeff", ".", "..", "\\", "\0", "é"],
  6,
);
const IGNORE_FILE = fc.oneof(
  fc.array(LINE, { maxLength: 5 })
    .chain((lines) => fc.constantFrom("\n", "\r\n").map((end) => lines.join(end)))
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  fc.array(
    fc.constantFrom(0x0a, 0x0d, 0x20, 0x23, 0x61, 0xef, 0xbb, 0xbf, 0xc2, 0x85, 0xa0, 0xff),
    {
      maxLength: 12,
    },
  ).map((bytes) => Buffer.from(bytes)),
);

/** Where bytes are no UTF-8 there is a mark, or several: it depends on who reads, and no name has any. */
function asOneMark(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/\ufffd+/g, "\ufffd"));
}

agreement("parseIgnoreFile() reads what moby's ignorefile reads", {
  inputs: IGNORE_FILE,
  runs: 10_000,
  question: (content) => ({ ask: "ignore", bytes: content.toString("base64") }),
  ours: (content) => asOneMark(parseIgnoreFile(content).map(({ pattern }) => pattern)),
  theirs: (lines) => asOneMark(lines as string[]),
});
