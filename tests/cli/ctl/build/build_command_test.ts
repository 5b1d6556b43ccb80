import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folderOf, readFiles } from "../../../build/support.ts";
import { daemonTest } from "../../../support/env.ts";
import type { Finished } from "../../../support/process.ts";
import { tempFolder } from "../../../support/temp_folder.ts";
import type { FakeIoOptions } from "../../fake_io.ts";
import { encodeLlb } from "../llb_support.ts";
import { runBuildctl, runCtl } from "../support.ts";

const DOCKERFILE = "FROM scratch AS first\nCOPY a /a\nFROM first\nCOPY b /b\n";

/** Runs one line by both; where they write to, `{out}` is a folder of each. */
async function both(
  program: string,
  line: readonly string[],
  options: FakeIoOptions = {},
): Promise<{ ours: Finished; theirs: Finished; read: (name: string) => [string, string] }> {
  await using mine = tempFolder();
  await using go = tempFolder();
  const args = (out: string) => line.map((word) => word.replace("{out}", out));
  const theirs = await runBuildctl(program, args(go.path), options);
  const ours = await runCtl(args(mine.path), options);
  const files = [mine, go].map(({ path }) => readFiles(path));
  return { ours, theirs, read: (name) => [files[0]![name]!, files[1]![name]!] };
}

daemonTest("ctl build makes the image and the files that buildctl makes", async ({
  address,
  tools,
}) => {
  await using context = folderOf({ Dockerfile: DOCKERFILE, a: "a", b: "b" });
  const { ours, theirs, read } = await both(tools.buildctl, [
    ...["--addr", address, "build", "--frontend=dockerfile.v0", "--progress=plain"],
    ...["--local", `context=${context.path}`, "--local", `dockerfile=${context.path}`],
    ...["--opt", "build-arg:SOURCE_DATE_EPOCH=1700000000"],
    ...["--output", "type=image,name=moat.example/ctl:1,rewrite-timestamp=true"],
    ...["--metadata-file", "{out}/metadata.json", "--ref-file", "{out}/ref"],
    ...["--trace", "{out}/trace", "--debug-json-cache-metrics", "{out}/metrics"],
  ]);
  assert.equal(theirs.code, 0, theirs.stderr);
  assert.equal(ours.code, 0, ours.stderr);
  assert.equal(ours.stdout, "");
  const [mine, go] = read("metadata.json").map((text) => JSON.parse(text));
  assert.equal(mine["containerimage.digest"], go["containerimage.digest"]);
  assert.deepEqual(Object.keys(mine), Object.keys(go));
  assert.equal(typeof mine["containerimage.descriptor"], "object");
  const [ref] = read("ref");
  const logs = await runBuildctl(tools.buildctl, ["--addr", address, "debug", "logs", ref]);
  assert.equal(logs.code, 0, logs.stderr);
  assert.match(logs.stdout, /COPY b \/b/);
  for (const trace of read("trace")) {
    const messages = trace.trim().split("\n").map((line) => JSON.parse(line));
    assert.ok(
      messages.some(({ vertexes = [] }) =>
        vertexes.some(({ name }: { name: string }) => name.endsWith("COPY b /b"))
      ),
    );
  }
  const [counted, counts] = read("metrics").map((text) => {
    const { client_duration_ms: _, ...rest } = JSON.parse(text.trim().split("\n").at(-1)!);
    return rest;
  });
  // The second of two equal builds finds all in the cache.
  assert.deepEqual({ ...counted, user_cached: 2, miss: 0 }, { ...counts, user_cached: 2, miss: 0 });
});

daemonTest("ctl build builds LLB from standard input", async ({ address, tools }) => {
  await using context = folderOf({ "sub/a": "a" });
  const stdin = encodeLlb([
    {
      op: { source: { identifier: "local://files", attrs: new Map([["local.unique", "x"]]) } },
      metadata: { caps: new Map([["source.local", true]]) },
    },
    {
      op: {
        file: {
          actions: [{
            input: -1n,
            secondaryInput: 0n,
            copy: { src: "/sub", dest: "/copied", dirCopyContents: true, mode: -1, timestamp: -1n },
          }],
        },
      },
      inputs: [[0]],
      metadata: { caps: new Map([["file.base", true]]) },
    },
  ]);
  for (const more of [[], ["--no-cache"]]) {
    const { ours, theirs, read } = await both(tools.buildctl, [
      ...["--addr", address, "b", "--local", `files=${context.path}`, ...more],
      ...["-o", "type=local,dest={out}/files"],
    ], { stdin });
    assert.equal(theirs.code, 0, theirs.stderr);
    assert.equal(ours.code, 0, ours.stderr);
    assert.deepEqual(read("files/copied/a"), ["a", "a"]);
  }
});

