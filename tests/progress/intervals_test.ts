import assert from "node:assert/strict";
import { type Interval, mergeIntervals, totalTime } from "../../src/progress/intervals.ts";

/** `1-3 5-` as intervals. */
function parse(text: string): Interval[] {
  return text.split(" ").filter(Boolean).map((item) => {
    const [started, completed] = item.split("-");
    return { started: BigInt(started!), completed: completed ? BigInt(completed) : undefined };
  });
}

function show(intervals: Interval[]): string {
  return intervals.map(({ started, completed }) => `${started}-${completed ?? ""}`).join(" ");
}

Deno.test("mergeIntervals() joins what touches", () => {
  const cases: Array<[string, string]> = [
    ["", ""],
    ["1-3", "1-3"],
    ["5-6 1-3", "1-3 5-6"],
    ["1-3 3-4", "1-4"],
    ["1-9 2-3", "1-9"],
    ["1-3 2-5 7-8", "1-5 7-8"],
    ["1- 2-3", "1-"],
    ["1-3 2-", "1-"],
    ["1-3 4-", "1-3 4-"],
    ["2-2 2-", "2-"],
  ];
  for (const [input, expected] of cases) assert.equal(show(mergeIntervals(parse(input))), expected);
});

Deno.test("totalTime() counts an open interval until now", () => {
  assert.equal(totalTime(parse("1-3 5-"), 10n), 7n);
  assert.equal(totalTime(parse("5-"), 3n), 0n);
});
