import assert from "node:assert/strict";
import { decodeMetadata } from "../src/metadata.ts";

const encoded = (value: unknown) => btoa(JSON.stringify(value));

const CASES: [name: string, value: string, decoded: unknown][] = [
  ["text", "sha256:abc", "sha256:abc"],
  ["the empty text", "", ""],
  ["an object", encoded({ a: [1] }), { a: [1] }],
  ["an object with text beyond Latin", "eyJhIjoiw7wifQ==", { a: "ü" }],
  ["an empty object", encoded({}), encoded({})],
  ["a list of objects", encoded([{ a: 1 }, {}]), [{ a: 1 }, {}]],
  ["a list of numbers", encoded([1, 2]), encoded([1, 2])],
  ["an empty list", encoded([]), encoded([])],
  ["a number", encoded(1234), encoded(1234)],
  ["text in JSON", encoded("abcd"), encoded("abcd")],
  ["null", encoded(null), encoded(null)],
  ["what only looks like base64", "abcd", "abcd"],
  ["base64 of no JSON", btoa("hello!"), btoa("hello!")],
  ["base64 of no UTF-8", "//79", "//79"],
  ["base64 without its end", "eyJhIjox", "eyJhIjox"],
  ["JSON that is not base64", '{"a":1}', '{"a":1}'],
];

for (const [name, value, decoded] of CASES) {
  Deno.test(`decodeMetadata() of ${name}`, () => {
    assert.deepEqual(decodeMetadata(new Map([["key", value]])), { key: decoded });
  });
}
