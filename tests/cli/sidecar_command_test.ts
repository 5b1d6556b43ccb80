import assert from "node:assert/strict";
import { main } from "../../src/cli/main.ts";
import { START_FLAGS, startOptions } from "../../src/cli/sidecar_flags.ts";
import { parseFlags } from "../../src/cli/flags.ts";
import { inventory, sidecarTest } from "../docker/sidecar_support.ts";
import { fakeIo } from "./fake_io.ts";

/** Runs a command line; what it printed, errors first. */
async function run(...argv: string[]): Promise<{ code: number; text: string }> {
  const io = fakeIo();
  const code = await main(["sidecar", ...argv], io);
  return { code, text: io.err() + io.out() };
}

sidecarTest("sidecar start, status, stop, logs, rm and gc on {}", async (image, engine) => {
  const before = await inventory(engine);
  const started = await run("start", "cli-test", "--image", image, "--alias", "bk");
  assert.deepEqual(started, {
    code: 0,
    text: `cli-test (${image}) is ready\n` +
      "  on this machine: BUILDKIT_HOST=docker-container://cli-test\n" +
      "  on its network cli-test: BUILDKIT_HOST=tcp://bk:1234\n",
  });
  const address = "  docker-container://cli-test\n  tcp://bk:1234 on the network cli-test\n";
  assert.equal(
    (await run("status")).text,
    `cli-test: running, kept until it is removed\n  image ${image}\n${address}`,
  );
  assert.deepEqual(await run("stop", "cli-test"), { code: 0, text: "" });
  const [{ state }] = JSON.parse((await run("status", "cli-test", "--json")).text);
  assert.equal(state, "exited");
  const again = JSON.parse((await run("start", "cli-test", "--json")).text);
  assert.equal(again.networkAddress, "tcp://bk:1234");
  assert.match((await run("logs", "cli-test", "-n", "2")).text, /^.*running server.*\n.*\n$/);
  assert.deepEqual(await run("gc"), { code: 0, text: "" });
  assert.deepEqual(await run("rm", "cli-test"), {
    code: 0,
    text:
      "removed the container cli-test\nremoved the network cli-test\nremoved the volume cli-test\n",
  });
  const gone = await run("logs", "cli-test");
  assert.equal(gone.code, 1);
  assert.match(gone.text, /^error: The Docker engine at \S+ has no sidecar cli-test\. /);
  assert.equal((await run("status")).text, "There is no sidecar.\n");
  assert.deepEqual(await inventory(engine), before);
});

Deno.test("startOptions() reads all flags", () => {
  const { flags } = parseFlags(START_FLAGS, [
    ...["--image=i", "--network=n", "--alias=a", "--state=s", "--rootless", "--timeout=1.5"],
    ...["--publish=[::1]:80", "--config=c.toml", "--registry-mirror=docker.io=m:5000"],
    ...["--registry-mirror=docker.io=n", "--registry-ca=r=ca.pem", "--insecure-registry=m:5000"],
    ...["--env=HTTP_PROXY=http://p?a=b", "--daemon-arg=--debug"],
  ]);
  assert.deepEqual(startOptions(flags, (path) => `content of ${path}`), {
    ...{ image: "i", network: "n", alias: "a", state: "s", rootless: true, readyTimeoutMs: 1500 },
    publish: { host: "::1", port: 80 },
    config: "content of c.toml",
    registryMirrors: { "docker.io": ["m:5000", "n"] },
    registryCas: { r: "ca.pem" },
    insecureRegistries: ["m:5000"],
    env: { HTTP_PROXY: "http://p?a=b" },
    args: ["--debug"],
  });
});

const WRONG: Array<[argv: string[], text: RegExp]> = [
  [[], /needs to be told what to do\nSee moat-build sidecar --help/],
  [["strat"], /unknown action strat\nDid you mean sidecar start\?/],
  [["start", "--publish", "x"], /--publish "x" is not PORT or HOST:PORT/],
  [["start", "--env", "x"], /--env "x" has no = between two parts/],
  [["start", "--timeout", "0"], /--timeout "0" is not a number of seconds/],
  [["start", "--config", "/nowhere"], /--config: cannot read "\/nowhere"/],
  [["start", "--insecure-registry", "a b"], /invalid --insecure-registry: "a b" is not a registry/],
  [["start", "a", "b"], /sidecar start takes one name, but got a b/],
  [["logs", "-n", "x"], /--tail "x" is not a number of lines/],
  [["gc", "x"], /sidecar gc takes no arguments/],
];

for (const [argv, text] of WRONG) {
  Deno.test(`sidecar ${argv.join(" ")} is refused`, async () => {
    const result = await run(...argv);
    assert.equal(result.code, 2, result.text);
    assert.match(result.text, text);
  });
}

for (const argv of [[], ["start"], ["status"], ["stop"], ["logs"], ["rm"], ["gc"]]) {
  Deno.test(`sidecar ${argv.join(" ")} --help fits a terminal`, async () => {
    const { code, text } = await run(...argv, "--help");
    assert.equal(code, 0);
    assert.deepEqual(text.split("\n").filter((line) => line.length > 80), []);
  });
}
