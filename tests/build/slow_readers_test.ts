/** Readers that don't keep up: nothing is lost, nothing grows, and the build doesn't wait for them. */
import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import type { BuildEvent } from "../../src/progress/events.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";

const LINES = 2_000;

/** A build whose one step prints many lines, bit by bit. */
function chatty({ address, baseImage }: TestEnvironment) {
  const script = `for i in $(seq ${LINES}); do echo line $i; done`;
  const dockerfile = `FROM ${baseImage}\nRUN echo ${crypto.randomUUID()} && ${script}\n`;
  return { address, dockerfile };
}

function linesOf(events: BuildEvent[]): number {
  const text = events.map((event) =>
    event.type === "log" ? new TextDecoder().decode(event.data) : ""
  );
  return text.join("").split("\n").filter((line) => line.startsWith("line ")).length;
}

daemonTest("build() ends though a reader never reads", async (environment) => {
  const building = build(chatty(environment));
  const statuses = building.statuses();
  await building;
  let count = 0;
  for await (const _ of statuses) count++;
  assert.ok(count > 10, String(count));
});

daemonTest("build() gives a slow reader and a fast one the whole output", async (environment) => {
  const building = build(chatty(environment));
  const fast = Array.fromAsync(building.events());
  const slow: BuildEvent[] = [];
  for await (const event of building.events()) {
    slow.push(event);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.equal(linesOf(slow), LINES);
  assert.equal(linesOf(await fast), LINES);
});

daemonTest("build() tells its start and its end", async (environment) => {
  const { address } = environment;
  const dockerfile = "FROM scratch\nCOPY missing /\n";
  const events = await Array.fromAsync(build({ address, dockerfile }).events());
  const [first, last] = [events[0]!, events.at(-1)!];
  assert.equal(first.type === "start" && first.version, 1);
  assert.equal(last.type === "end" && last.state, "error");
  assert.match(last.type === "end" ? last.error!.message : "", /missing/);
  assert.deepEqual(structuredClone(events), events);

  const done = build({ address, dockerfile: "FROM scratch\nCOPY <<E /x\nE\n" });
  const end = (await Array.fromAsync(done.events())).at(-1);
  assert.deepEqual(end, { type: "end", state: "completed", result: await done });

  const canceled = build(chatty(environment));
  const reading = Array.fromAsync(canceled.events());
  canceled.cancel();
  await assert.rejects(canceled);
  const canceledEnd = (await reading).at(-1);
  assert.equal(canceledEnd?.type === "end" && canceledEnd.state, "canceled");
});
