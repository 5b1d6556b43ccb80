import assert from "node:assert/strict";
import { StepLog } from "../../src/progress/step_log.ts";

const encoder = new TextEncoder();

function lines(log: StepLog): string[] {
  const marks = log.from(0).map(({ text, overwritten }) => text + (overwritten ? "<" : ""));
  return log.open === undefined ? marks : [...marks, `${log.open.text}~`];
}

Deno.test("StepLog splits output into lines", () => {
  const cases: Array<[string, string[]]> = [
    ["", []],
    ["a", ["a~"]],
    ["a\nb\n", ["a", "b"]],
    ["\n\n", ["", ""]],
    ["a\r\nb\r\n", ["a", "b"]],
    ["10%\r50%\r100%\n", ["10%<", "50%<", "100%"]],
    ["\r10%\r50%\n", ["10%<", "50%"]],
    ["ä€😀\n", ["ä€😀"]],
    ["a\r", ["a<"]],
  ];
  for (const [text, expected] of cases) {
    const whole = new StepLog();
    whole.write(encoder.encode(text), 1, 0);
    assert.deepEqual(lines(whole), expected, JSON.stringify(text));
  }
});

Deno.test("StepLog gives the same lines however the bytes are cut", () => {
  const bytes = encoder.encode("ä€😀\r\n10%\r\r20%\r\n\nend");
  const whole = new StepLog();
  whole.write(bytes, 1, 0);
  for (const size of [1, 2, 3, 5]) {
    const log = new StepLog();
    for (let at = 0; at < bytes.length; at += size) log.write(bytes.subarray(at, at + size), 1, 0);
    assert.deepEqual(
      lines(log).map((line) => line.replace("<", "")),
      lines(whole).map((line) => line.replace("<", "")),
    );
  }
});

Deno.test("StepLog.write() puts characters together for each stream", () => {
  const log = new StepLog();
  const euro = encoder.encode("€");
  log.write(euro.subarray(0, 1), 1, 0);
  log.write(encoder.encode("E"), 2, 0);
  log.write(euro.subarray(1), 1, 0);
  assert.deepEqual(lines(log), ["E€~"]);
});

Deno.test("StepLog.end() shows a character that was cut off", () => {
  const log = new StepLog();
  log.write(encoder.encode("€").subarray(0, 2), 1, 0);
  log.end();
  assert.deepEqual(lines(log), ["\ufffd~"]);
});

Deno.test("StepLog keeps the time at which a line began", () => {
  const log = new StepLog();
  log.write(encoder.encode("a"), 1, 1);
  log.write(encoder.encode("b\nc"), 1, 2);
  assert.deepEqual([...log.from(0), log.open].map((line) => line?.seconds), [1, 2]);
});

Deno.test("StepLog.keepLast() forgets lines, not their numbers", () => {
  const log = new StepLog();
  log.write(encoder.encode("a\nb\nc\nd"), 1, 0);
  log.keepLast(1);
  assert.equal(log.count, 3);
  assert.deepEqual(log.from(1).map((line) => line.text), ["c"]);
  assert.deepEqual(log.from(3), []);
  assert.deepEqual(log.tail(2).map((line) => line.text), ["c", "d"]);
  assert.deepEqual(log.tail(0), []);
});
