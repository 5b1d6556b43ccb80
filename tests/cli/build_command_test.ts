import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { main } from "../../src/cli/main.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { type FakeIo, fakeIo, type FakeIoOptions } from "./fake_io.ts";
import { PROGRAM } from "../support/program.ts";

const DIGEST_REGEXP = /^sha256:[0-9a-f]{64}$/;

/** Runs `build ARGV` on a folder that holds `a.txt` and this Dockerfile. */
async function runBuild(
  dockerfile: string,
  argv: (folder: string) => string[],
  options: FakeIoOptions = {},
): Promise<{ code: number; io: FakeIo; read: (name: string) => string }> {
  await using folder = tempFolder();
  writeFileSync(join(folder.path, "Dockerfile"), dockerfile);
  writeFileSync(join(folder.path, "a.txt"), "hello\n");
  mkdirSync(join(folder.path, "out"));
  const io = fakeIo(options);
  const code = await main(["build", ...argv(folder.path), folder.path], io);
  const files = new Map<string, string>();
  for (const { name } of Deno.readDirSync(join(folder.path, "out"))) {
    files.set(name, readFileSync(join(folder.path, "out", name), "utf8"));
  }
  return { code, io, read: (name) => files.get(name) ?? "(missing)" };
}

const COPY = "FROM scratch\nCOPY a.txt /\n";

