import assert from "node:assert/strict";
import {
  formatAmount,
  formatBytes,
  formatDuration,
  formatLogTime,
  toMilliseconds,
} from "../../src/progress/format.ts";

Deno.test("formatBytes() uses decimal units with two digits", () => {
  const cases: Array<[number | bigint, string]> = [
    [0, "0B"],
    [123, "123B"],
    [999, "999B"],
    [1000, "1.00kB"],
    [1230, "1.23kB"],
    [1_234_567n, "1.23MB"],
    [4_500_000_000n, "4.50GB"],
    [2n ** 63n - 1n, "9.22EB"],
    [-1500, "-1.50kB"],
  ];
  for (const [bytes, text] of cases) assert.equal(formatBytes(bytes), text);
});

Deno.test("formatAmount() shows the total where it is known", () => {
  assert.equal(formatAmount(0n, 0n), "");
  assert.equal(formatAmount(5n, 0n), "5B");
  assert.equal(formatAmount(0n, 2000n), "0B / 2.00kB");
});

Deno.test("formatLogTime() has fewer decimals the longer it lasts", () => {
  const cases: Array<[number, string]> = [[0, "0.000"], [9.9994, "9.999"], [10, "10.00"], [
    100,
    "100.0",
  ]];
  for (const [seconds, text] of cases) assert.equal(formatLogTime(seconds), text);
});

Deno.test("formatDuration() has one decimal", () => {
  assert.equal(formatDuration(12.34), "12.3s");
});

Deno.test("toMilliseconds() keeps microseconds", () => {
  assert.equal(toMilliseconds(1_700_000_000_123_456_789n), 1_700_000_000_123.456);
});
