import assert from "node:assert/strict";
import { type BuildEvent, eventMapper, toEvents } from "../../src/progress/events.ts";
import { at, atMs, message, recording, run, vertex } from "./support.ts";

const warning = {
  vertex: "a",
  level: 1n,
  short: new TextEncoder().encode("Rule: be careful"),
  detail: [new TextEncoder().encode("more")],
  url: "https://rules",
  info: { filename: "Dockerfile", data: new Uint8Array(), language: "Dockerfile" },
  ranges: [{ start: { line: 3, character: 0 }, end: { line: 0, character: 0 } }],
};

Deno.test("toEvents() tells how far a vertex is", () => {
  const started = at(1);
  const completed = at(2);
  const cases = [
    [{}, "waiting"],
    [{ started }, "started"],
    [{ started, completed }, "completed"],
    [{ started, completed, cached: true }, "cached"],
    [{ started, completed, error: "exit code: 1" }, "error"],
    [{ started, completed, error: "rpc: context canceled" }, "canceled"],
  ] as const;
  for (const [parts, state] of cases) {
    const [event] = toEvents(message({ vertexes: [vertex("a", parts)] }));
    assert.equal(event?.type === "vertex" && event.state, state);
  }
});

Deno.test("toEvents() gives plain objects", () => {
  const progressGroup = { id: "g", name: "group", weak: true };
  const status = message({
    vertexes: [vertex("a", { started: at(1), completed: at(2.5), inputs: ["b"], progressGroup })],
    statuses: [{
      id: "layer",
      vertex: "a",
      name: "downloading",
      current: 5n,
      total: 0n,
      started: at(1),
    }],
    logs: [{ vertex: "a", stream: 2n, msg: new Uint8Array([65]), timestamp: at(1) }],
    warnings: [warning],
  });
  const expected: BuildEvent[] = [
    {
      type: "vertex",
      digest: "a",
      name: "[a] step",
      state: "completed",
      inputs: ["b"],
      startedAt: atMs(1),
      completedAt: atMs(2.5),
      group: { id: "g", name: "group" },
    },
    {
      type: "status",
      vertex: "a",
      id: "layer",
      action: "downloading",
      current: 5,
      startedAt: atMs(1),
    },
    { type: "log", vertex: "a", stream: 2, data: new Uint8Array([65]), time: atMs(1) },
    {
      type: "warning",
      vertex: "a",
      level: 1,
      message: "Rule: be careful",
      detail: ["more"],
      url: "https://rules",
      source: { file: "Dockerfile", ranges: [{ startLine: 3, endLine: 3 }] },
    },
  ];
  const events = toEvents(status);
  assert.deepEqual(events, expected);
  assert.deepEqual(structuredClone(events), expected);
});

Deno.test("eventMapper() tells what the daemon repeats once", () => {
  const next = eventMapper();
  const repeated = message({ ...run("a", 1), warnings: [warning] });
  assert.deepEqual(next(repeated).map((event) => event.type), ["vertex", "warning"]);
  assert.deepEqual(next(repeated), []);
  assert.equal(next(run("a", 1, 2)).length, 1);
  assert.equal(next(run("a", 3)).length, 1);
});

Deno.test("eventMapper() ends every vertex of a recorded build", () => {
  const events = recording("failure").flatMap(eventMapper());
  const last = new Map<string, string>();
  for (const event of events) if (event.type === "vertex") last.set(event.digest, event.state);
  const ends = [...last.values()].filter((state) => state !== "waiting").sort();
  assert.deepEqual(ends, [
    "cached",
    "cached",
    "canceled",
    "completed",
    "completed",
    "completed",
    "error",
  ]);
});
