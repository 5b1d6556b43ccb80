import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { NO_MATCH, PatternMatcher } from "../../src/files/matcher.ts";
import { OptionError } from "../../src/errors.ts";

/** Lists of patterns, and what moby's patternmatcher says about the paths of the first line. */
const VECTORS = new URL("./testdata/patterns.jsonl", import.meta.url);

const LISTS: ReadonlyArray<[patterns: string[], matching: string[], others: string[]]> = [
  [["foo/**"], ["foo/a", "foo/a/b"], ["foo", "foobar"]],
  [["**/foo"], ["foo", "a/foo", "a/foo/b"], ["xfoo", "foo.txt"]],
  [["**foo"], ["foo", "xfoo", "a/xfoo"], ["foox"]],
  [["**x*"], ["x", "xa", "a/xb"], ["ax"]],
  [["a**b"], ["ab", "a/b", "ax/b"], ["axb"]],
  [["[!a]b"], ["!b", "ab"], ["cb"]],
  [["[^a]b"], ["cb"], ["ab"]],
  [["*.txt"], ["a.txt", "a.txt/b", ".txt"], ["b/a.txt", "a.txts"]],
  [["a*b"], ["ab", "axb", "a😀b"], ["a/b"]],
  [["a?b"], ["a😀b", "axb"], ["ab", "a/b", "axxb"]],
  [["foo\\d"], ["foo1"], ["food"]],
  [["{a,b}*"], ["{a,b}x"], ["a", "b"]],
  [["**a"], ["a", "\na"], []],
  [["**/*.a"], ["b/.a"], ["\n/.a"]],
  [["*", "!a"], ["b", "b/a"], ["a", "a/b"]],
  [["*", "!a", "a/b"], ["b", "a/b", "a/b/c"], ["a", "a/c"]],
  [["a", "!a/b"], ["a", "a/c"], ["a/b", "a/b/c"]],
  [["!a", "a"], ["a"], ["b"]],
  [["/a", "./b/"], ["b"], ["a"]],
  [[" ", ""], [], ["a"]],
];

for (const [patterns, matching, others] of LISTS) {
  Deno.test(`PatternMatcher ${JSON.stringify(patterns)}`, () => {
    const matcher = new PatternMatcher(patterns);
    for (const path of matching) {
      assert.equal(matcher.matches(path), true, path);
      assert.equal(walked(matcher, path), true, path);
    }
    for (const path of others) {
      assert.equal(matcher.matches(path), false, path);
      assert.equal(walked(matcher, path), false, path);
    }
  });
}

Deno.test("matchWithParent() differs from matches() where Go's two forms do", () => {
  const matcher = new PatternMatcher(["a/b", "!a"]);
  assert.deepEqual([matcher.matches("a/b"), walked(matcher, "a/b")], [false, true]);
});

Deno.test("PatternMatcher finds among thousands what it finds among few", () => {
  const few = ["src/*.ts", "**/lib", "!src/lib", "docs/**", "a/b", "!**/*.md", "doc?/a.md"];
  const many = few.flatMap((pattern, i) => [
    ...Array.from({ length: 500 }, (_, n) => `zz${i}/${"/*.x**"[n % 6]}${n}`),
    pattern,
  ]);
  const paths = ["src/a.ts", "src/lib/a", "lib", "docs/a.md", "docs/a", "a/b", "a/b/c.md", "a"];
  const [one, other] = [new PatternMatcher(few), new PatternMatcher(many)];
  for (const path of paths) {
    assert.equal(walked(other, path), walked(one, path), path);
    assert.equal(other.matches(path), one.matches(path), path);
  }
});

Deno.test("PatternMatcher refuses a list for one malformed pattern", () => {
  assert.throws(() => new PatternMatcher(["a", "[b"]), OptionError);
});

Deno.test("PatternMatcher agrees with Go on every recorded list", () => {
  const [{ paths }, ...lists] = readFileSync(VECTORS, "utf8").trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  for (const { patterns, verdicts } of lists) {
    assert.equal(verdictsOf(patterns, paths), verdicts, JSON.stringify(patterns));
  }
  assert.equal(lists.length, 700);
});

/** What the list says when it is asked from the root down, as a walk does. */
function walked(matcher: PatternMatcher, path: string): boolean {
  let info = NO_MATCH;
  for (let end = 0; end >= 0;) {
    end = path.indexOf("/", end + 1);
    info = matcher.matchWithParent(end < 0 ? path : path.slice(0, end), info);
  }
  return info.matched;
}

/** For each path two characters, for `matches` and for a walk: 0, 1, or e for an error. */
function verdictsOf(patterns: string[], paths: string[]): string {
  try {
    const matcher = new PatternMatcher(patterns);
    return paths.map((path) =>
      verdict(() => matcher.matches(path)) + verdict(() => walked(matcher, path))
    ).join("");
  } catch (error) {
    assert.ok(error instanceof OptionError);
    return "invalid";
  }
}

function verdict(matches: () => boolean): string {
  try {
    return matches() ? "1" : "0";
  } catch (error) {
    assert.ok(error instanceof OptionError);
    return "e";
  }
}
