import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { isBlank, Pattern } from "../../src/files/pattern.ts";

const SHAPES: ReadonlyArray<[source: string, kind: string, text: string, exclusion: boolean]> = [
  ["foo", "exact", "foo", false],
  [" foo/ ", "exact", "foo", false],
  ["./a//b/../c", "exact", "a/c", false],
  ["\u0085a\u00a0", "exact", "a", false],
  ["\ufeffa", "exact", "\ufeffa", false],
  ["!foo", "exact", "foo", true],
  ["! foo", "exact", " foo", true],
  ["!./foo", "exact", "./foo", true],
  ["a.b+(c)$|{d}^", "exact", "a.b+(c)$|{d}^", false],
  ["foo/**", "prefix", "foo/**", false],
  ["**/foo", "suffix", "**/foo", false],
  ["**", "suffix", "**", false],
  ["*.md", "expression", "*.md", false],
  ["a?", "expression", "a?", false],
  ["a\\b", "expression", "a\\b", false],
  ["a]", "expression", "a]", false],
  ["**/*", "expression", "**/*", false],
];

for (const [source, kind, text, exclusion] of SHAPES) {
  Deno.test(`Pattern ${JSON.stringify(source)} is ${kind}`, () => {
    const pattern = new Pattern(source);
    assert.deepEqual([pattern.kind, pattern.text, pattern.exclusion], [kind, text, exclusion]);
  });
}

for (const source of ["!", "!/", "[", "[a", "a\\", "[a-", "[]a]"]) {
  Deno.test(`Pattern ${source} is refused`, () => {
    assert.throws(() => new Pattern(source), OptionError);
  });
}

Deno.test("Pattern whose expression is invalid is refused when it is needed", () => {
  const pattern = new Pattern("a*[z-a]");
  assert.throws(() => pattern.matches("b"), {
    name: "OptionError",
    message: 'Invalid pattern: "a*[z-a]" is not well formed; ' +
      "check .dockerignore, and the paths of COPY and ADD",
  });
});

Deno.test("isBlank() knows Go's white space", () => {
  assert.deepEqual(["", " \t", "\u0085\u3000", "\ufeff", "a"].map(isBlank), [
    true,
    true,
    true,
    false,
    false,
  ]);
});

/** What these patterns meet makes an engine that backtracks try every way to cut it. */
const ENDLESS: ReadonlyArray<[pattern: string, path: string]> = [
  ["*a*a*a*a*a*a*a*a*a*[b]", "a".repeat(255)],
  ["**/a/**/a/**/a/**/a/**/a/**/[b]", `${"a/".repeat(100)}c`],
  ["**/a/**/a/**/[b]", `${"a/".repeat(2000)}c`],
];

for (const [source, path] of ENDLESS) {
  Deno.test(`Pattern ${source} takes no time worth mentioning`, () => {
    const pattern = new Pattern(source);
    const start = performance.now();
    assert.equal(pattern.matches(path), false);
    assert.ok(performance.now() - start < 5000);
  });
}
