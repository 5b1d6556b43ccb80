import assert from "node:assert/strict";
import { ProtocolError } from "../../src/errors.ts";
import { initialState, reduce } from "../../src/progress/model.ts";
import {
  baseImages,
  reportInputs,
  reportOutputs,
  reportTitle,
} from "../../src/report/build_facts.ts";
import { log, message, recording, run, vertex } from "../progress/support.ts";
import { reportOf } from "./support.ts";

Deno.test("toReport() tells when steps ran, from the first one's start on", () => {
  const { steps } = reportOf([
    run("late", 5, 7),
    run("a", 2, 3, { name: "[linux/arm64 build 1/2] RUN x" }),
    run("a", 6, 6.5, { name: "[linux/arm64 build 1/2] RUN x" }),
    run("running", 6),
    message({ vertexes: [vertex("waiting")] }),
  ]);
  assert.deepEqual(steps.map(({ platform, state, runs }) => [platform, state, runs]), [
    ["", "done", [{ from: 3, to: 5 }]],
    ["linux/arm64", "done", [{ from: 0, to: 1 }, { from: 4, to: 4.5 }]],
    ["", "running", [{ from: 4, to: undefined }]],
  ]);
});

Deno.test("toReport() keeps the output, without escape sequences", () => {
  const messages = [
    run("a", 1, 3, { error: "exit code: 1\nmore" }),
    log("a", "one\n\u001b[31mtw", 1),
    log("a", "o\u001b]0;title\u0007 <b>\nopen", 2),
  ];
  const [step] = reportOf(messages).steps;
  assert.deepEqual(step!.log.map(({ text }) => text), ["one", "two <b>", "open"]);
  assert.deepEqual([step!.error, step!.lost], [["exit code: 1", "more"], 0]);
});

Deno.test("toReport() says how many lines of output were not kept", () => {
  const state = [run("a", 1), log("a", "1\n2\n3\nopen", 1)].reduce(reduce, initialState());
  [...state.steps][0]!.log.keepLast(1);
  const { steps } = reportOf([]);
  assert.deepEqual(steps, []);
  assert.equal([...state.steps][0]!.log.count, 3);
});

Deno.test("toReport() tells the platforms of a recorded build apart", () => {
  const { steps, outcome } = reportOf(recording("platforms"));
  const platforms = new Set(steps.map(({ platform }) => platform));
  assert.deepEqual([...platforms].sort(), ["", "linux/amd64", "linux/arm64"]);
  assert.equal(outcome, "completed");
});

Deno.test("toReport() tells failure and cancel apart", () => {
  const error = new ProtocolError("it broke\nbadly");
  const failed = reportOf([], { failure: { error, canceled: false } });
  assert.deepEqual([failed.outcome, failed.error], [
    "error",
    ["PROTOCOL_VIOLATION: it broke", "badly"],
  ]);
  assert.equal(reportOf([], { failure: { error, canceled: true } }).outcome, "canceled");
});

Deno.test("reportInputs() shows no value that may be secret", () => {
  const state = [run("a", 1, 2, { name: "[base 1/2] FROM reg/app@sha256:1" })]
    .reduce(reduce, initialState());
  const inputs = reportInputs({
    context: [".", { "a": "", "b": "" }],
    dockerfile: { path: "deploy/Dockerfile" },
    buildArgs: { TOKEN: "hidden" },
    frontendAttrs: { "build-arg:KEY": "hidden" },
    labels: { team: "build" },
    auth: { "reg": { username: "hidden", password: "hidden" } },
    platforms: ["linux/arm64"],
    noCache: true,
  }, state);
  assert.ok(!JSON.stringify(inputs).includes("hidden"));
  assert.deepEqual(inputs, [
    ["context", "."],
    ["context", "2 files in memory"],
    ["Dockerfile", "deploy/Dockerfile"],
    ["platforms", "linux/arm64"],
    ["build arguments", "TOKEN"],
    ["labels", "team=build"],
    ["attributes", "build-arg:KEY"],
    ["cache", "not used"],
    ["base images", "reg/app@sha256:1"],
  ]);
  assert.deepEqual(baseImages(state), ["reg/app@sha256:1"]);
  assert.deepEqual([reportTitle({}), reportTitle({ tags: ["a", "b"] })], [".", "a"]);
});

Deno.test("reportOutputs() tells digests and what was written", () => {
  const outputs = reportOutputs({
    ref: "r",
    digest: "sha256:d",
    imageId: "sha256:i",
    names: ["a", "b"],
    outputs: [{ type: "image", bytes: 1500 }, { type: "local", dest: "out", bytes: 5, entries: 2 }],
    transfers: [],
    builder: { kind: "standalone", address: "tcp://b:1", from: "address" },
    metadata: {},
    durationMs: 1,
  });
  assert.deepEqual(outputs, [
    ["name", "a"],
    ["name", "b"],
    ["digest", "sha256:d"],
    ["image id", "sha256:i"],
    ["image", "1.50kB"],
    ["local", "out, 5B, 2 entries"],
  ]);
});
