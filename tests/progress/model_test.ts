import assert from "node:assert/strict";
import type { StatusResponse } from "../../src/gen/control.ts";
import {
  completedAt,
  hasStarted,
  initialState,
  isRunning,
  type ProgressState,
  reduce,
} from "../../src/progress/model.ts";
import { at, log, message, recording, run, vertex } from "./support.ts";

function stateOf(...messages: StatusResponse[]): ProgressState {
  return messages.reduce(reduce, initialState());
}

function only(state: ProgressState) {
  const [step] = state.steps;
  assert.equal(state.steps.size, 1);
  return step!;
}

Deno.test("reduce() keeps steps in order of appearance and of start", () => {
  const state = stateOf(
    message({ vertexes: [vertex("a"), vertex("b")] }),
    run("b", 1),
    run("a", 2),
  );
  assert.deepEqual([...state.steps].map((step) => step.name), ["[a] step", "[b] step"]);
  assert.deepEqual([...state.started].map((step) => step.name), ["[b] step", "[a] step"]);
});

Deno.test("reduce() follows a vertex through its states", () => {
  const announced = only(stateOf(message({ vertexes: [vertex("a")] })));
  assert.equal(hasStarted(announced), false);
  assert.equal(announced.revision, 0);
  const running = only(stateOf(run("a", 1)));
  assert.equal(isRunning(running), true);
  const done = only(stateOf(run("a", 1), run("a", 1, 3)));
  assert.equal(isRunning(done), false);
  assert.equal(completedAt(done), at(3));
});

Deno.test("reduce() joins the runs of a vertex that starts again", () => {
  const step = only(stateOf(run("a", 1, 2), run("a", 4), run("a", 4, 5)));
  assert.deepEqual(step.runs, [
    { started: at(1), completed: at(2) },
    { started: at(4), completed: at(5) },
  ]);
});

Deno.test("reduce() forgets an error when the vertex runs again", () => {
  assert.equal(only(stateOf(run("a", 1, 2, { error: "no" }), run("a", 4))).error, "");
});

Deno.test("reduce() doesn't let a late announcement stop a running vertex", () => {
  const step = only(
    stateOf(run("a", 1, 2, { cached: true }), message({ vertexes: [vertex("a")] })),
  );
  assert.equal(step.cached, true);
  assert.equal(completedAt(step), at(2));
});

Deno.test("reduce() counts no revision for repeated messages", () => {
  const state = stateOf(run("a", 1, 2));
  const { revision } = only(state);
  reduce(state, run("a", 1, 2));
  assert.equal(only(state).revision, revision);
});

Deno.test("reduce() shows a progress group as one step", () => {
  const progressGroup = { id: "g", name: "[1/1] COPY", weak: false };
  const state = stateOf(
    run("a", 1, 2, { progressGroup, cached: true }),
    run("b", 3, undefined, { progressGroup }),
    log("b", "copying\n", 3),
  );
  const step = only(state);
  assert.equal(step.name, "[1/1] COPY");
  assert.equal(step.cached, false);
  assert.equal(isRunning(step), true);
  assert.equal(step.log.count, 1);
  assert.equal(state.started.size, 1);
});

Deno.test("reduce() hides a group until a strong member starts or one fails", () => {
  const weak = { id: "g", name: "group", weak: true };
  const strong = { ...weak, weak: false };
  const hidden = [run("a", 1, 2, { progressGroup: weak })];
  const cases: Array<[StatusResponse[], boolean]> = [
    [hidden, false],
    [[...hidden, message({ vertexes: [vertex("b", { progressGroup: strong })] })], false],
    [[...hidden, run("b", 2, undefined, { progressGroup: strong })], true],
    [[...hidden, run("b", 2, 3, { progressGroup: weak, error: "no" })], true],
  ];
  for (const [messages, visible] of cases) {
    const state = stateOf(...messages);
    assert.equal(only(state).visible, visible);
    assert.equal(state.started.size, visible ? 1 : 0);
  }
});

Deno.test("reduce() ignores the status of an unknown vertex and one that never starts", () => {
  const status = { id: "x", vertex: "a", name: "", current: 1n, total: 2n };
  assert.equal(stateOf(message({ statuses: [status] })).steps.size, 0);
  assert.equal(only(stateOf(run("a", 1), message({ statuses: [status] }))).statuses.size, 0);
});

Deno.test("reduce() counts no revision for a part that is told to have ended twice", () => {
  const part = { id: "x", vertex: "a", name: "", current: 2n, total: 2n, started: at(1) };
  const ended = { ...part, completed: at(2) };
  const state = stateOf(run("a", 1), message({ statuses: [part] }), message({ statuses: [ended] }));
  const { revision } = only(state);
  reduce(state, message({ statuses: [{ ...ended, timestamp: at(3) }] }));
  assert.equal(only(state).revision, revision);
});

Deno.test("reduce() never throws output away", () => {
  assert.equal(only(stateOf(log("a", "lost?\n"))).log.count, 1);
});

Deno.test("reduce() takes a repeated warning once", () => {
  const warning = {
    vertex: "a",
    level: 1n,
    short: new TextEncoder().encode("careful"),
    detail: [],
    url: "",
    ranges: [],
  };
  const again = message({ warnings: [{ ...warning }] });
  const other = message({ warnings: [{ ...warning, url: "http://x" }] });
  assert.equal(only(stateOf(run("a", 1), again, again, other)).warnings.length, 2);
});

Deno.test("reduce() gives the step's own time to a log line", () => {
  const step = only(stateOf(run("a", 1, 2), run("a", 10), log("a", "x\n", 12.5)));
  assert.equal(step.log.from(0)[0]!.seconds, 2.5);
});

Deno.test("reduce() understands whole recorded builds", () => {
  const counts = (name: string) => {
    const steps = [...stateOf(...recording(name)).started];
    return {
      steps: steps.length,
      cached: steps.filter((step) => step.cached).length,
      failed: steps.filter((step) => step.error !== "").length,
      running: steps.filter(isRunning).length,
    };
  };
  assert.deepEqual(counts("success"), { steps: 14, cached: 0, failed: 0, running: 0 });
  assert.deepEqual(counts("cached"), { steps: 14, cached: 9, failed: 0, running: 0 });
  assert.deepEqual(counts("failure"), { steps: 7, cached: 2, failed: 2, running: 0 });
});
