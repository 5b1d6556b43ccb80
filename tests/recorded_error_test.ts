import assert from "node:assert/strict";
import { build } from "../mod.ts";
import { BuildError } from "../src/build_error.ts";
import { connect } from "../src/connect.ts";
import { ConnectionError } from "../src/errors.ts";
import { recordedError } from "../src/recorded_error.ts";
import { RpcError, StatusCode } from "../src/rpc/status.ts";
import { daemonTest } from "./support/env.ts";

const SIGNAL = new AbortController().signal;

for (const kilobytes of [1, 40, 200, 1_000]) {
  daemonTest(
    `build() reports a failure in a Dockerfile of ${kilobytes} KB`,
    async ({ address }) => {
      const comments = `# ${"x".repeat(97)}\n`.repeat(kilobytes * 10);
      const dockerfile = `FROM scratch\n${comments}COPY missing /\n`;
      const context = { "present": "" };
      await assert.rejects(
        build({ address, context, dockerfile, output: "cacheonly" }),
        (error) => {
          assert(error instanceof BuildError);
          assert.match(error.message, /"\/missing": not found/);
          const line = kilobytes * 10 + 2;
          assert.deepEqual(error.sources[0]?.ranges, [{ start: line, end: line }]);
          assert.equal(error.sources[0]?.lines[line - 1], "COPY missing /");
          assert.match(error.vertex ?? "", /^sha256:/);
          return true;
        },
      );
    },
  );
}

const lost = new RpcError(StatusCode.INTERNAL, "the call broke off");

daemonTest("recordedError() knows nothing of a build that never was", async ({ address }) => {
  await using client = connect(address);
  assert.equal(await recordedError(client, "neverwas", lost, SIGNAL), undefined);
});

Deno.test("recordedError() leaves it at what is known where no daemon answers", async () => {
  await using client = connect("unix:///nowhere/buildkitd.sock");
  assert.equal(await recordedError(client, "ref", lost, SIGNAL), undefined);
});

Deno.test("recordedError() asks nothing about a status that arrived", async () => {
  await using client = connect("unix:///nowhere/buildkitd.sock");
  const details = [{ typeUrl: "a", value: new Uint8Array() }];
  const arrived = [
    new RpcError(StatusCode.UNKNOWN, "failed"),
    new RpcError(StatusCode.INTERNAL, "failed", { details }),
    new ConnectionError("TLS_FAILED", "tcp://a:1", "failed"),
  ];
  for (const error of arrived) {
    assert.equal(await recordedError(client, "ref", error, SIGNAL), undefined);
  }
});
