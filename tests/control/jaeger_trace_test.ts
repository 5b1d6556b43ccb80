import assert from "node:assert/strict";
import { toJaeger } from "../../src/control/jaeger_trace.ts";
import { parseSpans, type TraceSpan } from "../../src/control/trace.ts";

const NONE = "0000000000000000";

function span(id: string, parent: string, more: Partial<TraceSpan> = {}): TraceSpan {
  return {
    Name: `span ${id}`,
    SpanContext: { TraceID: "t", SpanID: id },
    Parent: { TraceID: "t", SpanID: parent },
    SpanKind: 1,
    StartTime: "2030-01-01T00:00:00.0000015Z",
    EndTime: "2030-01-01T01:00:01.5+01:00",
    Attributes: null,
    Events: null,
    Status: { Code: 0, Description: "" },
    Resource: [{ Key: "service.name", Value: { Type: "STRING", Value: "buildkitd" } }],
    ...more,
  };
}

const COMMON = { traceID: "t", warnings: null, processID: "p1", startTime: 1893456000000001 };

Deno.test("toJaeger() keeps spans, their parents, times, tags and errors", () => {
  const spans = [
    span("a", NONE),
    span("b", "a", {
      SpanKind: 3,
      Attributes: [
        { Key: "n", Value: { Type: "INT64", Value: 5 } },
        { Key: "list", Value: { Type: "STRINGSLICE", Value: ["x"] } },
      ],
      Events: [{ Name: "e", Time: "2030-01-01T00:00:01Z", Attributes: null }],
      Status: { Code: "Error", Description: "bad" },
    }),
  ];
  const { data: [trace] } = toJaeger(spans);
  assert.deepEqual(trace, {
    traceID: "t",
    warnings: null,
    processes: { p1: { serviceName: "buildkitd", tags: [] } },
    spans: [
      {
        ...COMMON,
        spanID: "a",
        operationName: "span a",
        references: [],
        duration: 1_499_998,
        tags: [{ key: "span.kind", type: "string", value: "internal" }],
        logs: [],
      },
      {
        ...COMMON,
        spanID: "b",
        operationName: "span b",
        references: [{ refType: "CHILD_OF", traceID: "t", spanID: "a" }],
        duration: 1_499_998,
        tags: [
          { key: "n", type: "int64", value: 5 },
          { key: "list", type: "string", value: '["x"]' },
          { key: "span.kind", type: "string", value: "client" },
          { key: "error", type: "bool", value: true },
          { key: "otel.status_description", type: "string", value: "bad" },
        ],
        logs: [{
          timestamp: 1893456001000000,
          fields: [{ key: "event", type: "string", value: "e" }],
        }],
      },
    ],
  });
});

Deno.test("parseSpans() reads objects on one line each, and indented ones", () => {
  const [a, b] = [span("a", NONE), span("b", "a")];
  const text = `${JSON.stringify(a)}\n${JSON.stringify(b, null, 2)}\n${
    JSON.stringify(a, null, 2)
  }\n`;
  assert.deepEqual(parseSpans(text), [a, b, a]);
  assert.deepEqual(parseSpans(""), []);
});
