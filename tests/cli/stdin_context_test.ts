import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { main } from "../../src/cli/main.ts";
import { folderOf, readFiles } from "../build/support.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { fakeIo } from "./fake_io.ts";
import { PROGRAM } from "../support/program.ts";

const DOCKERFILE = "FROM scratch\nCOPY <<E /x\n1\nE\n";

async function archive(): Promise<Uint8Array> {
  await using folder = folderOf({
    "Dockerfile": "FROM scratch\nCOPY a.txt /\n",
    "deploy/Other": "FROM scratch\nCOPY a.txt /other.txt\n",
    "a.txt": "a",
  });
  return spawnSync("tar", ["-cf", "-", "-C", folder.path, "."]).stdout;
}

const CASES: [
  name: string,
  stdin: () => Promise<string | Uint8Array>,
  argv: string[],
  files: Record<string, string>,
][] = [
  ["a tar archive", archive, ["-"], { "a.txt": "a" }],
  ["a packed tar archive", async () => gzipSync(await archive()), ["-"], { "a.txt": "a" }],
  ["a tar archive with -f", archive, ["-f", "deploy/Other", "-"], { "other.txt": "a" }],
  ["a Dockerfile", () => Promise.resolve(DOCKERFILE), ["-"], { x: "1\n" }],
];

for (const [name, stdin, argv, files] of CASES) {
  daemonTest(`build - takes ${name} from stdin`, async ({ address }) => {
    await using out = tempFolder();
    const io = fakeIo({ stdin: await stdin() });
    const flags = ["--addr", address, "--progress", "none", "-o", out.path];
    assert.equal(await main(["build", ...flags, ...argv], io), 0, io.err());
    assert.deepEqual(readFiles(out.path), files);
  });
}

daemonTest("build - reads the stdin of a process, and ends with it", async ({ address }) => {
  await using out = tempFolder();
  const flags = ["--addr", address, "--progress", "none", "-o", join(out.path, "out")];
  const child = spawn(process.execPath, ["run", "--allow-all", PROGRAM, "build", ...flags, "-"], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stdin.end(await archive());
  assert.equal(await ended, 0);
  assert.deepEqual(readFiles(join(out.path, "out")), { "a.txt": "a" });
});
