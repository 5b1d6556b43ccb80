/** What daemons of long ago say, as they said it. */
import assert from "node:assert/strict";
import { UnsupportedError } from "../../src/errors.ts";
import { failedBuild } from "../../src/failed_build.ts";
import { resolveVirtualFiles, virtualTree } from "../../src/files/virtual.ts";
import { RpcError } from "../../src/rpc/status.ts";
import { reportError } from "../../src/cli/report_error.ts";
import { inHeredoc } from "../../src/diagnosis/stages.ts";
import { fakeIo } from "../cli/fake_io.ts";

Deno.test("BuildError has the command and the code of daemons that tell them in text alone", () => {
  const message = "failed to solve with frontend dockerfile.v0: failed to build LLB: " +
    "executor failed running [/bin/sh -c exit 7]: exit code: 7";
  const error = failedBuild(new RpcError(2, message, { details: [] }));
  assert.deepEqual([error.code, error.exitCode, error.command], [
    "COMMAND_FAILED",
    7,
    "/bin/sh -c exit 7",
  ]);
});

Deno.test("BuildError says which frontend reads secrets as variables", () => {
  const message = "dockerfile parse error line 3: unexpected key 'env' in 'env=S'";
  const error = failedBuild(new RpcError(2, message, { details: [] }));
  assert.equal(error.code, "FRONTEND_TOO_OLD");
  assert.match(error.message, /secrets as variables \(BuildKit v0\.16\)/);
});

const HEREDOC = "FROM scratch\n# <<NO\nCOPY <<END /file\nwithin\nEND\nwithout\n";

Deno.test("BuildError tells a heredoc that is not read from a mistake", async () => {
  const tree = virtualTree(await resolveVirtualFiles({ Dockerfile: HEREDOC }));
  const codes = [4, 6].map((line) => {
    const message = `dockerfile parse error line ${line}: unknown instruction: WITHIN`;
    const facts = {
      trees: new Map([["dockerfile", tree]]),
      filename: "Dockerfile",
      hasLogin: () => false,
    };
    return failedBuild(new RpcError(2, message, { details: [] }), { facts }).code;
  });
  assert.deepEqual(codes, ["FRONTEND_TOO_OLD", "DOCKERFILE_INVALID"]);
});

Deno.test("inHeredoc() knows where heredocs begin and end", () => {
  const lines = [1, 2, 3, 4, 5, 6].map((line) => inHeredoc(HEREDOC, line));
  assert.deepEqual(lines, [false, false, false, true, true, false]);
});

Deno.test("the command names the flag that a builder is too old for", () => {
  const io = fakeIo();
  const message = "shmSize needs BuildKit v0.10 or later, and the builder at a is older than v0.11";
  assert.equal(reportError(new UnsupportedError("shmSize", message), io), 1);
  assert.match(io.err(), /^error: --shm-size needs BuildKit v0\.10/);
});
