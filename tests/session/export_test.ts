import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { build } from "../../mod.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { runOk } from "../support/process.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";

/** A root filesystem with one of everything that needs no privilege to be exported. */
const ALL_KINDS = [
  "mkdir -p /out/a/b /out/empty /out/sticky /out/closed /out/deep/er",
  "cd /out",
  "echo hello > a/file && echo x > 'a, b' && : > a/zero && printf x > \"$(printf 'new\\nline')\"",
  "echo suid > a/suid && chmod 4755 a/suid && echo none > a/none && chmod 000 a/none",
  "ln a/file a/b/hard && ln a/file zhard && ln -s ../nowhere a/link && ln -s /etc/passwd abs",
  "mkfifo pipe && chown 1000:1000 a/file",
  "head -c 3000000 /dev/urandom > big",
  "i=0; while [ $i -lt 300 ]; do echo $i > deep/er/f$i; i=$((i+1)); done",
  "chmod 1777 sticky && echo closed > closed/file && chmod 555 closed",
  "touch -d '2001-02-03 04:05:06' a/file a/link closed empty sticky a",
].join(" && ");

const dockerfile = (environment: TestEnvironment) =>
  `FROM ${environment.baseImage} AS made
RUN ${ALL_KINDS}
FROM scratch
COPY --from=made /out /
`;

/** Exports the same result by Go's client. */
async function exportByGo(
  environment: TestEnvironment,
  content: string,
  output: string,
): Promise<void> {
  await using context = tempFolder();
  fs.writeFileSync(join(context.path, "Dockerfile"), content);
  const { code, stderr } = await new Buildctl(environment.tools.buildctl, environment.address).run(
    "build",
    "--frontend=dockerfile.v0",
    `--local=context=${context.path}`,
    `--local=dockerfile=${context.path}`,
    `--output=${output}`,
  );
  assert.equal(code, 0, stderr);
}

/** One line for each entry of a folder: all that an export can carry. */
function describe(root: string, { directoryTimes }: { directoryTimes: boolean }): string[] {
  return fs.readdirSync(root, { recursive: true, encoding: "utf8" }).sort().map((path) => {
    const found = fs.lstatSync(join(root, path));
    const { mode, size, mtimeMs, nlink, rdev } = found;
    const isDirectory = found.isDirectory();
    const time = isDirectory && !directoryTimes ? "" : mtimeMs;
    const content = found.isSymbolicLink()
      ? fs.readlinkSync(join(root, path))
      : found.isFile()
      ? fs.readFileSync(join(root, path)).toString("base64").slice(0, 200)
      : "";
    return [path, mode.toString(8), isDirectory || size, time, nlink, rdev, content].join(" ");
  });
}

daemonTest("a local output is what Go's client writes, also a second time", async (environment) => {
  await using temp = tempFolder(fastParent());
  const [ours, theirs] = [join(temp.path, "ours"), join(temp.path, "theirs")];
  const { address } = environment;
  const content = dockerfile(environment);
  // A directory that was there before has the time of its last change.
  for (const directoryTimes of [true, false]) {
    const output = { type: "local", dest: ours, privileged: true } as const;
    const result = await build({ address, dockerfile: content, output });
    await exportByGo(environment, content, `type=local,dest=${theirs}`);
    const lines = describe(ours, { directoryTimes });
    assert.deepEqual(lines, describe(theirs, { directoryTimes }));
    assert.equal(result.outputs[0]!.entries, lines.length);
    assert.ok(lines.length > 320, `${lines.length} entries`);
  }
});

daemonTest(
  "a local output has no set-user-ID bits, and it is told, unless it is privileged",
  async ({ address, baseImage }) => {
    await using temp = tempFolder(fastParent());
    const dockerfile = `FROM ${baseImage} AS made
RUN mkdir -p /out/d && echo x > /out/u && echo x > /out/g && \\
  chmod 4755 /out/u && chmod 2750 /out/g && chmod 3777 /out/d
FROM scratch
COPY --from=made /out /
`;
    const modes = () =>
      ["u", "g", "d"].map((name) =>
        (fs.lstatSync(join(temp.path, name)).mode & 0o7777).toString(8)
      );
    const warnings: string[] = [];
    const running = build({
      ...{ address, dockerfile, output: { type: "local", dest: temp.path } },
      logger: { warn: (line) => warnings.push(line) },
    });
    const told: string[] = [];
    for await (const event of running) {
      if (event.type === "access") told.push(`${event.state}: ${event.asked}`);
    }
    assert.deepEqual(modes(), ["755", "750", "1777"]);
    const asked = `set-user-ID and set-group-ID bits in the output ${JSON.stringify(temp.path)}`;
    assert.deepEqual(told, [`refused: ${asked}`]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /privileged=true/);
    await build({
      address,
      dockerfile,
      output: { type: "local", dest: temp.path, privileged: true },
    });
    assert.deepEqual(modes(), ["4755", "2750", "3777"]);
  },
);