daemonTest("ctl build hands over secrets, and writes archives to stdout", async ({
  address,
  baseImage,
}) => {
  await using context = folderOf({
    Dockerfile: `FROM ${baseImage} AS run\n` +
      "RUN --network=none --mount=type=secret,id=s,target=/s cp /s /copy && " +
      "sed -i s/h/H/ /copy\nFROM scratch\nCOPY --from=run /copy /copy\n",
  });
  await using out = tempFolder();
  const { code, stderr } = await runCtl([
    ...["--addr", address, "build", "--frontend", "dockerfile.v0", "--no-cache"],
    ...["--local", `context=${context.path}`, "--local", `dockerfile=${context.path}`],
    ...["--secret", "id=s,env=MOAT_HUSH", "--output", `type=local,dest=${out.path}`],
  ], { env: { MOAT_HUSH: "hush" } });
  assert.equal(code, 0, stderr);
  assert.deepEqual(readFiles(out.path), { copy: "Hush" });
  const archive = await runCtl([
    ...["--addr", address, "build", "--frontend", "dockerfile.v0", "--progress=quiet"],
    ...["--local", `context=${context.path}`, "--local", `dockerfile=${context.path}`],
    ...["--secret", "id=s,env=MOAT_HUSH", "--output", "type=tar"],
  ], { env: { MOAT_HUSH: "hush" } });
  assert.equal(archive.code, 0, archive.stderr);
  assert.ok(archive.stdout.startsWith("copy\0"));
  assert.equal(archive.stderr, "");
});

daemonTest("ctl build writes the ref of a build that fails", async ({ address }) => {
  await using folder = folderOf({ Dockerfile: "FROM scratch\nCOPY nosuch /\n" });
  const ref = join(folder.path, "ref");
  const metadata = join(folder.path, "metadata.json");
  const { code, stderr } = await runCtl([
    ...["--addr", address, "build", "--frontend", "dockerfile.v0", "--progress", "quiet"],
    ...["--local", `context=${folder.path}`, "--local", `dockerfile=${folder.path}`],
    ...["--ref-file", ref, "--metadata-file", metadata],
  ]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^Dockerfile:2\n-{20}\n[^]*>>> COPY nosuch \/\n-{20}\nerror: failed to solve: /,
  );
  assert.match(readFileSync(ref, "utf8"), /^[a-z0-9]{25}$/);
  assert.equal(existsSync(metadata), false);
});

/** Wrong command lines: nothing is sent, and what buildctl says is said. */
const MISTAKES: [line: string, error: RegExp][] = [
  ["", /^error: (please specify --frontend or pipe LLB|empty definition sent to build)/],
  ["--frontend=x --local foo", /^error: invalid local: invalid value foo\n/],
  ["--frontend=x --local a=/nope", /^error: /],
  ["--frontend=x --opt foo", /^error: invalid opt: invalid value foo\n/],
  ["--frontend=x --output foo", /^error: invalid value foo\n/],
  ["--frontend=x --output dest=foo", /^error: --output requires type=<type>\n/],
  [
    "--frontend=x -o type=local",
    /^error: invalid output option: output: output directory is required for local exporter\n/,
  ],
  [
    "--frontend=x -o type=image,dest=x",
    /^error: invalid output option: output: output x is not supported by image exporter\n/,
  ],
  ["--frontend=x -o type=tar,dest=/tmp", /destination file is a directory\n/],
  [
    "--frontend=x -o type=tar,output=x",
    /^error: output=x not supported for --output, you meant dest=x\?\n/,
  ],
  ["--frontend=x --export-cache type=,a=b", /^error: --export-cache requires type=<type>\n/],
  ["--frontend=x --export-cache type=local", /^error: local cache exporter requires dest\n/],
  ["--frontend=x --import-cache type=local", /^error: local cache importer requires src\n/],
  ["--frontend=x --export-cache type=registry", /^error: registry cache exporter requires ref\n/],
  ["--frontend=x --allow foo", /^error: unknown entitlement foo\n/],
  ["--frontend=x --allow device=a,b=c", /^error: unknown device config key "b"\n/],
  ["--frontend=x --oci-layout foo", /^error: .*oci-layout/],
  ["--frontend=x --secret id=a,src=/nope", /^error: /],
  ["--frontend=x --secret foo", /^error: /],
  ["--frontend=x --ssh a=x,raw=maybe", /^error: .*raw/],
  ["--frontend=x --source-policy-file /nope", /^error: .*\/nope/],
  ["--frontend=x --registry-auth-tlscontext host=a", /^error: --registry-auth-tlscontext/],
  ["--frontend=x --progress=foo", /^error: invalid progress mode foo\n/],
  ["--frontend=x --nosuch", /flag provided but not defined: -nosuch\n/],
  ["--frontend", /flag needs an argument: --frontend\n/],
];

for (const [line, error] of MISTAKES) {
  daemonTest(`ctl build ${line} fails as buildctl does`, async ({ address, tools }) => {
    const args = ["--addr", address, "build", ...line.split(" ").filter((word) => word !== "")];
    const { ours, theirs } = await both(tools.buildctl, args);
    assert.equal(theirs.code, 1, theirs.stderr);
    assert.equal(ours.code, 1);
    assert.match(ours.stderr, error);
    assert.match(theirs.stderr, new RegExp(error.source.replace("^", ""), "m"));
  });
}

Deno.test("ctl build refuses a terminal as the definition", async () => {
  const { code, stderr } = await runCtl(["build"], { terminal: true });
  assert.equal(code, 1);
  assert.equal(stderr, "error: please specify --frontend or pipe LLB definition to stdin\n");
});

Deno.test("ctl build never shows a secret of a cache", async () => {
  const { code, stderr } = await runCtl([
    ...["build", "--frontend", "x"],
    ...["--export-cache", "type=s3,secret_access_key=a,hush"],
  ]);
  assert.equal(code, 1);
  assert.ok(!stderr.includes("hush"), stderr);
});
