import assert from "node:assert/strict";
import { StepRecorder } from "../../src/diagnosis/step_recorder.ts";
import type { StatusResponse, Vertex } from "../../src/gen/control.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function vertex(digest: string, more: Partial<Vertex> = {}): Partial<StatusResponse> {
  const base = { digest, name: `step ${digest}`, inputs: [], cached: false, error: "" };
  return { vertexes: [{ ...base, started: 1n, ...more }] };
}

function log(digest: string, text: string): Partial<StatusResponse> {
  return { logs: [{ vertex: digest, stream: 1n, msg: bytes(text), timestamp: 1n }] };
}

function recorder(...messages: Partial<StatusResponse>[]): StepRecorder {
  const steps = new StepRecorder();
  for (const message of messages) {
    steps.note({ vertexes: [], statuses: [], logs: [], warnings: [], ...message });
  }
  return steps;
}

Deno.test("StepRecorder finds the step by its digest", () => {
  const steps = recorder(vertex("a"), vertex("b"), log("a", "of a\n"), log("b", "of b\n"));
  assert.deepEqual(steps.failedStep("b", ""), { digest: "b", name: "step b", log: ["of b"] });
});

Deno.test("StepRecorder finds the step by its error, but not one that was canceled", () => {
  const steps = recorder(
    vertex("a", { error: "a broke: context canceled" }),
    vertex("b", { error: "b broke" }),
    vertex("c", { error: "c broke" }),
  );
  assert.equal(steps.failedStep(undefined, "failed: c broke")?.digest, "c");
  assert.equal(steps.failedStep(undefined, "something else"), undefined);
});

Deno.test("StepRecorder takes the only step with an error", () => {
  const steps = recorder(vertex("a", { completed: 2n }), vertex("b", { error: "b broke" }));
  assert.equal(steps.failedStep(undefined, "something else")?.digest, "b");
  assert.equal(recorder(vertex("a")).failedStep(undefined, ""), undefined);
});

Deno.test("StepRecorder keeps little of much, and nothing that acts on a terminal", () => {
  const many = Array.from({ length: 1_000 }, (_, i) => `line ${i}\n`).join("");
  const steps = recorder(vertex("a"), log("a", many), log("a", `\u001b[2J${"x".repeat(5_000)}`));
  const { log: lines } = steps.failedStep("a", "")!;
  assert.equal(lines.length, 50);
  assert.equal(lines[0], "line 951");
  assert.equal(lines.at(-1), `${"x".repeat(1_000)}...`);
});

Deno.test("StepRecorder puts chunks of lines and characters together", () => {
  const [one, two] = [bytes("ü").subarray(0, 1), bytes("ü").subarray(1)];
  const part = (msg: Uint8Array) => ({
    logs: [{ vertex: "a", stream: 1n, msg, timestamp: 1n }],
  });
  const steps = recorder(vertex("a"), part(one), part(two), log("a", "ber\nund"));
  assert.deepEqual(steps.failedStep("a", "")?.log, ["über", "und"]);
});
