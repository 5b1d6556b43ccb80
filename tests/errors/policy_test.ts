import assert from "node:assert/strict";
import { BuildError } from "../../src/build_error.ts";
import { connect } from "../../src/client.ts";
import { NO_FACTS } from "../../src/diagnosis/failure.ts";
import { virtualTree } from "../../src/files/virtual.ts";
import { resolveVirtualFiles } from "../../src/files/virtual_files.ts";
import { fileSyncHandlers } from "../../src/session/file_sync.ts";
import { randomId } from "../../src/session/id.ts";
import { runSolve } from "../../src/solve.ts";
import { daemonTest } from "../support/env.ts";

const DENY = 1;

daemonTest("a source policy's denial is told as one", async ({ address, baseImage }) => {
  await using client = connect(address);
  const files = { Dockerfile: `FROM ${baseImage}\nRUN true\n` };
  const tree = virtualTree(await resolveVirtualFiles(files, undefined, "context"));
  const rule = { action: DENY, selector: { identifier: "*", matchType: 0, constraints: [] } };
  const request = {
    ref: randomId(),
    frontend: "dockerfile.v0",
    sourcePolicy: { version: 1n, rules: [rule] },
  };
  const solving = runSolve(client, request, {
    handlers: fileSyncHandlers(new Map([["context", tree], ["dockerfile", tree]])),
    sharedKey: "",
    onStatus: () => undefined,
    signal: new AbortController().signal,
    stallTimeoutMs: 60_000,
    facts: NO_FACTS,
  });
  await assert.rejects(solving, (error) => {
    assert(error instanceof BuildError, String(error));
    assert.equal(error.code, "POLICY_DENIED", error.message);
    assert.match(error.shortMessage, /a source policy denied the build/);
    return true;
  });
});
