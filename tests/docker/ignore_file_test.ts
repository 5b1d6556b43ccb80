import assert from "node:assert/strict";
import { parseIgnoreFile } from "../../src/docker/ignore_file.ts";

const CASES: Array<[what: string, content: string, patterns: string[]]> = [
  ["one pattern a line", "a\nb\n", ["a", "b"]],
  ["no newline at the end", "a", ["a"]],
  ["white space and Windows' line ends", "  a \t\r\nb\r\n\r\n", ["a", "b"]],
  ["a byte order mark", "\ufeffa\n", ["a"]],
  ["a comment after a byte order mark", "\ufeff# a\nb", ["b"]],
  ["comments in the first column only", "#a\n #b\nc#d", ["#b", "c#d"]],
  ["exceptions", "!a\n! b", ["!a", "!b"]],
  ["an exception alone", "!", ["!"]],
  ["clean paths", "./a/\nb//c\nd/../e\n.", ["a", "b/c", "e", "."]],
  ["a leading slash", "/a\n!/b\n/", ["a", "!b", "/"]],
  ["patterns as they are", "**/*.log\na[!b]?", ["**/*.log", "a[!b]?"]],
];

for (const [what, content, patterns] of CASES) {
  Deno.test(`parseIgnoreFile() reads ${what}`, () => {
    assert.deepEqual(parseIgnoreFile(new TextEncoder().encode(content)), patterns);
  });
}
