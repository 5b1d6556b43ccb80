import assert from "node:assert/strict";
import { JsonSyntaxError, parseJson } from "../../src/registry/parse_json.ts";

const MISTAKES: [name: string, text: string, line: number, column: number][] = [
  ["nothing", "", 1, 1],
  ["an unquoted word", '{"a": hunter2}', 1, 7],
  ["a missing comma", '{\n  "a": "hunter2"\n  "b": 1\n}', 3, 3],
  ["a trailing comma", '{"a": [1,\n]}', 2, 1],
  ["a missing colon", '{"a" "hunter2"}', 1, 6],
  ["an unquoted key", '{"a": 1,\n b: "hunter2"}', 2, 2],
  ["an open string", '{"a": "hunter2', 1, 7],
  ["an open object", '{"a": "hunter2"', 1, 16],
  ["a wrong bracket", '{"a": [1}}', 1, 9],
  ["a bad escape", '["\\x"]', 1, 2],
  ["a bad number", "[01]", 1, 3],
  ["text behind the end", '{} "hunter2"', 1, 4],
];

for (const [name, text, line, column] of MISTAKES) {
  Deno.test(`parseJson() finds ${name} and does not quote it`, () => {
    assert.throws(() => parseJson(text), (error: unknown) => {
      assert(error instanceof JsonSyntaxError);
      assert.deepEqual([error.line, error.column], [line, column]);
      assert(!Deno.inspect(error).includes("hunter2"));
      return true;
    });
  });
}

Deno.test("parseJson() parses what JSON.parse does", () => {
  const text = ' {"a": [1, -2.5e+3, {}, [], "\\u00e4\\n", true, false, null], "b": {"c": {}}} ';
  assert.deepEqual(parseJson(text), JSON.parse(text));
});
