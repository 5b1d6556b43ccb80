import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { createDisplay, type DisplayOptions } from "../../src/progress/create.ts";
import type { ProgressMode } from "../../src/progress/display.ts";
import { atMs, FakeOutput, run } from "./support.ts";

function show(mode: ProgressMode, isTerminal: boolean, options: DisplayOptions = {}): string {
  const out = new FakeOutput();
  out.isTerminal = isTerminal;
  const display = createDisplay(mode, out, { now: () => atMs(0), ...options });
  display.update(run("a", 1, 2));
  display.end();
  return out.text;
}

Deno.test("createDisplay() picks the display for the mode and the output", () => {
  const cases: Array<[ProgressMode, boolean, RegExp]> = [
    ["auto", false, /^#1 \[a\] step/],
    ["auto", true, /\[\+\] Building/],
    ["plain", true, /^#1 \[a\] step/],
    ["tty", true, /\[\+\] Building/],
    ["rawjson", true, /^\{"vertexes"/],
    ["quiet", true, /^$/],
    ["none", true, /^$/],
  ];
  for (const [mode, isTerminal, expected] of cases) assert.match(show(mode, isTerminal), expected);
});

Deno.test("createDisplay() colours unless told not to", () => {
  assert.ok(show("tty", true).includes("\u001b[34m"));
  assert.ok(show("tty", true, { buildkitColors: "run=green" }).includes("\u001b[32m"));
  assert.doesNotMatch(show("tty", true, { noColor: true }), /\[\d+m/);
});

Deno.test("createDisplay() refuses what can't be shown", () => {
  assert.throws(() => show("tty", false), OptionError);
  assert.throws(() => show("fancy" as ProgressMode, true), /no mode "fancy"/);
});
