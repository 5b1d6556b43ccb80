import assert from "node:assert/strict";
import { decodeStatusMessage, encodeStatusMessage } from "../../src/rpc/status_message.ts";

const CASES: Array<[string, string]> = [
  ["plain text, nothing else", "plain text, nothing else".replaceAll(",", "%2C")],
  ["100%", "100%25"],
  ["two\nlines\r", "two%0Alines%0D"],
  ["größe 日本 🚀", "gr%C3%B6%C3%9Fe %E6%97%A5%E6%9C%AC %F0%9F%9A%80"],
];

for (const [text, encoded] of CASES) {
  Deno.test(`encodeStatusMessage() writes ${JSON.stringify(text)} in ASCII`, () => {
    assert.equal(encodeStatusMessage(text), encoded);
    assert.equal(decodeStatusMessage(encoded), text);
  });
}

Deno.test("encodeStatusMessage() cuts long messages, also within a pair", () => {
  assert.equal(encodeStatusMessage("x".repeat(5_000)).length, 2_000);
  assert.equal(encodeStatusMessage("x".repeat(1_999) + "🚀").slice(1_999), "%EF%BF%BD");
});

for (const bad of ["50%", "%zz", "%E6%97", "%ff"]) {
  Deno.test(`decodeStatusMessage() shows ${bad} as it is`, () => {
    assert.equal(decodeStatusMessage(bad), bad);
  });
}