daemonTest("build makes an image, its id file and its metadata", async ({ address }) => {
  const { code, io, read } = await runBuild(COPY, (folder) => [
    ...["--addr", address, "-t", "cli-test:1", "--progress", "plain"],
    ...["--iidfile", join(folder, "out/iid"), "--metadata-file", join(folder, "out/metadata")],
  ]);
  assert.equal(code, 0, io.err());
  const metadata = JSON.parse(read("metadata"));
  assert.match(metadata["containerimage.digest"], DIGEST_REGEXP);
  assert.equal(metadata["containerimage.descriptor"].digest, metadata["containerimage.digest"]);
  // An index: as with buildx, provenance of the least kind goes with the image.
  assert.match(metadata["containerimage.descriptor"].mediaType, /image\.index/);
  assert.equal(read("iid"), metadata["containerimage.digest"]);
  assert.match(io.err(), /^#1 \[internal\] load build definition/m);
  assert.match(
    io.err(),
    /\nBuilt in \d+\.\ds\n {2}image docker\.io\/library\/cli-test:1, [\d.]+k?B\n {2}digest sha256:/,
  );
  assert.equal(io.out(), "");
});

const METADATA: [env: Record<string, string>, keys: string[], more: string[]][] = [
  [{}, ["buildx.build.provenance", "buildx.build.ref"], []],
  [{ BUILDX_METADATA_PROVENANCE: "max" }, ["buildx.build.provenance", "buildx.build.ref"], [
    ...["buildConfig", "metadata"],
  ]],
  [{ BUILDX_METADATA_PROVENANCE: "disabled" }, ["buildx.build.ref"], []],
  [
    { BUILDX_METADATA_PROVENANCE: "0", BUILDX_METADATA_WARNINGS: "1" },
    ["buildx.build.ref", "buildx.build.warnings"],
    [],
  ],
];

for (const [env, keys, more] of METADATA) {
  daemonTest(`build writes metadata with ${JSON.stringify(env)}`, async ({ address }) => {
    const { code, io, read } = await runBuild(
      "FROM scratch\nMAINTAINER me\nCOPY a.txt /\n",
      (folder) => [
        ...["--addr", address, "--progress", "quiet"],
        ...["--metadata-file", join(folder, "out/metadata")],
      ],
      { env },
    );
    assert.equal(code, 0, io.err());
    const metadata = JSON.parse(read("metadata"));
    assert.deepEqual(Object.keys(metadata), keys);
    assert.match(metadata["buildx.build.ref"], /^moat-build\/moat-build0\/[a-z0-9]{25}$/);
    const provenance = Object.keys(metadata["buildx.build.provenance"] ?? {});
    const rare = provenance.filter((key) => key === "buildConfig" || key === "metadata");
    assert.deepEqual(rare, more);
    const short = metadata["buildx.build.warnings"]?.[0].short;
    if (short !== undefined) assert.match(atob(short), /^MaintainerDeprecated/);
  });
}

daemonTest("build without a name and an output says that it kept nothing", async ({ address }) => {
  const { code, io } = await runBuild(COPY, () => ["--addr", address]);
  assert.equal(code, 0, io.err());
  assert.match(io.err(), /\nBuilt in (?:.*\n)+ {2}nothing but the builder's cache: .*\n$/);
});

daemonTest("build -q prints the image id alone", async ({ address }) => {
  const { code, io } = await runBuild(COPY, () => ["--addr", address, "-qt", "cli-test:2"]);
  assert.equal(code, 0, io.err());
  assert.match(io.out().trimEnd(), DIGEST_REGEXP);
  assert.equal(io.err(), "");
});

daemonTest("build -o writes a folder, with the Dockerfile from stdin", async ({ address }) => {
  const { code, io, read } = await runBuild("FROM nothing", (folder) => [
    ...["--addr", address, "-f", "-", "-o", join(folder, "out"), "--progress", "none"],
  ], { stdin: COPY });
  assert.equal(code, 0, io.err());
  assert.equal(read("a.txt"), "hello\n");
  assert.deepEqual([io.out(), io.err()], ["", ""]);
});

daemonTest("build -o - writes a tar to stdout", async ({ address }) => {
  const { code, io } = await runBuild(COPY, () => ["--addr", address, "-o", "-"]);
  assert.equal(code, 0, io.err());
  assert(io.out().startsWith("a.txt\0"));
  assert(io.out().includes("hello\n"));
});

daemonTest(
  "build --progress rawjson writes nothing but JSON lines to stderr",
  async ({ address }) => {
    const { code, io } = await runBuild(COPY, () => ["--addr", address, "--progress", "rawjson"]);
    assert.equal(code, 0, io.err());
    const messages = io.err().trimEnd().split("\n").map((line) => JSON.parse(line));
    assert(messages.some(({ vertexes }) => vertexes?.[0]?.completed !== undefined));
  },
);

for (const mode of ["quiet", "none"]) {
  daemonTest(`build with ${mode} progress shows a failed step's output`, async (environment) => {
    const { address, baseImage } = environment;
    const dockerfile = `FROM ${baseImage}\nRUN seq 20; printf '\\033[2Jlast words\\n'; exit 3\n`;
    const argv = ["--addr", address, "--progress", mode];
    const { code, io } = await runBuild(dockerfile, () => argv);
    assert.equal(code, 1);
    const lines = io.err().split("\n");
    assert.equal(lines[0], "------");
    assert.match(lines[1]!, /^ > \[2\/2\] RUN seq 20; .*:$/);
    assert.deepEqual(lines.slice(2, 5), ["12", "13", "14"]);
    assert.deepEqual(lines.slice(11, 14), ["last words", "------", "Dockerfile:2"]);
    assert.match(io.err(), /\nerror: the command ended with exit code 3\n/);
    assert(!io.err().includes("\u001b"));
  });
}

daemonTest("build --build-timeout ends a build in time", async ({ address, baseImage }) => {
  const argv = ["--addr", address, "-q", "--build-timeout", "0.7"];
  const { code, io } = await runBuild(`FROM ${baseImage}\nRUN sleep 1000\n`, () => argv);
  assert.equal(code, 1);
  assert.match(io.err(), /^error: The build was canceled: it took longer than 0\.7 s\./);
});

daemonTest("build --report writes a page, also of a build that fails", async ({ address }) => {
  for (
    const [dockerfile, word] of [[COPY, "built"], ["FROM scratch\nCOPY missing /\n", "failed"]]
  ) {
    const { code, io, read } = await runBuild(dockerfile!, (folder) => {
      return ["--addr", address, "-q", "--report", join(folder, "out/build.html")];
    });
    assert.equal(code, word === "built" ? 0 : 1, io.err());
    assert.ok(
      read("build.html").includes(`class="badge ${word === "built" ? "completed" : "error"}"`),
    );
  }
});

Deno.test("build --report needs a folder for its file", async () => {
  const argv = ["--addr", "tcp://127.0.0.1:1", "--report", "/nowhere/build.html"];
  const { code, io } = await runBuild(COPY, () => argv);
  assert.equal(code, 2);
  assert.match(io.err(), /^error: invalid --report: there is no folder "\/nowhere"/);
});

daemonTest("build --progress json writes events to stdout, to the end", async ({ address }) => {
  const { code, io } = await runBuild(COPY, () => ["--addr", address, "--progress", "json"]);
  assert.equal(code, 0, io.err());
  assert.equal(io.err(), "");
  const events = io.out().trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([events[0].type, events[0].version], ["start", 1]);
  assert.ok(events.some(({ type, state }) => type === "vertex" && state === "completed"));
  assert.deepEqual([events.at(-1).type, events.at(-1).state], ["end", "completed"]);
});

daemonTest(
  "build --progress json ends with the error of a build that fails",
  async ({ address }) => {
    const argv = ["--addr", address, "--progress", "json"];
    const { code, io } = await runBuild("FROM scratch\nCOPY missing.txt /\n", () => argv);
    const end = JSON.parse(io.out().trimEnd().split("\n").at(-1)!);
    assert.deepEqual([code, end.type, end.state], [1, "end", "error"]);
    assert.match(end.error.message, /missing\.txt/);
    assert.match(io.err(), /^error: .*missing\.txt/m);
  },
);

Deno.test("build --progress json leaves stdout to an output that goes there", async () => {
  const argv = ["--addr", "tcp://127.0.0.1:1", "--progress", "json", "-o", "-"];
  const { code, io } = await runBuild(COPY, () => argv);
  assert.equal(code, 2);
  assert.match(io.err(), /^error: --progress json writes to stdout, and so does the output\n/);
});

daemonTest("build shows where it failed, and takes an old id file away", async ({ address }) => {
  const { code, io, read } = await runBuild("FROM scratch\nCOPY missing.txt /\n", (folder) => {
    writeFileSync(join(folder, "out/iid"), "old");
    return ["--addr", address, "-q", "--iidfile", join(folder, "out/iid")];
  });
  assert.equal(code, 1);
  assert.match(
    io.err(),
    /^Dockerfile:2\n-+\n {3}1 \| {5}FROM scratch\n {3}2 \| >>> COPY missing\.txt \/\n/,
  );
  assert.match(io.err(), /\nerror: "missing\.txt" is not in the context\nbuilder: .*\nhint: .*\n$/);
  assert.deepEqual([io.out(), read("iid")], ["", "(missing)"]);
});

daemonTest("ping shows the version, workers and platforms", async ({ address, tcpAddress }) => {
  for (const argv of [["--addr", address], ["--addr", tcpAddress, "--wait"]]) {
    const io = fakeIo();
    assert.equal(await main(["ping", ...argv], io), 0, io.err());
    assert.match(
      io.out(),
      /^\S+: BuildKit v\d+\.\d+\.\d+\n {2}github\.com\/moby\/buildkit.*\nworker \w+\n {2}platforms: linux\//,
    );
  }
});

daemonTest("ping --json prints what ping() finds", async ({ address }) => {
  const io = fakeIo();
  assert.equal(await main(["ping", "--json", "--addr", address], io), 0, io.err());
  const found = JSON.parse(io.out());
  assert.equal(found.address, address);
  assert.match(found.version, /^v\d/);
  assert(found.workers[0].platforms.length > 0);
});

daemonTest(
  "Ctrl-C cancels the build on the daemon and exits with 130",
  async ({ address, baseImage }) => {
    await using folder = tempFolder();
    const id = crypto.randomUUID();
    const dockerfile = `FROM ${baseImage}\nRUN echo started-${id} && sleep 1000\n`;
    writeFileSync(join(folder.path, "Dockerfile"), dockerfile);
    const args = [
      "run",
      "-A",
      PROGRAM,
      "build",
      "--addr",
      address,
      "--progress",
      "plain",
      folder.path,
    ];
    const child = spawn(Deno.execPath(), args, { stdio: ["ignore", "ignore", "pipe"] });
    let shown = "";
    let interrupted = false;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
      if (interrupted || !new RegExp(`^#\\d+ [\\d.]+ started-${id}`, "m").test(shown)) return;
      interrupted = true;
      // Not child.kill(): after it Deno calls every end of the child one by that signal.
      process.kill(child.pid!, "SIGINT");
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    assert.equal(code, 130, shown);
    assert.match(shown, /^#\d+ CANCELED$/m);
    assert.match(shown, /\nerror: interrupted\n$/);
  },
);
