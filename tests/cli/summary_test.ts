import assert from "node:assert/strict";
import { summaryLines } from "../../src/cli/summary.ts";
import type { BuildSummary } from "../../src/progress/summary.ts";
import { displayWidth } from "../../src/progress/width.ts";
import type { BuildResult, OutputResult } from "../../src/types.ts";

const RESULT: BuildResult = {
  ref: "r",
  digest: "sha256:d",
  imageId: "sha256:i",
  names: ["reg/app:1"],
  outputs: [{ type: "image", bytes: 1_234_567 }],
  transfers: [{ name: "context", entries: 12, files: 3, bytes: 4567 }],
  builder: { kind: "standalone", address: "tcp://b:1", from: "address" },
  metadata: {},
  durationMs: 12_345,
};
const SUMMARY: BuildSummary = { steps: 0, cached: 0, slowest: [], warnings: [] };

Deno.test("summaryLines() says what was made and where the time went", () => {
  const lines = summaryLines(RESULT, {
    steps: 7,
    cached: 5,
    slowest: [{ name: "[2/3] RUN make", seconds: 8.14 }, { name: "exporting", seconds: 1 }],
    warnings: [
      { rule: "Rule", message: "be \u001b[2Jcareful", url: "https://rules", place: "Dockerfile:3" },
      { message: "x\ny" },
    ],
  }, { push: true });
  assert.deepEqual(lines, [
    "Built in 12.3s",
    "  image reg/app:1, 1.23MB",
    "  digest sha256:d",
    "  cached 5 of 7 steps (71%)",
    "  sent 3 files, 4.57kB, of 12 entries in the context",
    "  slow   8.1s [2/3] RUN make",
    "  slow   1.0s exporting",
    "  2 warnings",
    "    Dockerfile:3 Rule: be careful",
    "      https://rules",
    "    x y",
    "  next: docker run --rm reg/app:1",
  ]);
});

const NEXT: [outputs: OutputResult[], push: boolean, next: RegExp][] = [
  [[{ type: "image" }], false, /^ {2}next: the same with --push, or with --load /],
  [[{ type: "image" }], true, /^ {2}next: docker run --rm reg\/app:1$/],
  [
    [{ type: "docker", dest: "unix:///var/run/docker.sock" }],
    false,
    /^ {2}next: docker run --rm reg\/app:1$/,
  ],
  [[{ type: "docker", dest: "a b'.tar" }], false, /^ {2}next: docker load -i 'a b'\\''\.tar'$/],
  [[{ type: "oci", dest: "a", layout: true }], false, /^ {2}next: cat a\/index\.json$/],
  [[{ type: "tar", dest: "a.tar" }], false, /^ {2}next: tar -tvf a\.tar$/],
  [[{ type: "local", dest: "out", entries: 1, bytes: 5 }], false, /^ {2}next: ls -l out$/],
  [[{ type: "cacheonly" }], false, /^ {2}nothing but the builder's cache/],
  [[{ type: "tar", dest: "stream", bytes: 1 }], false, /^ {2}sent/],
];

Deno.test("summaryLines() ends with what to do next", () => {
  for (const [outputs, push, next] of NEXT) {
    assert.match(summaryLines({ ...RESULT, outputs }, SUMMARY, { push }).at(-1)!, next);
  }
});

Deno.test("summaryLines() tells the outputs on this machine with their sizes", () => {
  const outputs: OutputResult[] = [
    { type: "local", dest: "out", entries: 2, bytes: 1500 },
    { type: "oci", dest: "a.tar", bytes: 10 },
  ];
  const lines = summaryLines({ ...RESULT, outputs, transfers: [] }, SUMMARY, { push: false });
  assert.deepEqual(lines.slice(3, 5), ["  local out, 1.50kB, 2 entries", "  oci a.tar, 10B"]);
});

Deno.test("summaryLines() of a Docker engine's image says where it is and how to run it", () => {
  const builder = { kind: "classic", address: "unix:///d.sock", from: "DOCKER_HOST" } as const;
  const lines = summaryLines({ ...RESULT, digest: undefined, builder }, SUMMARY, { push: false });
  assert(lines.includes("  id sha256:i"), lines.join("\n"));
  assert(lines.includes("  in the Docker engine at unix:///d.sock"), lines.join("\n"));
  assert.equal(lines.at(-1), "  next: docker run --rm reg/app:1");
});

Deno.test("summaryLines() cuts long names of steps where there is a limit", () => {
  const summary = { ...SUMMARY, slowest: [{ name: "RUN 日本語".repeat(30), seconds: 1 }] };
  const lines = summaryLines(RESULT, summary, { push: false, columns: 40 });
  const slow = lines.find((line) => line.startsWith("  slow"))!;
  assert.ok(displayWidth(slow) <= 40 && slow.endsWith("…"), slow);
  assert.ok(lines.includes("  digest sha256:d"));
});
