import assert from "node:assert/strict";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { main } from "../../src/cli/main.ts";
import { folderOf } from "../build/support.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest } from "../support/env.ts";
import { type FakeIo, fakeIo } from "./fake_io.ts";

const WARNS = "FROM scratch as a\nCOPY <<END /x\nEND\n\n\nFROM a as b\nENV x y\n";

/** Runs `build ARGV` on a folder with this Dockerfile. */
async function runCall(
  dockerfile: string,
  ...argv: string[]
): Promise<{ code: number; io: FakeIo }> {
  await using folder = folderOf({ Dockerfile: dockerfile });
  const io = fakeIo();
  const code = await main(["build", ...argv, folder.path], io);
  return { code, io };
}

daemonTest("build --check prints what buildctl prints, and ends with 1", async (env) => {
  const { address, tools } = env;
  await using folder = folderOf({ Dockerfile: WARNS });
  const { code, io } = await runCall(WARNS, "--addr", address, "--check");
  assert.deepEqual([code, io.err()], [1, ""]);
  const buildctl = await new Buildctl(tools.buildctl, address).run(
    "build",
    "--frontend=dockerfile.v0",
    ...[`--local=context=${folder.path}`, `--local=dockerfile=${folder.path}`],
    ...["--opt=requestid=frontend.lint", "--progress=quiet"],
  );
  const [first, ...rest] = io.out().split("\n");
  assert.equal(first, "Check complete, 3 warnings have been found!");
  assert.deepEqual(numbered(rest), numbered(buildctl.stdout.split("\n")));
});

daemonTest("build --check says that all is well", async ({ address }) => {
  const { code, io } = await runCall("FROM scratch\n", "--addr", address, "--check");
  assert.deepEqual([code, io.out(), io.err()], [0, "Check complete, no warnings found.\n", ""]);
});

daemonTest("build --check shows an error and its place", async ({ address }) => {
  const { code, io } = await runCall("FROM scratch\nNOPE\n", "--addr", address, "--check");
  assert.deepEqual([code, io.out()], [1, ""]);
  assert.match(io.err(), /^Dockerfile:2\n-+\n[^]*>>> NOPE\n[^]*error: .*unknown instruction: NOPE/);
});

daemonTest("build --call=check,format=json prints JSON", async ({ address }) => {
  const argv = ["--addr", address, "--call=check,format=json,ignorestatus=true"];
  const { code, io } = await runCall(WARNS, ...argv);
  assert.deepEqual([code, io.err()], [0, ""]);
  assert.equal(JSON.parse(io.out()).warnings.length, 3);
});

daemonTest("build --call=targets prints the stages, and writes its metadata", async (env) => {
  await using folder = folderOf({});
  const file = join(folder.path, "metadata.json");
  const argv = ["--addr", env.address, "--call=targets", "--metadata-file", file];
  const { code, io } = await runCall(WARNS, ...argv);
  assert.deepEqual([code, io.err()], [0, ""]);
  assert.match(io.out(), /^TARGET +DESCRIPTION\na +\nb \(default\) +\n$/);
  const metadata = JSON.parse(readFileSync(file, "utf8"));
  assert.equal(metadata["result.json"].targets.length, 2);
});

daemonTest("build --call=build builds", async ({ address }) => {
  const { code, io } = await runCall("FROM scratch\n", "--addr", address, "--call=build", "-q");
  assert.equal(code, 0, io.err());
});

daemonTest("build --call refuses --progress json", async ({ address }) => {
  const argv = ["--addr", address, "--check", "--progress", "json"];
  const { code, io } = await runCall(WARNS, ...argv);
  assert.equal(code, 2);
  assert.match(io.err(), /writes to stdout, and so does --call/);
});

/** Lines but for the blanks at their ends; buildctl shows what follows the last line as one more. */
function numbered(lines: readonly string[]): string[] {
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "   8 |");
}
