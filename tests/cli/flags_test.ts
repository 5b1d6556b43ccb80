import assert from "node:assert/strict";
import { parseFlags } from "../../src/cli/flags.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const TABLE = {
  file: { short: "f", value: "FILE", help: "" },
  tag: { short: "t", value: "NAME", many: true, help: "" },
  pull: { help: "" },
  quiet: { short: "q", help: "" },
  "no-cache": { help: "" },
} as const;

const NOTHING = { file: undefined, tag: [], pull: false, quiet: false, "no-cache": false };

const GOOD: [
  argv: string,
  flags: Partial<Record<keyof typeof TABLE, unknown>>,
  positionals?: string[],
][] = [
  ["", {}],
  [".", {}, ["."]],
  ["-f x", { file: "x" }],
  ["-fx", { file: "x" }],
  ["-f=x", { file: "x" }],
  ["-f -", { file: "-" }],
  ["-f --pull", { file: "--pull" }],
  ["--file x", { file: "x" }],
  ["--file=x", { file: "x" }],
  ["--file==x", { file: "=x" }],
  ["--file=", { file: "" }],
  ["--file a --file b", { file: "b" }],
  ["-t a --tag b --tag=c", { tag: ["a", "b", "c"] }],
  [". -q", { quiet: true }, ["."]],
  ["-qf x", { quiet: true, file: "x" }],
  ["--pull=true", { pull: true }],
  ["--pull --pull=false", {}],
  ["--pull=0", {}],
  ["--no-cache", { "no-cache": true }],
  ["-- --pull", {}, ["--pull"]],
  ["-", {}, ["-"]],
];

for (const [argv, flags, positionals = []] of GOOD) {
  Deno.test(`parseFlags() reads "${argv}"`, () => {
    const line = parseFlags(TABLE, argv.split(" ").filter((word) => word !== ""));
    assert.deepEqual(line, { flags: { ...NOTHING, ...flags }, positionals });
  });
}

const BAD: [argv: string, message: string, hint?: string][] = [
  ["--tags x", "unknown flag --tags", "Did you mean --tag?"],
  ["--nocache", "unknown flag --nocache", "Did you mean --no-cache?"],
  ["--zzzzzz", "unknown flag --zzzzzz"],
  ["--constructor", "unknown flag --constructor"],
  ["-x", "unknown flag -x"],
  ["--secret id=x", "--secret is not supported yet"],
  ["-f", "-f needs a value: FILE"],
  ["--tag", "--tag needs a value: NAME"],
  ["--pull=maybe", '--pull takes true or false, not "maybe"'],
];

for (const [argv, message, hint] of BAD) {
  Deno.test(`parseFlags() refuses "${argv}"`, () => {
    const refused = { secret: "is not supported yet" };
    assert.throws(() => parseFlags(TABLE, argv.split(" "), refused), (error: unknown) => {
      assert(error instanceof UsageError);
      assert.deepEqual([error.message, error.hint], [message, hint]);
      return true;
    });
  });
}
