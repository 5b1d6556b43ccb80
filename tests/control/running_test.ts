/** A build that runs, as its builder's other clients see it. */
import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import { connect } from "../../src/connect.ts";
import type { BuildEvent } from "../../src/progress/events.ts";
import { daemonTest } from "../support/env.ts";
import { collect } from "./support.ts";

daemonTest(
  "history(), inspectBuild() and buildLogs() of a build that runs",
  async (environment) => {
    const { address, baseImage } = environment;
    await using client = connect(address);
    let asked = () => {};
    const waiting = new Promise<void>((resolve) => asked = resolve);
    let go = () => {};
    const gate = new Promise<string>((resolve) => go = () => resolve("s"));
    // The step waits for its secret.
    const building = build({
      address,
      dockerfile: `FROM ${baseImage}\nRUN --mount=type=secret,id=s echo ${crypto.randomUUID()}\n`,
      network: "host",
      secrets: { s: () => (asked(), gate) },
      output: "cacheonly",
    });
    await waiting;

    const active = await collect(client.history({ activeOnly: true }));
    assert(active.some(({ type, ref }) => type === "started" && ref === building.ref));
    const record = await client.inspectBuild(building.ref);
    assert.equal(record.status, "running");
    assert.equal(record.completedAt, undefined);
    const refused = /no record of a build .* that is over/;
    await assert.rejects(client.removeBuild(building.ref), refused);
    await assert.rejects(client.trace(building.ref), refused);

    const seen: BuildEvent[] = [];
    for await (const event of client.buildLogs(building.ref)) {
      seen.push(event);
      if (event.type === "vertex" && event.state === "started") go();
    }
    await building;
    assert.equal(seen[0]!.type, "start");
    assert.deepEqual(seen.at(-1), { type: "end", state: "completed" });
    assert(seen.some((event) => event.type === "log"));
  },
);
