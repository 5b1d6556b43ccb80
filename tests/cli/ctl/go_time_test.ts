import assert from "node:assert/strict";
import {
  goDuration,
  goTime,
  parseGoDuration,
  rfc3339Local,
  rfc3339Nano,
} from "../../../src/cli/ctl/go_time.ts";

const SECOND = 1_000_000_000n;

const DURATIONS: [text: string, nanoseconds: bigint][] = [
  ["0", 0n],
  ["1ns", 1n],
  ["1.5s", 1_500_000_000n],
  ["1h30m", 5400n * SECOND],
  ["24h", 86_400n * SECOND],
  [".5h", 1800n * SECOND],
  ["-1m", -60n * SECOND],
  ["2µs", 2000n],
];

for (const [text, nanoseconds] of DURATIONS) {
  Deno.test(`parseGoDuration() reads ${text}`, () => {
    assert.equal(parseGoDuration("x", text), nanoseconds);
  });
}

for (const text of ["", "5", "1d", "h", "1 h", "1h30"]) {
  Deno.test(`parseGoDuration() refuses "${text}"`, () => {
    assert.throws(() => parseGoDuration("x", text), { name: "UsageError" });
  });
}

const SHOWN: [nanoseconds: bigint, text: string][] = [
  [0n, "0s"],
  [1n, "1ns"],
  [1_500n, "1.5µs"],
  [1_500_000n, "1.5ms"],
  [SECOND, "1s"],
  [90n * SECOND, "1m30s"],
  [172_800n * SECOND, "48h0m0s"],
  [SECOND * 3n / 2n, "1.5s"],
];

for (const [nanoseconds, text] of SHOWN) {
  Deno.test(`goDuration() shows ${text}`, () => assert.equal(goDuration(nanoseconds), text));
}

Deno.test("rfc3339Nano() and goTime() keep the digits that there are", () => {
  const at = 1_700_000_000n * SECOND;
  assert.equal(rfc3339Nano(at), "2023-11-14T22:13:20Z");
  assert.equal(rfc3339Nano(at + 120_000_000n), "2023-11-14T22:13:20.12Z");
  assert.equal(goTime(at + 1n), "2023-11-14 22:13:20.000000001 +0000 UTC");
  assert.equal(new Date(rfc3339Local(at + 1n)).getTime(), 1_700_000_000_000);
});
