import assert from "node:assert/strict";
import { parseOpts, parsePairs } from "../../../../src/cli/ctl/build/opt_flag.ts";

const ENV: Record<string, string> = { A: "from env", EMPTY: "" };

const CASES: [items: string[], expected: Record<string, string>][] = [
  [[], {}],
  [["target=x"], { target: "x" }],
  [["a=b=c"], { a: "b=c" }],
  [["a="], { a: "" }],
  [["=b"], { "": "b" }],
  [["a=1", "a=2"], { a: "2" }],
  [["build-arg:A"], { "build-arg:A": "from env" }],
  [["build-arg:EMPTY"], { "build-arg:EMPTY": "" }],
  [["build-arg:NONE"], {}],
  [["build-arg:A=x", "build-arg:A"], { "build-arg:A": "from env" }],
  [["build-arg:A", "build-arg:A=x"], { "build-arg:A": "x" }],
];

for (const [items, expected] of CASES) {
  Deno.test(`parseOpts() takes ${JSON.stringify(items)}`, () => {
    assert.deepEqual(parseOpts(items, (name) => ENV[name]), new Map(Object.entries(expected)));
  });
}

Deno.test("parseOpts() takes SOURCE_DATE_EPOCH, which a flag replaces", () => {
  const env = (name: string) => name === "SOURCE_DATE_EPOCH" ? "5" : undefined;
  const key = "build-arg:SOURCE_DATE_EPOCH";
  assert.deepEqual(parseOpts([], env), new Map([[key, "5"]]));
  assert.deepEqual(parseOpts([`${key}=6`], env), new Map([[key, "6"]]));
});

for (const item of ["a", "", "build-arg:"]) {
  Deno.test(`parseOpts() refuses ${JSON.stringify(item)}`, () => {
    assert.throws(() => parseOpts([item], () => undefined), { name: "UsageError" });
  });
}

Deno.test("parsePairs() says what is wrong", () => {
  assert.throws(() => parsePairs("local", ["x"]), { message: "invalid local: invalid value x" });
});
