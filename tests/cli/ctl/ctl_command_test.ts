import assert from "node:assert/strict";
import { build } from "../../../src/build.ts";
import { COPY_ALL } from "../../build/support.ts";
import { daemonTest } from "../../support/env.ts";
import type { Finished } from "../../support/process.ts";
import { runBuildctl, runCtl } from "./support.ts";

/** What only looks: both print the same, to the byte. */
const LOOKS = [
  "debug workers",
  "debug workers --verbose",
  "debug workers --format json",
  "debug workers -f nothing==here",
  "debug workers -f nothing==here --format json",
  "debug workers --format '{{range .}}{{.ID}} {{len .Labels}}{{\"\\n\"}}{{end}}'",
  "debug info",
  "debug info --format '{{json .}}'",
  "debug info --format={{.BuildkitVersion.Version}}",
  "-wait debug info",
  "debug -timeout=3 info",
  "debug histories",
  "debug histories --format '{{.Record.Ref}} {{.Type}} {{.Record.Pinned}}'",
  "du",
  "du -v",
  "du --filter type==regular",
  "du --format json",
  "du -f type==nothing --format json",
  "du --format '{{range .}}{{.ID}} {{.Size}} {{.RecordType}};{{end}}'",
];

for (const line of LOOKS) {
  daemonTest(`ctl ${line} prints what buildctl prints`, async ({ peerAddress, tools }) => {
    await someBuild(peerAddress);
    const args = ["--addr", peerAddress, ...words(line)];
    const { ours, theirs } = await runBoth(tools.buildctl, args);
    assert.equal(theirs.code, 0, theirs.stderr);
    assert.equal(ours.stderr, "");
    assert.equal(ours.stdout, theirs.stdout);
    assert.equal(ours.code, 0);
  });
}

/** What is wrong: the same exit code, and the same error where buildctl has a line of its own for it. */
const MISTAKES: [line: string, error?: RegExp][] = [
  ["nosuch", /^No help topic for 'nosuch'\n$/],
  ["debug nosuch", /^No help topic for 'nosuch'\n$/],
  ["debug get", /^error: blob digest must be specified\n$/],
  ["debug get sha256:abc", /^error: invalid checksum digest (format|length)\n$/],
  ["debug get sha256:" + "0".repeat(64)],
  ["debug ctl --pin", /^error: build ref must be specified\n$/],
  ["debug ctl abc", /^error: must specify one of --pin, --unpin, --delete\n$/],
  ["debug ctl abc --pin --unpin", /^error: cannot specify both --pin and --unpin\n$/],
  ["debug ctl abc --pin --delete", /^error: cannot specify --delete with --pin or --unpin\n$/],
  ["debug ctl abc --pin"],
  ["debug logs", /^error: build ref must be specified\n$/],
  ["debug logs --progress=foo abc"],
  ["du --nosuch", /flag provided but not defined: -nosuch\n/],
  ["du --filter", /flag needs an argument: --filter\n/],
  ["du --verbose=maybe"],
  ["prune --keep-storage x", /invalid value "x" for flag -keep-storage: /],
  ["prune --keep-duration 5", /invalid value "5" for flag -keep-duration: /],
  ["--timeout x du", /invalid value "x" for flag -timeout: /],
  ["--log-format foo du", /^error: unsupported log type "foo"\n$/],
  ["--tlsdir /nope --tlscert x du", /^error: cannot specify tlsdir and tlscacert/],
  ["--tlsdir /nope du"],
  ["--addr unix:///nope/x du", /^error: /],
  ["--addr unix:///nope/x --timeout 1 --wait du", /^error: /],
  ["debug dump-llb /nope/x", /^error: /],
];

for (const [line, error = /^error: /m] of MISTAKES) {
  daemonTest(`ctl ${line} fails as buildctl does`, async ({ address, tools }) => {
    const args = line.includes("--addr") ? words(line) : ["--addr", address, ...words(line)];
    const theirs = await runBuildctl(tools.buildctl, args);
    const ours = await runCtl(args);
    assert.equal(ours.code, theirs.code, ours.stderr + theirs.stderr);
    assert.notEqual(ours.code, 0);
    assert.match(ours.stderr, error);
    assert.match(theirs.stderr + theirs.stdout, error);
    assert.equal(ours.stdout, "");
  });
}

daemonTest("ctl prune empties the cache as buildctl does", async ({ peerAddress, tools }) => {
  const args = (...more: string[]) => ["--addr", peerAddress, "prune", "--all", ...more];
  const shape = (text: string) =>
    text.replace(/^[a-z0-9]{25}\*?/gm, "ID").replace(/[\d.]+\w?B/g, "");
  for (const more of [[], ["--verbose"], ["--format", "{{.Mutable}} {{.RecordType}}"]]) {
    await runCtl(args());
    await someBuild(peerAddress);
    const theirs = await runBuildctl(tools.buildctl, args(...more));
    await someBuild(peerAddress);
    const ours = await runCtl(args(...more));
    const sorted = (text: string) => shape(text).split("\n").map(withoutTime).sort();
    assert.deepEqual(sorted(ours.stdout), sorted(theirs.stdout));
  }
  const kept = await runCtl(args("--keep-duration", "24h", "--keep-storage", "1000"));
  assert.equal(kept.stdout, "Total:\t0B\n");
});