daemonTest("a tar output is what Go's client writes", async (environment) => {
  await using temp = tempFolder(fastParent());
  const [ours, theirs] = [join(temp.path, "ours.tar"), join(temp.path, "theirs.tar")];
  const { address } = environment;
  const content = dockerfile(environment);
  const result = await build({
    address,
    dockerfile: content,
    output: { type: "tar", dest: ours },
  });
  await exportByGo(environment, content, `type=tar,dest=${theirs}`);
  assert.ok(fs.readFileSync(ours).equals(fs.readFileSync(theirs)));
  assert.equal(result.outputs[0]!.bytes, fs.statSync(theirs).size);
});

daemonTest("several platforms arrive in folders of their own", async ({ address }) => {
  await using temp = tempFolder(fastParent());
  await build({
    address,
    context: { "f": "x", "d/g": "y" },
    dockerfile: "FROM scratch\nARG TARGETARCH\nCOPY . /\nCOPY f /only-$TARGETARCH\n",
    platforms: ["linux/amd64", "linux/arm64", "linux/riscv64"],
    output: { type: "local", dest: temp.path },
  });
  for (const arch of ["amd64", "arm64", "riscv64"]) {
    const found = fs.readdirSync(join(temp.path, `linux_${arch}`)).sort();
    assert.deepEqual(found.filter((name) => name !== "Dockerfile"), ["d", "f", `only-${arch}`]);
  }
});

daemonTest("several outputs of one build each get their own", async ({ address }) => {
  await using temp = tempFolder(fastParent());
  const chunks: Uint8Array[] = [];
  const stream = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
  const result = await build({
    address,
    context: { f: "content" },
    dockerfile: "FROM scratch\nCOPY f /f\n",
    tags: ["export.test/several:1"],
    output: [
      { type: "tar", dest: join(temp.path, "root.tar") },
      "cacheonly",
      { type: "local", dest: join(temp.path, "root") },
      { type: "oci", dest: stream },
    ],
  });
  const list = async (path: string) => (await runOk("tar", ["tf", path])).stdout.trim().split("\n");
  assert.deepEqual(await list(join(temp.path, "root.tar")), ["f"]);
  assert.equal(fs.readFileSync(join(temp.path, "root/f"), "utf8"), "content");
  fs.writeFileSync(join(temp.path, "oci.tar"), Buffer.concat(chunks));
  assert.ok((await list(join(temp.path, "oci.tar"))).includes("index.json"));
  assert.deepEqual(result.outputs.map(({ type, dest }) => [type, dest?.replace(temp.path, "")]), [
    ["tar", "/root.tar"],
    ["cacheonly", undefined],
    ["local", "/root"],
    ["oci", "stream"],
  ]);
});

daemonTest("mode=delete leaves nothing but the result", async ({ address }) => {
  await using temp = tempFolder(fastParent());
  fs.mkdirSync(join(temp.path, "old/deep"), { recursive: true });
  await build({
    address,
    context: { f: "x" },
    dockerfile: "FROM scratch\nCOPY f /new/f\n",
    output: { type: "local", dest: temp.path, attrs: { mode: "delete" } },
  });
  assert.deepEqual(fs.readdirSync(temp.path, { recursive: true }).sort(), ["new", "new/f"]);
});

daemonTest("a build that fails leaves no archive", async ({ address }) => {
  await using temp = tempFolder(fastParent());
  await assert.rejects(build({
    address,
    dockerfile: "FROM scratch\nCOPY missing /\n",
    context: {},
    output: { type: "tar", dest: join(temp.path, "out.tar") },
  }));
  assert.deepEqual(fs.readdirSync(temp.path), []);
});

daemonTest(
  "an export that is canceled leaves no archive and no part of a file",
  async ({ address }) => {
    await using temp = tempFolder(fastParent());
    const cancel = new AbortController();
    const reason = new Error("enough");
    const stream = new WritableStream<Uint8Array>({ write: () => cancel.abort(reason) });
    await assert.rejects(
      build({
        address,
        context: {
          f: crypto.getRandomValues(new Uint8Array(60_000)),
          g: new Uint8Array(3_000_000),
        },
        dockerfile: "FROM scratch\nCOPY . /\n",
        output: [
          { type: "tar", dest: join(temp.path, "out.tar") },
          { type: "tar", dest: stream },
        ],
        signal: cancel.signal,
      }),
      (error) => error === reason,
    );
    assert.deepEqual(fs.readdirSync(temp.path), []);
  },
);
