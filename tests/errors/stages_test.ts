import assert from "node:assert/strict";
import { stageNames } from "../../src/diagnosis/stages.ts";

const CASES: [name: string, dockerfile: string, names: string[]][] = [
  ["nothing", "", []],
  ["stages without a name", "FROM a\nFROM b\n", []],
  ["names in either case", "from a as one\nFROM b AS Two\n", ["one", "Two"]],
  ["flags and continued lines", "FROM --platform=$A \\\n  a AS one\r\n", ["one"]],
  ["comments", "# FROM a AS no\nFROM a AS one\n  # FROM a AS no\n", ["one"]],
  [
    "heredocs",
    "FROM a AS one\nRUN <<-'END' cat <<B\nFROM b AS no\nEND\nFROM c AS no\nB\nFROM d AS two\n",
    ["one", "two"],
  ],
  ["SQL in a command", 'FROM a AS one\nRUN psql -c "select" \\\n  FROM users AS u\n', ["one"]],
];

for (const [name, dockerfile, names] of CASES) {
  Deno.test(`stageNames() with ${name}`, () => assert.deepEqual(stageNames(dockerfile), names));
}
