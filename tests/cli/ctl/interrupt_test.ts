/** Commands that run until they are told to stop. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { build } from "../../../src/build.ts";
import { connect } from "../../../src/connect.ts";
import { Control } from "../../../src/gen/control.ts";
import { main } from "../../../src/cli/main.ts";
import { COPY_ALL, folderOf } from "../../build/support.ts";
import { daemonTest } from "../../support/env.ts";
import { type FakeIo, fakeIo } from "../fake_io.ts";

/** Runs `ctl` until it has printed what matches, on either stream, then interrupts it. */
async function runUntil(args: string[], expected: RegExp): Promise<{ code: number; io: FakeIo }> {
  const io = fakeIo();
  const watch = (output: FakeIo["stderr"]) => {
    const write = output.write;
    Object.assign(output, {
      write(text: string) {
        write(text);
        if (expected.test(io.out() + io.err())) io.interrupt();
      },
    });
  };
  watch(io.stdout);
  watch(io.stderr);
  const code = await main(["ctl", ...args], io);
  assert.equal(io.listeners(), 0);
  return { code, io };
}

daemonTest("ctl build cancels the build on Ctrl-C", async ({ address, baseImage }) => {
  await using context = folderOf({
    Dockerfile: `FROM ${baseImage}\nRUN --network=none echo started && sleep 1000\n`,
  });
  const { code, io } = await runUntil([
    ...["--addr", address, "build", "--frontend", "dockerfile.v0", "--no-cache"],
    ...["--local", `context=${context.path}`, "--local", `dockerfile=${context.path}`],
    ...["--progress", "plain"],
  ], /\d started/);
  assert.equal(code, 1);
  assert.match(io.err(), /error: interrupted\n$/);
  await using client = connect(address);
  for await (
    const { record } of client.stream(Control.listenBuildHistory, {
      activeOnly: true,
      earlyExit: true,
    })
  ) {
    const attrs = [...record?.frontendAttrs ?? []];
    assert.ok(!attrs.some(([, value]) => value.includes(context.path)), "the build goes on");
  }
});

daemonTest("ctl debug monitor shows what buildctl shows", async ({ peerAddress, tools }) => {
  const { ref } = await build({
    address: peerAddress,
    context: { Dockerfile: COPY_ALL, a: "a" },
    output: "image",
  });
  await using client = connect(peerAddress);
  // Until then the daemon goes on writing to the record.
  await client.call(Control.updateBuildHistory, { ref, finalize: true });
  const args = ["--addr", peerAddress, "debug", "monitor", "--completed", "--ref", ref];
  const done = new RegExp(`event: COMPLETE ref:${ref}\n[^]*attestation: .*\n`);
  const { code, io } = await runUntil(args, done);
  assert.equal(code, 1);
  const theirs = await buildctlUntil(tools.buildctl, args, done);
  // Go's text format has one space or two, so that nobody relies on it.
  assert.equal(io.out(), theirs.replace(/ {2}(?=\w+:)(?<!\n {2})/g, " "));
});

/** The same for the real program, which is killed. */
async function buildctlUntil(program: string, args: string[], expected: RegExp): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Uint8Array) => {
    text += new TextDecoder().decode(chunk);
    if (expected.test(text)) child.kill();
  });
  await new Promise((resolve) => child.once("close", resolve));
  return text;
}
