/** What can be asked of a builder, and done with it, besides ordinary builds. */
import assert from "node:assert/strict";
import { build, runFrontend } from "../../../src/build.ts";
import { BuildError } from "../../../src/build_error.ts";
import { check, outline, targets } from "../../../src/calls.ts";
import type { BuildKitClient } from "../../../src/client.ts";
import { historyReport } from "../../../src/history_report.ts";
import { openBuilder } from "../../../src/shared_builder.ts";
import { collect } from "../../control/support.ts";
import type { Feature, World } from "../feature.ts";
import { clientOf } from "../client_of.ts";

const SIMPLE = { context: { a: "hello" }, dockerfile: "FROM scratch AS only\nCOPY a /\n" };

function feature(group: string, what: string, attempt: Feature["attempt"]): Feature {
  return { group, what, attempt };
}

/** A feature of the history: a build has been made, and is asked for. */
function remembered(
  what: string,
  attempt: (client: BuildKitClient, ref: string, world: World) => Promise<void>,
): Feature {
  return feature("history", what, async (world) => {
    const buildArgs = { NONCE: crypto.randomUUID() };
    const { on } = world;
    const { ref } = await build({ ...SIMPLE, buildArgs, ...on, output: "cacheonly" });
    await using opened = await clientOf(on);
    await attempt(opened.client, ref, world);
  });
}

/** Questions, frontends, the cache, the history. */
export const DAEMON_FEATURES: readonly Feature[] = [
  feature("questions", "a Dockerfile's checks", async ({ on }) => {
    const { warnings } = await check({ ...on, dockerfile: "from scratch as A\nCOPY a /\n" });
    assert(warnings.length > 0);
  }),
  feature("questions", "a Dockerfile's stages", async ({ on }) => {
    const list = await targets({ ...on, ...SIMPLE });
    assert.deepEqual(list.map(({ name }) => name), ["only"]);
  }),
  feature("questions", "a stage's arguments and secrets", async ({ on }) => {
    const dockerfile = "FROM scratch\nARG WORD=1\nCOPY a /\n";
    const { args } = await outline({ ...on, dockerfile });
    assert.deepEqual(args.map(({ name }) => name), ["WORD"]);
  }),
  feature("gateway", "a function as the frontend", async ({ on }) => {
    const read: string[] = [];
    await runFrontend(async (client) => {
      const result = await client.solve({ frontend: "dockerfile.v0", attrs: client.attrs });
      read.push(new TextDecoder().decode(await result.ref!.readFile("/a")));
      return result;
    }, { ...on, ...SIMPLE, output: "cacheonly" });
    assert.deepEqual(read, ["hello"]);
  }),
  feature("gateway", "many builds on one connection", async ({ on }) => {
    const builder = await openBuilder(on);
    try {
      const one = () => builder.build({ ...SIMPLE, output: "cacheonly" });
      await Promise.all([one(), one(), one()]);
    } finally {
      await builder.close();
    }
  }),
  feature("failures", "the failed step, its code and its output", async ({ on, baseImage }) => {
    const dockerfile = `FROM ${baseImage}\nRUN echo ${crypto.randomUUID()}; exit 7\n`;
    const failed = build({ ...on, dockerfile, network: "none", output: "cacheonly" });
    const error = await failed.then(() => undefined, (error) => error);
    assert(error instanceof BuildError, String(error));
    assert.deepEqual([error.code, error.exitCode], ["COMMAND_FAILED", 7]);
    assert.match(error.message, /Dockerfile:2|\[2\/2\]/);
  }),
  feature("failures", "cancellation", async ({ on, baseImage }) => {
    const controller = new AbortController();
    const dockerfile = `FROM ${baseImage}\nRUN echo ${crypto.randomUUID()}; sleep 600\n`;
    const options = { ...on, dockerfile, network: "none" as const, signal: controller.signal };
    const running = build({ ...options, output: "cacheonly" });
    const ended = running.then(() => undefined, (error) => error);
    for await (const event of running.events()) {
      if (event.type === "log") controller.abort(new Error("enough"));
    }
    assert.match(String(await ended), /enough/);
  }),
  feature("builder", "its version and workers", async ({ on }) => {
    await using opened = await clientOf(on);
    const workers = await opened.client.workers();
    assert(workers.length > 0 && workers[0]!.platforms.length > 0);
  }),
  feature("builder", "what is in its cache", async ({ on }) => {
    await using opened = await clientOf(on);
    await build({ ...SIMPLE, ...on, output: "cacheonly" });
    assert((await opened.client.diskUsage()).length > 0);
  }),
  feature("builder", "removing what was not used for a day", async ({ on }) => {
    await using opened = await clientOf(on);
    assert.deepEqual(await collect(opened.client.prune({ keepDurationMs: 86_400_000 })), []);
  }),
  feature("builder", "removing what goes over a limit", async ({ on }) => {
    await using opened = await clientOf(on);
    assert.deepEqual(await collect(opened.client.prune({ maxUsedSpace: "1000g" })), []);
  }),
  remembered("builds, the newest first", async (client, ref) => {
    const events = await collect(client.history());
    assert(events.some((event) => event.ref === ref));
  }),
  remembered("filters and limits", async (client, ref) => {
    const events = await collect(client.history({ filters: [`ref==${ref}`], limit: 1 }));
    assert.deepEqual(events.map(({ ref }) => ref), [ref]);
  }),
  remembered("a build's details", async (client, ref) => {
    assert.equal((await client.inspectBuild(ref)).status, "completed");
  }),
  remembered("a build's output, again", async (client, ref) => {
    const events = await collect(client.buildLogs(ref));
    assert(events.some(({ type }) => type === "vertex"));
  }),
  {
    ...remembered("a build's trace", async (client, ref) => {
      assert((await client.trace(ref)).length > 0);
    }),
    inTime: true,
  },
  remembered("a build's provenance", async (client, ref) => {
    assert((await client.attachment(ref, { type: "provenance" })).length > 0);
  }),
  remembered("keeping and removing a record", async (client, ref) => {
    await client.pin(ref);
    await client.unpin(ref);
    await client.removeBuild(ref);
  }),
  remembered("exporting a build for others", async (client, ref) => {
    let bytes = 0;
    for await (const chunk of client.exportBuild(ref)) bytes += chunk.length;
    assert(bytes > 0);
  }),
  remembered("a report as a page", async (client, ref) => {
    assert.match(await historyReport(client, ref), /<html/);
  }),
];
