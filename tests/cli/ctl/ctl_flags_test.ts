import assert from "node:assert/strict";
import { countLeadingFlags, numberValue, parseCtlFlags } from "../../../src/cli/ctl/ctl_flags.ts";

const TABLE = {
  name: { value: "NAME", help: "" },
  list: { short: "l", value: "ITEM", many: true, help: "" },
  on: { short: "o", help: "" },
} as const;

const CASES: [line: string, flags: object, positionals?: string[]][] = [
  ["", {}],
  ["--name x", { name: "x" }],
  ["--name=x", { name: "x" }],
  ["--name=", { name: "" }],
  ["-name x", { name: "x" }],
  ["-name=x=y", { name: "x=y" }],
  ["--name -x", { name: "-x" }],
  ["--name a --name b", { name: "b" }],
  ["-l a --list b -l=c", { list: ["a", "b", "c"] }],
  ["--on", { on: true }],
  ["--on=false", { on: false }],
  ["-o=1", { on: true }],
  ["--on false", { on: true }, ["false"]],
  ["a --on b", { on: true }, ["a", "b"]],
  ["a -- --on -", {}, ["a", "--on", "-"]],
  ["-", {}, ["-"]],
];

for (const [line, flags, positionals = []] of CASES) {
  Deno.test(`parseCtlFlags() reads "${line}"`, () => {
    const all = { name: undefined, list: [], on: false, ...flags };
    assert.deepEqual(parseCtlFlags(TABLE, split(line)), { flags: all, positionals });
  });
}

const WRONG: [line: string, error: RegExp][] = [
  ["--nam x", /^flag provided but not defined: -nam$/],
  ["-x", /not defined: -x$/],
  ["-la", /not defined: -la$/],
  ["--name", /^flag needs an argument: --name$/],
  ["--on=maybe", /^invalid boolean value "maybe" for -on$/],
];

for (const [line, message] of WRONG) {
  Deno.test(`parseCtlFlags() refuses "${line}"`, () => {
    assert.throws(() => parseCtlFlags(TABLE, split(line)), { name: "UsageError", message });
  });
}

const LEADING: [line: string, count: number][] = [
  ["", 0],
  ["du --on", 0],
  ["--on du", 1],
  ["--name x du", 2],
  ["--name=x -o du --on", 2],
  ["--name", 1],
];

for (const [line, count] of LEADING) {
  Deno.test(`countLeadingFlags() counts ${count} in "${line}"`, () => {
    assert.equal(countLeadingFlags(TABLE, split(line)), count);
  });
}

Deno.test("numberValue() reads numbers", () => {
  assert.equal(numberValue("n", undefined, 5), 5);
  assert.equal(numberValue("n", "1.5", 5), 1.5);
  for (const text of ["", "x", "1x", "Infinity"]) {
    assert.throws(() => numberValue("n", text, 5), { name: "UsageError" });
  }
});

function split(line: string): string[] {
  return line.split(" ").filter((word) => word !== "");
}
