import assert from "node:assert/strict";
import { durationOf, parseDuration } from "../../src/cli/duration.ts";

const DURATIONS: [text: string, milliseconds: number | undefined][] = [
  ["24h", 86_400_000],
  ["1h30m", 5_400_000],
  ["1.5s", 1500],
  [".5m", 30_000],
  ["250ms", 250],
  ["7d", 604_800_000],
  ["100us", 0.1],
  ["0", 0],
  ["", undefined],
  ["24", undefined],
  ["-1h", undefined],
  ["1h 2m", undefined],
  ["1..2s", undefined],
  ["soon", undefined],
];

for (const [text, milliseconds] of DURATIONS) {
  Deno.test(`durationOf() of "${text}" is ${milliseconds}`, () => {
    assert.equal(durationOf(text), milliseconds);
  });
}

Deno.test("parseDuration() names the flag", () => {
  assert.throws(() => parseDuration("--keep-duration", "x"), /^UsageError: --keep-duration "x" is/);
});
