import assert from "node:assert/strict";
import { UnsupportedError } from "../../src/errors.ts";
import { Capabilities, gatewayCapabilities, llbCapabilities } from "../../src/gateway/caps.ts";

const cap = (id: string, fields: object = {}) => ({
  ...{ id, enabled: true, deprecated: false },
  ...{ disabledReason: "", disabledReasonMsg: "", disabledAlternative: "" },
  ...fields,
});

Deno.test("Capabilities.has() is true for what is listed and enabled", () => {
  const caps = new Capabilities([cap("a"), cap("b", { enabled: false })]);
  assert.deepEqual(["a", "b", "c"].map((id) => caps.has(id)), [true, false, false]);
  assert.deepEqual(caps.ids(), ["a"]);
});

const MESSAGES: Array<[fields: object | undefined, message: string]> = [
  [undefined, "The builder does not support x; a newer BuildKit may have it"],
  [
    { disabledReasonMsg: "too slow" },
    "The builder does not support x: too slow; a newer BuildKit may have it",
  ],
  [{ disabledAlternative: "y" }, "The builder does not support x; use y instead"],
];

for (const [fields, message] of MESSAGES) {
  Deno.test(`Capabilities.require() says: ${message}`, () => {
    const caps = new Capabilities(fields ? [cap("x", { ...fields, enabled: false })] : []);
    assert.throws(() => caps.require("x"), (error) => {
      assert(error instanceof UnsupportedError);
      assert.deepEqual([error.message, error.capability], [message, "x"]);
      return true;
    });
  });
}

Deno.test("gatewayCapabilities() and llbCapabilities() know what daemons without lists can do", () => {
  assert(gatewayCapabilities([]).has("readfile") && !gatewayCapabilities([]).has("return"));
  assert(llbCapabilities([]).has("exec.mount.secret") && !llbCapabilities([]).has("mergeop"));
  assert.deepEqual(llbCapabilities([cap("mergeop")]).ids(), ["mergeop"]);
});
