import assert from "node:assert/strict";
import { type CallChoice, parseCall } from "../../src/cli/call_flag.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const READ: Array<[call: string | undefined, check: boolean, Partial<CallChoice> | undefined]> = [
  [undefined, false, undefined],
  ["build", false, undefined],
  ["", false, undefined],
  [undefined, true, { requestId: "frontend.lint" }],
  ["check", false, { requestId: "frontend.lint" }],
  ["lint", true, { requestId: "frontend.lint" }],
  ["format=json", true, { requestId: "frontend.lint", format: "json" }],
  ["outline", false, { requestId: "frontend.outline", format: "text", ignoreStatus: false }],
  ["targets,format=json", false, { requestId: "frontend.targets", format: "json" }],
  ["format=text,targets", false, { requestId: "frontend.targets", format: "text" }],
  ["check,ignorestatus=true", false, { requestId: "frontend.lint", ignoreStatus: true }],
  ["subrequests.describe", false, { requestId: "frontend.subrequests.describe" }],
  ["convertllb", false, { requestId: "frontend.convertllb" }],
];

for (const [call, check, expected] of READ) {
  Deno.test(`parseCall() reads ${call} with check ${check}`, () => {
    const found = parseCall({ call, check });
    assert.deepEqual(found && { ...found, ...expected }, found);
    assert.equal(found === undefined, expected === undefined);
  });
}

const REFUSED: Array<[call: string, check: boolean, message: RegExp, hint?: RegExp]> = [
  ["outline,targets", false, /names two methods/],
  ["check,fromat=json", false, /there is no key "fromat"/, /did you mean format/],
  ["check,format=yaml", false, /"yaml" is not a format/, /text and json/],
  ["check,ignorestatus=2", false, /ignorestatus is true or false/],
  ["outline", true, /--check cannot be combined with --call outline/],
  ['a"b', false, /misplaced quote/],
];

for (const [call, check, message, hint = /^/] of REFUSED) {
  Deno.test(`parseCall() refuses ${call} with check ${check}`, () => {
    assert.throws(() => parseCall({ call, check }), (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, message);
      assert.match(error.hint ?? "", hint);
      return true;
    });
  });
}
