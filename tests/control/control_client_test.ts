/** The calls of a real daemon, and what Go's own client says to the same. */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { build } from "../../src/build.ts";
import type { BuildEvent } from "../../src/progress/events.ts";
import { concat } from "../../src/rpc/concat.ts";
import { daemonTest } from "../support/env.ts";
import { collect, type OwnBuilder, startOwnBuilder } from "./support.ts";

/** What `buildctl ... --format '{{json .}}'` prints. */
async function goJson({ buildctl }: OwnBuilder, ...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await buildctl.run(...args, "--format", "{{json .}}");
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

interface GoUsage {
  id: string;
  size: number;
  description: string;
  recordType: string;
  mutable: boolean;
  inUse: boolean;
}

daemonTest("ControlClient asks a builder as buildctl does", async ({ tools }, test) => {
  await using own = await startOwnBuilder(tools);
  const { client, built, failed } = own;
  const go = (...args: string[]) => goJson(own, ...args);

  await test.step("info()", async () => {
    const theirs = await go("debug", "info") as { buildkitVersion: object };
    assert.deepEqual({ ...await client.info() }, { revision: "", ...theirs.buildkitVersion });
  });

  await test.step("workers()", async () => {
    const theirs = await go("debug", "workers") as Array<Record<string, never>>;
    const ours = await client.workers();
    assert.deepEqual(ours.map(({ id, labels }) => ({ id, labels })), [{
      id: theirs[0]!.id,
      labels: theirs[0]!.labels,
    }]);
    assert.match(ours[0]!.platforms[0]!, /^linux\//);
    assert.deepEqual(await client.workers([`id==${ours[0]!.id}`]), ours);
    assert.deepEqual(await client.workers(["id==other"]), []);
  });

  await test.step("diskUsage()", async () => {
    const theirs = await go("du") as GoUsage[];
    const ours = await client.diskUsage();
    const facts = ({ id, size, description, mutable, inUse }: GoUsage | (typeof ours)[0]) => ({
      ...{ id, size, description, mutable, inUse },
    });
    assert.deepEqual(ours.map(facts), theirs.map(facts));
    assert(ours.some(({ type }) => type === "source.local"));
    const regular = await client.diskUsage({ filters: ["type==regular"] });
    assert.deepEqual(regular, ours.filter(({ type }) => type === "regular"));
    assert.deepEqual(await client.diskUsage({ ageLimitMs: 3_600_000 }), []);
    await assert.rejects(client.diskUsage({ ageLimitMs: -1 }), { option: "ageLimitMs" });
  });

  await test.step("history()", async () => {
    const events = await collect(client.history());
    const { stdout } = await own.buildctl.run("debug", "histories");
    const theirs = stdout.trim().split("\n").slice(1).map((line) => line.split(/\s+/)[1]);
    assert.deepEqual(events.map(({ ref }) => ref), theirs);
    assert.deepEqual(theirs.toSorted(), [built, failed].toSorted());
    const error = await collect(client.history({ filters: ["status==error"] }));
    assert.deepEqual(error.map(({ ref }) => ref), [failed]);
    assert.equal((await collect(client.history({ limit: 1 })))[0]!.ref, failed);
    assert.deepEqual(await collect(client.history({ activeOnly: true })), []);
    await assert.rejects(collect(client.history({ limit: 0.5 })), { option: "limit" });
  });

  await test.step("inspectBuild()", async () => {
    const details = await client.inspectBuild(built.slice(0, 10));
    assert.equal(details.ref, built);
    assert.equal(details.name, "example.test/a:1");
    assert.equal(details.status, "completed");
    assert.equal(details.frontendAttrs["build-arg:A"], "1");
    assert.deepEqual(details.attachments.map(({ type, platform }) => [type, platform ?? ""]), [
      ["application/vnd.oci.image.index.v1+json", ""],
      ["https://slsa.dev/provenance/v1", ""],
      ["application/vnd.oci.image.manifest.v1+json", details.attachments[2]!.platform],
    ]);
    const wrong = await client.inspectBuild("^0");
    assert.equal(wrong.ref, failed);
    assert.equal(wrong.status, "error");
    assert.match(wrong.error!.message, /nothing/);
    await assert.rejects(client.inspectBuild("nowhere"), { option: "ref" });
    await assert.rejects(client.inspectBuild("^2"), /2 builds only/);
    await assert.rejects(client.inspectBuild("^x"), /not a build's place/);
  });

  await test.step("buildLogs() of a build that is over", async () => {
    const events = await collect(client.buildLogs(failed));
    assert.deepEqual(events[0], { type: "start", version: 1, ref: failed });
    const end = events.at(-1)!;
    assert(end.type === "end" && end.state === "error");
    assert(events.some((event) => event.type === "vertex" && event.state === "error"));
    const { stdout: log } = await own.buildctl.run("debug", "logs", "--progress", "plain", built);
    for (const name of namesOf(await collect(client.buildLogs(built)))) {
      assert(log.includes(name), name);
    }
  });

  await test.step("attachment()", async () => {
    const provenance = await client.attachment(built, { type: "provenance" });
    const { attachments } = await client.inspectBuild(built);
    const { digest } = attachments.find(({ type }) => type.includes("slsa"))!;
    const { stdout } = await own.buildctl.run("debug", "get", digest);
    assert.equal(new TextDecoder().decode(provenance), stdout);
    assert.deepEqual(await client.attachment(digest), provenance);
    await assert.rejects(client.attachment(built, { type: "sbom" }), /it has application/);
    await assert.rejects(client.attachment(`sha256:${"0".repeat(64)}`), { option: "digest" });
  });

  await test.step("trace()", async () => {
    const spans = await client.trace(built);
    assert(spans.length > 3);
    assert.equal(new Set(spans.map(({ SpanContext }) => SpanContext.TraceID)).size, 1);
  });

  await test.step("exportBuild()", async () => {
    const chunks = await collect(client.exportBuild([built, failed], { finalize: true }));
    const archive = new TextDecoder("latin1").decode(gunzipSync(concat(chunks)));
    assert(archive.startsWith("blobs/\0"));
    for (const part of ["oci-layout", "index.json", built, failed, "historyrecord.v0"]) {
      assert(archive.includes(part), part);
    }
    await assert.rejects(collect(client.exportBuild("nowhere")), { option: "ref" });
  });

  await test.step("history() follows builds that others start", async () => {
    // A record that changes, for example when its trace is added, is told of again.
    const seen = new Set<string>();
    let other: string | undefined;
    for await (const event of client.history({ follow: true })) {
      // The first event is there: the daemon listens to what follows.
      other ??= await startOther(own);
      if (event.ref !== other) continue;
      const isNew = seen.size !== seen.add(event.type).size;
      if (event.type === "completed" && isNew) await client.removeBuild(other);
      if (event.type === "deleted") break;
    }
    assert.deepEqual([...seen], ["started", "completed", "deleted"]);
  });

  await test.step("pin(), unpin() and pruneHistory()", async () => {
    await client.pin(failed);
    assert.equal((await client.inspectBuild(failed)).pinned, true);
    assert.deepEqual((await collect(client.pruneHistory())).map(({ ref }) => ref), [built]);
    await client.unpin(failed);
    assert.equal((await client.inspectBuild(failed)).pinned, false);
    await client.removeBuild(failed);
    await assert.rejects(client.removeBuild(failed), /no record of a build/);
    assert.equal(
      (await own.buildctl.run("debug", "histories")).stdout.trim().split("\n").length,
      1,
    );
  });

  await test.step("prune()", async () => {
    const before = await client.diskUsage();
    assert.deepEqual(await collect(client.prune({ keepDurationMs: 3_600_000 })), []);
    await assert.rejects(collect(client.prune({ maxUsedSpace: "much" })), {
      option: "maxUsedSpace",
    });
    assert.deepEqual(await collect(client.prune({ maxUsedSpace: "1t", minFreeSpace: 1 })), []);
    const gone = await collect(client.prune({ all: true }));
    assert.deepEqual(ids(gone), ids(before));
    assert.deepEqual(await go("du"), null);
  });
});

async function startOther({ address }: OwnBuilder): Promise<string> {
  const other = build({ address, dockerfile: "FROM scratch\nLABEL other=1\n" });
  await other;
  return other.ref;
}

function namesOf(events: readonly BuildEvent[]): string[] {
  return events.flatMap((event) => event.type === "vertex" ? [event.name] : []);
}

function ids(records: ReadonlyArray<{ id: string }>): string[] {
  return records.map(({ id }) => id).sort();
}
