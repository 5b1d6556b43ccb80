import assert from "node:assert/strict";
import { initialState, reduce } from "../../src/progress/model.ts";
import { summarize } from "../../src/progress/summary.ts";
import type { StatusResponse } from "../../src/gen/control.ts";
import { at, message, recording, run, vertex } from "./support.ts";

const summaryOf = (messages: StatusResponse[]) =>
  summarize(messages.reduce(reduce, initialState()));

Deno.test("summarize() counts the Dockerfile's own steps", () => {
  const names = ["[1/2] FROM a", "[build 2/2] RUN x", "[linux/arm64 b 1/1] RUN y"];
  const others = ["[internal] load", "exporting to image", "[auth] a", "1/2", "[1/2]x"];
  const messages = [
    ...[...names, ...others].map((name, i) => run(name, 1, 2, { name, cached: i === 0 })),
    run("failed", 1, 2, { name: "[3/3] RUN z", error: "no" }),
    run("running", 1, undefined, { name: "[3/4] RUN z" }),
    message({ vertexes: [vertex("waiting", { name: "[4/4] RUN z" })] }),
  ];
  const { steps, cached } = summaryOf(messages);
  assert.deepEqual([steps, cached], [3, 1]);
});

Deno.test("summarize() tells the slowest steps", () => {
  const messages = [[5, "a"], [1, "b"], [9, "c"], [0.05, "d"], [3, "e"]].map(([seconds, name]) => {
    return run(String(name), 1, 1 + Number(seconds), { name: String(name) });
  });
  messages.push(run("cached", 1, 50, { cached: true }));
  assert.deepEqual(summaryOf(messages).slowest, [
    { name: "c", seconds: 9 },
    { name: "a", seconds: 5 },
    { name: "e", seconds: 3 },
  ]);
});

Deno.test("summarize() tells each warning once, with its rule and place", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const warning = (vertex: string, short: string, line?: number) => ({
    vertex,
    level: 1n,
    short: bytes(short),
    detail: [],
    url: line === undefined ? "" : "https://rules/x",
    ...(line !== undefined && {
      info: { filename: "Dockerfile", data: new Uint8Array(), language: "" },
    }),
    ranges: line === undefined ? [] : [{ start: { line, character: 0 } }],
  });
  const { warnings } = summaryOf([
    message({ vertexes: [vertex("a", { started: at(1) }), vertex("b", { started: at(1) })] }),
    message({
      warnings: [
        warning("a", "FromAsCasing: 'as' and 'FROM' (line 3)", 3),
        warning("b", "FromAsCasing: 'as' and 'FROM' (line 3)", 3),
        warning("a", "just so: text"),
      ],
    }),
  ]);
  assert.deepEqual(warnings, [
    {
      rule: "FromAsCasing",
      message: "'as' and 'FROM'",
      url: "https://rules/x",
      place: "Dockerfile:3",
    },
    { message: "just so: text" },
  ]);
});

Deno.test("summarize() sums recorded builds up", () => {
  const numbers = (name: string) => {
    const { steps, cached, warnings } = summaryOf(recording(name));
    return [steps, cached, warnings.length];
  };
  assert.deepEqual(numbers("success"), numbers("success"));
  const [steps, cached] = numbers("cached");
  assert.ok(steps! > 3 && cached! >= steps! - 1, `${cached} of ${steps}`);
});
