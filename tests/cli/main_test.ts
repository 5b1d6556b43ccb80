import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { main } from "../../src/cli/main.ts";
import { VERSION } from "../../src/cli/version.ts";
import { withVariables } from "../docker/support.ts";
import { fakeIo, type FakeIoOptions } from "./fake_io.ts";

const NOWHERE = "unix:///nowhere/buildkitd.sock";

const RUNS: [argv: string, code: number, out: RegExp, err: RegExp, io?: FakeIoOptions][] = [
  ["", 2, /^$/, /^error: no command given\nSee moat-build --help\n$/],
  ["--help", 0, /^Build container images/, /^$/],
  ["-h", 0, /^Build container images/, /^$/],
  ["--version", 0, /^moat-build \d+\.\d+\.\d+\n$/, /^$/],
  ["biuld .", 2, /^$/, /^error: unknown command biuld\nDid you mean moat-build build\?\n$/],
  ["--pull .", 2, /^$/, /^error: unknown flag --pull\nSee moat-build --help\n$/],
  ["constructor", 2, /^$/, /^error: unknown command constructor\n/],
  ["build --help", 0, /^Build an image/, /^$/],
  ["build", 2, /^$/, /^error: build needs the context: /],
  ["build --tags x .", 2, /^$/, /^error: unknown flag --tags\nDid you mean --tag\?\n$/],
  ["build --isolation x .", 2, /^$/, /^error: --isolation belongs to Docker's classic builder and/],
  ["build --secret x .", 2, /^$/, /^error: --secret "x": "x" is not KEY=VALUE\n/],
  ["build --progress loud .", 2, /^$/, /^error: --progress "loud" is not a mode\nModes are auto,/],
  ["build .", 2, /^$/, /^error: BUILDKIT_PROGRESS "loud" is not a mode\n/, {
    env: { BUILDKIT_PROGRESS: "loud" },
  }],
  [
    "build -q --progress plain .",
    2,
    /^$/,
    /^error: --quiet cannot be combined with --progress plain\n/,
  ],
  [
    "build --progress tty .",
    2,
    /^$/,
    /^error: invalid --progress: tty needs a terminal \(for example --progress plain\)\n$/,
  ],
  [
    "build -t UPPER .",
    2,
    /^$/,
    /^error: invalid --tag: .*UPPER.* \(for example -t registry\.example\/team\/app:1\.2\)\n$/,
  ],
  [
    "build --shm-size x .",
    2,
    /^$/,
    /^error: invalid --shm-size: "x" is not a size \(for example --shm-size 128m\)\n$/,
  ],
  ["build --ulimit nofile=-x .", 2, /^$/, /^error: --ulimit/],
  [
    "build --push --addr " + NOWHERE + " .",
    2,
    /^$/,
    /^error: invalid --push: there is no name to push to.* \(for example -t registry/,
  ],
  ["build -f nowhere .", 2, /^$/, /^error: invalid --file: there is no file "/],
  ["build /nowhere", 2, /^$/, /^error: invalid PATH: there is no folder "\/nowhere"/],
  [
    "build --wait --timeout 0.1 --addr " + NOWHERE + " .",
    1,
    /^$/,
    /^error: .*\/nowhere\/buildkitd\.sock/,
  ],
  ["ping --help", 0, /^Show the builder/, /^$/],
  ["ping x", 2, /^$/, /^error: ping takes no arguments, but got x\n$/],
  ["ping", 1, /^$/, /^error: Cannot reach the Docker engine at unix:\/\/\/nowhere\/docker\.sock/],
  ["history", 2, /^$/, /^error: history needs a verb\nSee moat-build history --help\n$/],
  ["history --help", 0, /^Show and change what a builder remembers/, /^$/],
  ["history log", 2, /^$/, /^error: unknown verb log\nDid you mean history logs\?\n$/],
  ["history ls x", 2, /^$/, /^error: history ls takes no arguments, but got x\n$/],
  ["prune x", 2, /^$/, /^error: prune takes no arguments, but got x\n$/],
  ["prune -f --keep-duration x", 2, /^$/, /^error: --keep-duration "x" is not a duration\n/],
  ["prune -f --filter until=1h --keep-duration 1h", 2, /^$/, /^error: --keep-duration cannot be/],
  ["dial-stdio --help", 0, /^Connect the standard streams/, /^$/],
  ["du --addr " + NOWHERE, 1, /^$/, /^error: .*\/nowhere\/buildkitd\.sock/],
  ["doctor --help", 0, /^Show what builders there are/, /^$/],
  ["doctor x", 2, /^$/, /^error: doctor takes no arguments, but got x\n$/],
  [
    "doctor",
    1,
    /^Cannot reach the Docker engine at unix:.*\n\nLooked at:\n {2}BUILDKIT_HOST: not set\n/,
    /^$/,
  ],
  ["ping --wait --timeout 0.1 --addr " + NOWHERE, 1, /^$/, /^error: .*\/nowhere\/buildkitd\.sock/],
  [
    "ping --addr nonsense",
    2,
    /^$/,
    /^error: invalid --addr: "nonsense" has no scheme \(for example --addr tcp:/,
  ],
];

for (const [argv, code, out, err, options] of RUNS) {
  Deno.test(`main() with "${argv}" exits with ${code}`, async () => {
    const io = fakeIo(options);
    await withVariables({ DOCKER_HOST: "unix:///nowhere/docker.sock" }, async () => {
      assert.equal(await main(argv.split(" ").filter((word) => word !== ""), io), code, io.err());
    });
    assert.match(io.out(), out);
    assert.match(io.err(), err);
    assert.equal(io.listeners(), 0);
  });
}

for (
  const argv of [
    ["--help"],
    ["build", "--help"],
    ["ping", "--help"],
    ["doctor", "--help"],
    ["du", "--help"],
    ["prune", "--help"],
    ["workers", "--help"],
    ["history", "--help"],
    ...["ls", "logs", "inspect", "attachment", "rm", "pin", "unpin", "trace", "export"].map((
      verb,
    ) => ["history", verb, "--help"]),
  ]
) {
  Deno.test(`main() with ${argv.join(" ")} fits a screen of 80 by 66`, async () => {
    const io = fakeIo();
    await main(argv, io);
    const lines = io.out().split("\n");
    assert.deepEqual(lines.filter((line) => line.length > 80), []);
    assert(lines.length <= 66, `${lines.length} lines`);
  });
}

Deno.test("VERSION is the one of deno.json", async () => {
  const config = JSON.parse(await readFile(new URL("../../deno.json", import.meta.url), "utf8"));
  assert.equal(VERSION, config.version);
});
