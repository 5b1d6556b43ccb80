import assert from "node:assert/strict";
import type { BuildError } from "../src/build_error.ts";
import { failedBuild } from "../src/failed_build.ts";
import { RpcError } from "../src/rpc/status.ts";

function errorWith(...details: [type: string, detail: unknown][]): BuildError {
  const encoded = details.map(([type, detail]) => ({
    typeUrl: `github.com/moby/buildkit/${type}+json`,
    value: new TextEncoder().encode(typeof detail === "string" ? detail : JSON.stringify(detail)),
  }));
  return failedBuild(new RpcError(2, "it failed", { details: encoded }));
}

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

Deno.test("BuildError without details", () => {
  const error = errorWith();
  assert.equal(error.message, "The build failed: it failed");
  assert.equal(error.shortMessage, error.message);
  assert.equal(error.originalMessage, "it failed");
  assert.equal(error.code, "BUILD_FAILED");
  assert.equal(error.status, "UNKNOWN");
  assert(error.cause instanceof RpcError);
  assert.deepEqual([error.vertex, error.exitCode, error.sources], [undefined, undefined, []]);
});

Deno.test("BuildError reads the step, the exit code and the sources", () => {
  const error = errorWith(
    ["errdefs.Vertex", { digest: "sha256:1" }],
    ["gatewayapi.ExitMessage", { Code: 3 }],
    ["errdefs.Source", {
      info: { filename: "Dockerfile", data: base64("FROM ü\nRUN x") },
      ranges: [{ start: { line: 2 }, end: { line: 3 } }, { start: { line: 5 } }],
    }],
    ["errdefs.Source", {}],
    ["errdefs.Subrequest", { name: "unknown to us" }],
  );
  assert.equal(error.vertex, "sha256:1");
  assert.equal(error.exitCode, 3);
  assert.deepEqual(error.sources, [
    {
      filename: "Dockerfile",
      lines: ["FROM ü", "RUN x"],
      ranges: [{ start: 2, end: 3 }, { start: 5, end: 5 }],
    },
    { filename: "", lines: [""], ranges: [] },
  ]);
});

const UNREADABLE: [name: string, detail: unknown][] = [
  ["no JSON", "{"],
  ["null", null],
  ["base64 that is none", { info: { data: "***" } }],
  ["ranges that are none", { ranges: [null] }],
];

for (const [name, detail] of UNREADABLE) {
  Deno.test(`BuildError leaves out a detail with ${name}`, () => {
    const error = errorWith(
      ["errdefs.Vertex", detail],
      ["errdefs.Source", detail],
      ["gatewayapi.ExitMessage", { Code: 1 }],
    );
    assert.deepEqual([error.vertex, error.exitCode, error.sources], [undefined, 1, []]);
  });
}
