/** Helper programs: stand-ins for ssh and kubectl that start the real buildctl, as the real ones would elsewhere. */
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { build, connect } from "../../mod.ts";
import { ConnectionError, type ConnectionErrorCode } from "../../src/errors.ts";
import { daemonTest } from "../support/env.ts";
import { type TempFolder, tempFolder } from "../support/temp_folder.ts";

/** A folder with one program, a shell script. */
function program(name: string, script: string): TempFolder {
  const folder = tempFolder();
  const path = join(folder.path, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return folder;
}

/** With `folder` before the rest of PATH, or instead of it. */
async function withPath<T>(folder: string, work: () => Promise<T>, alone = false): Promise<T> {
  const before = process.env.PATH ?? "";
  process.env.PATH = alone ? folder : [folder, before].join(delimiter);
  try {
    return await work();
  } finally {
    process.env.PATH = before;
  }
}

/** Sends what follows `--` to a shell, as sshd does, or starts it, as a kubelet does. */
const SSH = (buildctl: string) =>
  `while [ "$1" != -- ]; do shift; done; shift 2; PATH=${buildctl}:$PATH exec sh -c "exec $*"`;
const KUBECTL = (buildctl: string, socket: string) =>
  `while [ "$1" != -- ]; do shift; done; shift; PATH=${buildctl}:$PATH BUILDKIT_HOST=${socket} exec "$@"`;

const CONTEXT = { context: { a: "a".repeat(3_000_000) }, dockerfile: "FROM scratch\nCOPY a /\n" };

daemonTest("build() builds through ssh://", async ({ tools, address }) => {
  await using ssh = program("ssh", SSH(join(tools.buildctl, "..")));
  await withPath(ssh.path, async () => {
    const at = `ssh://me@build.example:22${address.slice("unix://".length)}`;
    const { outputs } = await build({ ...CONTEXT, address: at, output: "cacheonly" });
    assert.equal(outputs[0]!.type, "cacheonly");
  });
});

daemonTest("build() builds through kube-pod://", async ({ tools, address }) => {
  await using kubectl = program("kubectl", KUBECTL(join(tools.buildctl, ".."), address));
  await using out = tempFolder();
  await withPath(kubectl.path, async () => {
    const output = { type: "local", dest: out.path } as const;
    await build({ ...CONTEXT, address: "kube-pod://buildkitd-0?namespace=ci", output });
  });
  assert.equal(Deno.statSync(join(out.path, "a")).size, 3_000_000);
});

const FAILURES: Array<
  [what: string, script: string, code: ConnectionErrorCode, message: RegExp]
> = [
  [
    "what ssh says",
    "echo 'ssh: connect to host build port 22: Connection refused' >&2; exit 255",
    "COMMAND_FAILED",
    /^Cannot connect to ssh:\/\/build: ssh ended with code 255\. It said: ssh: connect to host build port 22: Connection refused\nCheck that buildkitd runs/,
  ],
  [
    "words on standard output",
    "echo 'sh: buildctl: not found'; exit 127",
    "COMMAND_FAILED",
    /127\. It said: sh: buildctl: not found/,
  ],
  ["silence", "exit 1", "COMMAND_FAILED", /ended with code 1, without a word/],
  [
    "a greeting before HTTP/2",
    "printf 'Welcome!\\n\\000\\000\\000\\004'; exec cat",
    "COMMAND_FAILED",
    /ssh ended by SIGTERM\. It said: Welcome!\n/,
  ],
];

for (const [what, script, code, message] of FAILURES) {
  Deno.test(`connect() to ssh:// fails with ${what}`, async () => {
    await using ssh = program("ssh", script);
    await withPath(ssh.path, async () => {
      await using client = connect("ssh://build");
      await assert.rejects(client.ping({ timeoutMs: 1_000 }), (error) => {
        assert(error instanceof ConnectionError, String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        return true;
      });
    });
  });
}

Deno.test("waitForReady() gives up on an ssh that never answers", async () => {
  await using ssh = program("ssh", "exec cat > /dev/null");
  await withPath(ssh.path, async () => {
    await using client = connect("ssh://build");
    await assert.rejects(client.waitForReady({ timeoutMs: 300 }), { code: "CONNECT_TIMEOUT" });
  });
});

Deno.test("connect() to kube-pod:// says that there is no kubectl", async () => {
  await using empty = tempFolder();
  await withPath(empty.path, async () => {
    await using client = connect("kube-pod://b");
    await assert.rejects(client.ping(), {
      code: "COMMAND_NOT_FOUND",
      message: /no kubectl on PATH/,
    });
    // Waiting does not bring one.
    await assert.rejects(client.waitForReady({ timeoutMs: 20_000 }), { code: "COMMAND_NOT_FOUND" });
  }, true);
});

daemonTest("build() tells when ssh is gone in the middle", async ({ tools, address }) => {
  await using folder = tempFolder();
  const pidFile = join(folder.path, "pid");
  await using ssh = program("ssh", `echo $$ > ${pidFile}\n${SSH(join(tools.buildctl, ".."))}`);
  await withPath(ssh.path, async () => {
    const running = build({
      address: `ssh://build${address.slice("unix://".length)}`,
      context: { busybox: { content: Deno.readFileSync(tools.busybox), mode: 0o755 } },
      dockerfile: 'FROM scratch\nCOPY busybox /\nRUN ["/busybox", "sleep", "60"]\n',
      noCache: true,
      output: "cacheonly",
    });
    const failed = assert.rejects(running, (error) => {
      assert(error instanceof ConnectionError, String(error));
      assert.match(error.message, /^Lost the connection to ssh:\/\/build/);
      return true;
    });
    for await (const { vertexes } of running.statuses()) {
      if (!vertexes.some(({ name, started }) => started && name.includes("sleep"))) continue;
      process.kill(Number(Deno.readTextFileSync(pidFile)), "SIGKILL");
      break;
    }
    await failed;
  });
});
