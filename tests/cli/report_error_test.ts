import assert from "node:assert/strict";
import type { BuildError } from "../../src/build_error.ts";
import { failedBuild } from "../../src/failed_build.ts";
import { reportError } from "../../src/cli/report_error.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { CanceledError, ConnectionError, OptionError } from "../../src/errors.ts";
import { RpcError } from "../../src/rpc/status.ts";
import { fakeIo } from "./fake_io.ts";

const CASES: [name: string, error: unknown, code: number, text: string][] = [
  ["a usage error", new UsageError("wrong", "Do this"), 2, "error: wrong\nDo this\n"],
  [
    "an option of one value",
    new OptionError("shmSize", '"x" is not a size', '"1m"'),
    2,
    'error: invalid --shm-size: "x" is not a size (for example --shm-size 128m)\n',
  ],
  [
    "an option of a list",
    new OptionError("tags[1]", "bad"),
    2,
    "error: invalid --tag: bad (for example -t registry.example/team/app:1.2)\n",
  ],
  [
    "an option's part",
    new OptionError("addHosts.db", "bad"),
    2,
    "error: invalid --add-host db: bad (for example --add-host db.local=10.0.0.5)\n",
  ],
  [
    "a longer option",
    new OptionError("noCacheFilter", "bad"),
    2,
    "error: invalid --no-cache-filter: bad\n",
  ],
  ["an option without a flag", new OptionError("tagsX", "bad"), 2, "error: Invalid tagsX: bad\n"],
  ["a cancel", new CanceledError("interrupted"), 130, "error: interrupted\n"],
  ["no connection", new ConnectionError("UNREACHABLE", "tcp://b:1", "gone"), 1, "error: gone\n"],
  [
    "a system error",
    Object.assign(new Error("EACCES: x"), { code: "EACCES" }),
    1,
    "error: Error: EACCES: x\n",
  ],
  ["no error", "text", 1, "error: text\n"],
  ["escape sequences", new CanceledError("a\u001b[31mb\u0007"), 130, "error: ab\n"],
];

for (const [name, error, code, text] of CASES) {
  Deno.test(`reportError() of ${name}`, () => {
    const io = fakeIo();
    assert.equal(reportError(error, io), code);
    assert.equal(io.err(), text);
    assert.equal(io.out(), "");
  });
}

Deno.test("reportError() shows the stack and its causes with MOAT_DEBUG", () => {
  const io = fakeIo({ env: { MOAT_DEBUG: "1" } });
  const cause = new Error("deep");
  reportError(new ConnectionError("UNREACHABLE", "tcp://b:1", "gone", cause), io);
  assert.match(
    io.err(),
    /^error: gone\n.*gone\n +at .*report_error_test.*caused by:\nError: deep\n +at /s,
  );
});

/** The error of a build that failed at these lines of a Dockerfile of ten. */
function failedAt(...ranges: [start: number, end: number][]): BuildError {
  const lines = Array.from({ length: 10 }, (_, i) => `RUN ${i + 1}`);
  const source = {
    info: { filename: "Dockerfile", data: btoa(lines.join("\n")) },
    ranges: ranges.map(([start, end]) => ({ start: { line: start }, end: { line: end } })),
  };
  const value = new TextEncoder().encode(JSON.stringify(source));
  const details = [{ typeUrl: "github.com/moby/buildkit/errdefs.Source+json", value }];
  return failedBuild(new RpcError(2, "exit code: 1", { details }));
}

const SNIPPETS: [name: string, error: BuildError, first: number, lines: string[]][] = [
  ["one line", failedAt([5, 5]), 5, [
    "   3 |     RUN 3",
    "   4 |     RUN 4",
    "   5 | >>> RUN 5",
    "   6 |     RUN 6",
    "   7 |     RUN 7",
  ]],
  ["an end of 0", failedAt([5, 0]), 5, [
    "   3 |     RUN 3",
    "   4 |     RUN 4",
    "   5 | >>> RUN 5",
    "   6 |     RUN 6",
    "   7 |     RUN 7",
  ]],
  ["several lines", failedAt([5, 6]), 5, [
    "   4 |     RUN 4",
    "   5 | >>> RUN 5",
    "   6 | >>> RUN 6",
    "   7 |     RUN 7",
  ]],
  ["two ranges", failedAt([7, 7], [5, 5]), 5, [
    "   4 |     RUN 4",
    "   5 | >>> RUN 5",
    "   6 |     RUN 6",
    "   7 | >>> RUN 7",
    "   8 |     RUN 8",
  ]],
  ["the first line", failedAt([1, 1]), 1, [
    "   1 | >>> RUN 1",
    "   2 |     RUN 2",
    "   3 |     RUN 3",
  ]],
  ["the last line", failedAt([10, 10]), 10, [
    "   8 |     RUN 8",
    "   9 |     RUN 9",
    "  10 | >>> RUN 10",
  ]],
];

for (const [name, error, first, lines] of SNIPPETS) {
  Deno.test(`reportError() shows where a build failed: ${name}`, () => {
    const io = fakeIo();
    assert.equal(reportError(error, io), 1);
    const rule = "--------------------";
    const shown = [
      `Dockerfile:${first}`,
      rule,
      ...lines,
      rule,
      "error: failed to solve: exit code: 1",
      "",
    ];
    assert.deepEqual(io.err().split("\n"), shown);
  });
}

for (const error of [failedAt(), failedAt([0, 0]), failedAt([11, 11])]) {
  Deno.test(`reportError() shows no lines for ${JSON.stringify(error.sources[0]?.ranges)}`, () => {
    const io = fakeIo();
    reportError(error, io);
    assert.equal(io.err(), "error: failed to solve: exit code: 1\n");
  });
}
