/** The commands about a builder's cache and history, on a real one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { main } from "../../src/cli/main.ts";
import { Control } from "../../src/gen/control.ts";
import { startOwnBuilder } from "../control/support.ts";
import { daemonTest } from "../support/env.ts";
import { answering, startGrpcServer } from "../support/grpc_server.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { fakeIo, type FakeIoOptions } from "./fake_io.ts";

interface Run {
  code: number;
  out: string;
  err: string;
}

async function run(argv: string, address: string, options: FakeIoOptions = {}): Promise<Run> {
  const io = fakeIo(options);
  const words = argv.split(" ").filter((word) => word !== "");
  const code = await main([...words, "--addr", address], io);
  assert.equal(io.listeners(), 0);
  return { code, out: io.out(), err: io.err() };
}

const lines = (text: string) => text.trimEnd().split("\n");
const json = (text: string) => lines(text).map((line) => JSON.parse(line));

daemonTest("info, workers, du, prune and history show a real builder", async ({ tools }, test) => {
  await using own = await startOwnBuilder(tools);
  const { address, built, failed, client } = own;
  const moat = async (argv: string, options?: FakeIoOptions) => {
    const { code, out, err } = await run(argv, address, options);
    assert.equal(code, 0, err);
    return out;
  };
  const refused = async (argv: string) => {
    const { code, out, err } = await run(argv, address);
    assert.equal(code, 2, err);
    assert.equal(out, "");
    return err;
  };

  await test.step("info", async () => {
    assert.match(await moat("info"), /^unix:.*: BuildKit v.*\n {2}github\.com\/moby\/buildkit/);
    const { version } = await client.info();
    assert.equal(JSON.parse(await moat("info --json")).version, version);
  });

  await test.step("workers", async () => {
    const [worker] = await client.workers();
    assert(lines(await moat("workers")).includes(`worker ${worker!.id}`));
    assert.deepEqual(json(await moat("workers --format json")), [worker]);
    assert.equal(await moat("workers --filter id==other"), "");
  });

  await test.step("du", async () => {
    const records = await client.diskUsage();
    const table = lines(await moat("du"));
    assert.deepEqual(table[0]!.split(/ {2,}/), ["ID", "RECLAIMABLE", "SIZE", "LAST ACCESSED"]);
    const { stdout } = await own.buildctl.run("du");
    const ids = (rows: string[]) =>
      rows.slice(1, 1 + records.length).map((row) => row.split(/\s/)[0]);
    assert.deepEqual(ids(table), ids(lines(stdout)));
    assert.deepEqual(
      json(await moat("du --json")).map(({ size }) => size),
      records.map(({ size }) => size),
    );
    const verbose = await moat("du --verbose --filter type=source.local");
    assert.match(verbose, /^ID: {11}\S+\n.*\nDescription: {2}local source for .*\n/ms);
    assert.match(
      await moat("du --filter until=24h"),
      /^ID .*\nReclaimable: {2}0B\nTotal: {8}0B\n$/,
    );
    assert.match(await refused("du --verbose --json"), /cannot be combined/);
  });

  await test.step("history ls", async () => {
    const table = lines(await moat("history ls"));
    assert.deepEqual(
      table.map((row) => row.split(/ {2,}/).slice(0, 3)),
      [
        ["BUILD ID", "NAME", "STATUS"],
        // Its record tells nothing of what it was.
        [failed, "Error", table[1]!.split(/ {2,}/)[2]],
        [built, "example.test/a:1", "Completed"],
      ],
    );
    const [only] = json(await moat("history ls --json --filter status=completed"));
    assert.equal(only.ref, built);
    assert.equal(only.total_steps, only.completed_steps);
    assert.equal(await moat("history ls --json --filter startedAt<24h"), "");
    const { code, out } = await run(`history ls --filter ref=${built.slice(3)}`, address);
    assert.equal(code, 0);
    assert.equal(lines(out).length, 2);
  });

  await test.step("history ls --follow", async () => {
    const io = fakeIo();
    const { write } = io.stdout;
    const until = (text: string) => {
      write(text);
      // What is on record has come; without an end to what may come.
      if (lines(io.out()).length === 2) io.interrupt();
    };
    Object.assign(io.stdout, { write: until });
    assert.equal(await main(["history", "ls", "--follow", "--addr", address], io), 130);
    assert.match(io.out(), new RegExp(`^completed {2}${failed} {2}Error after 0\\.\\ds$`, "m"));
    assert.match(io.out(), new RegExp(`^completed {2}${built} {2}Completed after .*a:1$`, "m"));
    assert.equal(io.listeners(), 0);
  });

  await test.step("history logs", async () => {
    const { stdout } = await own.buildctl.run("debug", "logs", "--progress", "plain", built);
    assert.deepEqual(
      lines(await moat(`history logs ${built}`)).toSorted(),
      lines(stdout).toSorted(),
    );
    const events = json(await moat("history logs ^1 --progress json"));
    assert.equal(events[0].ref, built);
    assert.deepEqual(events.at(-1), { type: "end", state: "completed" });
  });

  await test.step("history inspect and attachment", async () => {
    const shown = await moat(`history inspect ${built}`);
    assert.match(shown, /^Build: .*\nName: .*\nStatus: {2,}completed\n/);
    assert.match(shown, /^BUILD ARG {2}VALUE\nA {10}1\n/m);
    assert.match(shown, /https:\/\/slsa\.dev\/provenance\/v1/);
    assert.match(await moat("history inspect"), /^Error: .*nothing/m);
    assert.equal(JSON.parse(await moat(`history inspect --json ${built}`)).ref, built);
    const provenance = await moat(`history attachment ${built} --type provenance`);
    assert("buildDefinition" in JSON.parse(provenance));
    const { attachments } = await client.inspectBuild(built);
    const index = await moat(`history inspect attachment ${built} ${attachments[0]!.digest}`);
    assert.equal(JSON.parse(index).manifests.length, 2);
    assert.match(await refused("history attachment"), /needs --type/);
    assert.match(await refused("history inspect nowhere"), /no record of a build "nowhere"/);
    assert.match(await refused("history inspect a b"), /takes one build/);
  });

  await test.step("history trace", async () => {
    assert.match(
      await moat(`history trace ${built}`, { terminal: true }),
      /^ +BEGAN +TOOK {2}WHAT\n/,
    );
    const spans = json(await moat(`history trace ${built} --format json`));
    const [trace, ...others] = JSON.parse(await moat(`history trace ${built}`)).data;
    assert.deepEqual(others, []);
    assert.equal(trace.spans.length, spans.length);
    assert(trace.spans.every((span: { processID: string }) => span.processID in trace.processes));
  });

  await test.step("history export", async () => {
    await using folder = tempFolder();
    const path = join(folder.path, "all.dockerbuild");
    assert.equal(await moat(`history export --all -o ${path}`), "");
    assert(gunzipSync(readFileSync(path)).toString("latin1").includes(failed));
    assert.match(await refused(`history export --all ${built}`), /cannot be combined/);
    const terminal = await run("history export", address, { terminal: true });
    assert.match(terminal.err, /does not write to a terminal/);
    const nowhere = await run(`history export -o ${folder.path}/no/file`, address);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.err, /^error: Cannot write .*\/no\/file: /);
  });

  await test.step("history pin, unpin and rm", async () => {
    assert.equal(await moat(`history pin ${failed}`), "");
    assert.match(await moat("history ls"), /Error, pinned/);
    assert.equal(await moat("history rm --all"), `${built}\n`);
    assert.equal(await moat(`history unpin ${failed}`), "");
    assert.equal(await moat(`history rm ${failed.slice(0, 12)}`), `${failed.slice(0, 12)}\n`);
    assert.equal(lines(await moat("history ls")).length, 1);
    assert.match(await refused("history rm"), /needs builds, or --all/);
    assert.match(await refused(`history rm ${built} --pinned`), /go with --all only/);
    assert.match(await refused("history logs"), /has no build on record/);
  });

  await test.step("prune", async () => {
    assert.match(await refused("prune"), /not a terminal\nAdd --force\n$/);
    assert.match(
      await refused("prune -f --max-used-space much"),
      /^error: invalid --max-used-space/,
    );
    const no = await run("prune", address, { terminal: true, stdin: "n\n" });
    assert.deepEqual([no.code, no.out], [0, ""]);
    assert.match(no.err, /^Remove all build cache .*\? \[y\/N\] $/);
    assert.equal(await moat("prune -f --keep-duration 24h"), "Total:  0B\n");
    const before = (await client.diskUsage()).length;
    const { out } = await run("prune --all", address, { terminal: true, stdin: "yes\n" });
    assert.equal(lines(out).length, before + 2);
    assert.equal(await moat("prune --json -y"), "");
    assert.equal((await own.buildctl.run("du")).stdout.includes("Total:\t\t0B"), true);
  });
});

Deno.test("history says what a daemon lacks that has none", async () => {
  const record = [{ id: "w", labels: new Map(), platforms: [], gcPolicy: [], cdiDevices: [] }];
  await using server = await startGrpcServer(answering(Control.listWorkers, () => ({ record })));
  for (const argv of ["history ls", "history inspect", "history rm --all", "history pin x"]) {
    const { code, err } = await run(argv, server.address);
    assert.equal(code, 1);
    assert.match(
      err,
      /^error: The builder at tcp:.* keeps no build history: that needs BuildKit v0/,
    );
  }
});
