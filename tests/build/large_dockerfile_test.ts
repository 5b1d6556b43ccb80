import assert from "node:assert/strict";
import { build } from "../../mod.ts";
import { BuildError } from "../../src/build_error.ts";
import { daemonTest } from "../support/env.ts";

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
