import assert from "node:assert/strict";
import { paintText, parseColors } from "../../src/progress/colors.ts";

Deno.test("parseColors() changes what it understands", () => {
  const plain = parseColors();
  const cases: Array<[string, Partial<typeof plain>]> = [
    ["", {}],
    ["run=green", { run: "32" }],
    ["RUN=Light-Blue:error=255,0,0", { run: "94", error: "38;5;196" }],
    ["cancel=0,0,0:warning=default", { cancel: "38;5;16", warning: "39" }],
    ["run=256,0,0", {}],
    ["run=1,2", {}],
    ["run=mauve:faint=red:nothing:run=red=blue", {}],
  ];
  for (const [setting, changes] of cases) {
    assert.deepEqual(parseColors(setting), { ...plain, ...changes }, setting);
  }
});

Deno.test("paintText() without a palette adds nothing", () => {
  assert.equal(paintText("x", undefined, "run"), "x");
  assert.equal(paintText("x", parseColors(), "error"), "\u001b[31mx\u001b[0m");
});