daemonTest("ctl debug ctl, logs, get and prune-histories work on a build's record", async ({
  peerAddress,
  tools,
}) => {
  const ref = await someBuild(peerAddress);
  const both = (...args: string[]) => runBoth(tools.buildctl, ["--addr", peerAddress, ...args]);
  const logs = await both("debug", "logs", "--progress=rawjson", ref);
  assert.equal(logs.ours.code, 0, logs.ours.stderr);
  assert.ok(logs.ours.stdout.includes('"vertexes"'));
  const trace = await both("debug", "logs", "--trace", ref);
  assert.equal(trace.ours.stdout, trace.theirs.stdout);
  const json = await both("debug", "histories", "--format", "json");
  // The daemon still completes the records of other builds.
  const own = (text: string) => text.split("\n").filter((line) => line.includes(ref)).join("\n");
  assert.equal(own(json.ours.stdout), own(json.theirs.stdout));
  const event = JSON.parse(own(json.ours.stdout));
  const blob = await both("debug", "get", event.record.logs.digest);
  assert.ok(blob.ours.stdout.length > 0);
  assert.equal(blob.ours.stdout, blob.theirs.stdout);
  assert.equal((await runCtl(["--addr", peerAddress, "debug", "ctl", ref, "--pin"])).code, 0);
  const pruned = await runCtl(["--addr", peerAddress, "prune-histories"]);
  assert.match(pruned.stdout, /^TYPE\s+REF\s+CREATED\s+COMPLETED\s+GENERATION\n/);
  const left = await both("debug", "histories");
  assert.equal(left.ours.stdout, left.theirs.stdout);
  assert.match(left.ours.stdout, new RegExp(`${ref}.*\\*\n`));
  await runCtl(["--addr", peerAddress, "debug", "ctl", "--delete", ref]);
  const nothing = await both("prune-histories");
  assert.equal(nothing.ours.stdout, nothing.theirs.stdout);
});

Deno.test("ctl debug dump-metadata says why it is not there", async () => {
  const { code, stderr } = await runCtl(["debug", "dump-metadata", "--root", "/x"]);
  assert.equal(code, 1);
  assert.match(stderr, /^error: dump-metadata is not supported: .*\n.*du --verbose/);
});

daemonTest("ctl reads BUILDKIT_HOST", async ({ address }) => {
  const { code, stderr } = await runCtl(["debug", "info"], { env: { BUILDKIT_HOST: address } });
  assert.equal(code, 0, stderr);
});

Deno.test("ctl --debug shows where an error comes from", async () => {
  for (const args of [["--debug", "debug", "get"], ["debug", "get", "-debug"]]) {
    const { code, stderr } = await runCtl(args);
    assert.equal(code, 1);
    assert.match(stderr, /^error: blob digest must be specified\n.*\n +at /);
  }
});

Deno.test("ctl shows help", async () => {
  for (
    const line of [
      "",
      "--help",
      "help",
      "debug",
      "debug --help",
      "du -h",
      "help du",
      "debug help get",
      "build --help",
    ]
  ) {
    const { code, stdout, stderr } = await runCtl(words(line));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Usage: moat-build ctl/);
    for (const text of stdout.split("\n")) assert.ok(text.length <= 80, text);
  }
  assert.match((await runCtl(["--version"])).stdout, /^buildctl \S+ v\S+ \n$/);
});

/**
 * Runs a line that changes nothing by both, again while what it shows changes meanwhile: the daemon goes on writing to the
 * records of builds after their end.
 */
async function runBoth(
  program: string,
  args: readonly string[],
): Promise<{ ours: Finished; theirs: Finished }> {
  for (;;) {
    const before = await runCtl(args);
    const theirs = await runBuildctl(program, args);
    const ours = await runCtl(args);
    if (ours.stdout === before.stdout) return { ours, theirs };
  }
}

/** A build that leaves records, and its id. */
async function someBuild(address: string): Promise<string> {
  const { ref } = await build({ address, context: { Dockerfile: COPY_ALL, a: "a" } });
  return ref;
}

/** The words of a line, those in single quotes as one. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|([^\s']+(?:'[^']*')?)/g)].map((match) =>
    match[1] ?? match[2]!
  );
}

function withoutTime(line: string): string {
  return line.replace(/\d{4}-\d\d-\d\d .*/, "").replace(/[a-z0-9]{25}/g, "ID");
}
