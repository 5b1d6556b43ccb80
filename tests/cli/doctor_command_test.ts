import assert from "node:assert/strict";
import { doctorCommand } from "../../src/cli/doctor_command.ts";
import type { Diagnosis } from "../../src/cli/doctor_diagnosis.ts";
import { main } from "../../src/cli/main.ts";
import { withVariables } from "../docker/support.ts";
import { withoutBuildKit } from "../docker/engine_proxy.ts";
import { daemonTest, engineTest } from "../support/env.ts";
import { deadAddress } from "../support/listener.ts";
import { fakeIo } from "./fake_io.ts";

/** The exit code and what was printed. */
async function doctor(
  argv: string[],
  variables: Record<string, string>,
): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo();
  const code = await withVariables(variables, () => main(["doctor", ...argv], io));
  return { code, out: io.out(), err: io.err() };
}

async function diagnose(variables: Record<string, string>): Promise<Diagnosis & { code: number }> {
  const { code, out } = await doctor(["--json"], variables);
  return { ...JSON.parse(out) as Diagnosis, code };
}

engineTest("doctor shows the BuildKit in {}, its platforms and where images go", async (engine) => {
  const { code, out } = await doctor([], { DOCKER_HOST: engine.host });
  assert.equal(code, 0);
  assert(
    out.startsWith(`Builds use the embedded builder at ${engine.host}, chosen by DOCKER_HOST.\n`),
    out,
  );
  const store = engine.containerdStore ? "containerd image store" : "Docker's own image store";
  assert(out.includes(`    images go to: the Docker engine (${store})\n`), out);
  assert.match(out, / {4}platforms: linux\/\w+/);
  assert.match(out, /Looked at:\n {2}BUILDKIT_HOST: not set\n/);
});

daemonTest("doctor shows all builders in the order of choice", async ({ address, engines }) => {
  const host = engines[0]!.host;
  const found = await diagnose({ BUILDKIT_HOST: address, DOCKER_HOST: host });
  assert.equal(found.code, 0);
  assert.deepEqual(found.chosen, { kind: "standalone", address, from: "BUILDKIT_HOST" });
  assert.deepEqual(found.builders.map(({ kind }) => kind).slice(0, 2), ["standalone", "embedded"]);
  assert.match(found.builders[0]!.version ?? "", /^BuildKit v\d/);
  assert.equal(found.problem, undefined);
});

daemonTest(
  "doctor shows the classic builder of an engine without BuildKit",
  async ({ engines }) => {
    await using engine = await withoutBuildKit(engines[0]!.host);
    const { code, out, err } = await doctor([], { DOCKER_HOST: engine.host });
    assert.equal(code, 0);
    assert.match(out, /^Builds use the classic builder at /);
    assert.match(
      err,
      /^warning: The Docker engine at .* has no BuildKit \(.*\): using its classic builder/,
    );
    assert.equal(err.split("\n").length, 2);
  },
);

Deno.test("doctor says why the chosen builder can't be used, and fails", async () => {
  const address = await deadAddress();
  const found = await diagnose({ BUILDKIT_HOST: address });
  assert.equal(found.code, 1);
  assert.equal(found.chosen, null);
  assert.match(found.problem ?? "", /nothing listens there.*BUILDKIT_HOST/);
  assert.equal(found.builders[0]!.problem, found.problem);
});

Deno.test("doctor without a builder says what to do", async () => {
  const { code, out, err } = await doctor([], { PATH: "" });
  assert.equal(code, 1);
  assert.match(out, /^No builder was found\. Tried:\n {2}BUILDKIT_HOST: not set\n/);
  assert.match(out, /Do one of these: set BUILDKIT_HOST/);
  assert.equal(err, "");
});

daemonTest("doctor --debug tells each decision on stderr", async ({ address }) => {
  const { err } = await doctor(["--debug"], { BUILDKIT_HOST: address });
  assert(err.includes(`debug: BUILDKIT_HOST: ${address}\n`), err);
});

Deno.test("doctor closes what it opened when it is interrupted", async () => {
  const io = fakeIo();
  const address = await deadAddress();
  await withVariables({ BUILDKIT_HOST: address }, async () => {
    const running = doctorCommand([], io);
    io.interrupt();
    await assert.rejects(running);
  });
  assert.equal(io.listeners(), 0);
});
