import assert from "node:assert/strict";
import { nearest } from "../src/nearest.ts";

const WORDS = ["tags", "target", "platforms", "labels", "buildArgs"];

const CASES: [word: string, found: string | undefined][] = [
  ["tags", "tags"],
  ["tag", "tags"],
  ["TAGS", "tags"],
  ["traget", "target"],
  ["platform", "platforms"],
  ["buildargs", "buildArgs"],
  ["build_args", "buildArgs"],
  ["lable", "labels"],
  ["secrets", undefined],
  ["zzzzzz", undefined],
];

for (const [word, found] of CASES) {
  Deno.test(`nearest() of ${word} is ${found}`, () => assert.equal(nearest(word, WORDS), found));
}

Deno.test("nearest() of nothing to choose from", () => assert.equal(nearest("a", []), undefined));
