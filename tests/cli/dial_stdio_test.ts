/** `dial-stdio` as a process of its own, between real clients and a real builder. */
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { build } from "../../src/build.ts";
import { folderOf } from "../build/support.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { run } from "../support/process.ts";
import { PROGRAM } from "../support/program.ts";
import { type TempFolder, tempFolder } from "../support/temp_folder.ts";

/** A folder with a program `ssh` that runs our command on this machine, whatever host it is told. */
function fakeSsh(address: string, verb = "dial-stdio"): TempFolder {
  const folder = tempFolder();
  const path = join(folder.path, "ssh");
  const command = `"${Deno.execPath()}" run --allow-all "${PROGRAM}" ${verb} --addr "${address}"`;
  writeFileSync(path, `#!/bin/sh\nexec ${command}\n`);
  chmodSync(path, 0o755);
  return folder;
}

for (const verb of ["dial-stdio", "ctl dial-stdio"]) {
  daemonTest(`buildctl builds through ${verb}`, (environment) => buildThrough(verb, environment));
}

async function buildThrough(verb: string, { tools, address }: TestEnvironment): Promise<void> {
  const size = 5_000_000;
  await using context = folderOf({ Dockerfile: "FROM scratch\nCOPY a /\n", a: "a".repeat(size) });
  await using ssh = fakeSsh(address, verb);
  await using out = tempFolder();
  const env = { ...process.env, PATH: `${ssh.path}:${process.env.PATH}` };
  const { code, stderr } = await run(tools.buildctl, [
    ...["--addr", "ssh://elsewhere", "--timeout", "60", "build", "--frontend", "dockerfile.v0"],
    ...["--local", `context=${context.path}`, "--local", `dockerfile=${context.path}`],
    ...["--output", `type=local,dest=${out.path}`],
  ], { env });
  assert.equal(code, 0, stderr);
  assert.equal(Deno.statSync(join(out.path, "a")).size, size);
}

daemonTest("build() builds through dial-stdio", async ({ address }) => {
  await using ssh = fakeSsh(address);
  const before = process.env.PATH;
  process.env.PATH = `${ssh.path}:${before}`;
  try {
    const context = { a: "b".repeat(1_000_000) };
    const options = { context, dockerfile: "FROM scratch\nCOPY a /\n", address: "ssh://elsewhere" };
    assert.equal((await build({ ...options, output: "cacheonly" })).outputs.length, 1);
  } finally {
    process.env.PATH = before;
  }
});

Deno.test("dial-stdio ends when the builder hangs up, though nobody closes its input", async () => {
  const server = createServer((socket) => socket.end("bye"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", PROGRAM, "dial-stdio", "--addr", `tcp://127.0.0.1:${port}`],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [out, err, { code }] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.status,
  ]);
  assert.deepEqual({ code, out, err }, { code: 0, out: "bye", err: "" });
  await child.stdin.close();
  await new Promise((resolve) => server.close(resolve));
});
