import assert from "node:assert/strict";
import { ProtocolError } from "../../src/errors.ts";
import type { VertexWarning } from "../../src/gen/control.ts";
import { rawJsonDisplay, toRawJson } from "../../src/progress/rawjson.ts";
import { parseRawJson } from "../../src/progress/rawjson_parse.ts";
import { FakeOutput, message, recording, testdata, vertex } from "./support.ts";

for (const name of ["success", "failure", "cached", "output", "parallel", "platforms", "cancel"]) {
  const lines = testdata(`${name}.jsonl`).trimEnd().split("\n");

  Deno.test(`toRawJson() writes the build "${name}" byte for byte as BuildKit does`, () => {
    assert.deepEqual(recording(name).map(toRawJson), lines);
  });

  Deno.test(`parseRawJson() reads the build "${name}" as it was on the wire`, () => {
    assert.deepEqual(lines.map(parseRawJson), recording(name));
  });
}

Deno.test("toRawJson() writes times as Go does", () => {
  const cases: Array<[bigint, string]> = [
    [0n, "1970-01-01T00:00:00Z"],
    [1n, "1970-01-01T00:00:00.000000001Z"],
    [-1n, "1969-12-31T23:59:59.999999999Z"],
    [1_700_000_000_120_000_000n, "2023-11-14T22:13:20.12Z"],
  ];
  for (const [started, time] of cases) {
    const line = toRawJson(message({ vertexes: [vertex("a", { name: "", started })] }));
    assert.equal(line, `{"vertexes":[{"digest":"a","started":"${time}"}]}`);
    assert.equal(parseRawJson(line).vertexes[0]!.started, started);
  }
});

Deno.test("toRawJson() leaves out what Go leaves out", () => {
  const status = message({
    statuses: [{ id: "", vertex: "", name: "", current: 0n, total: 0n }],
    logs: [{ vertex: "", stream: 0n, msg: new Uint8Array() }],
    warnings: [{ short: new Uint8Array(), detail: [], ranges: [{}] } as unknown as VertexWarning],
  });
  assert.equal(toRawJson(message({})), "{}");
  assert.equal(
    toRawJson(status),
    '{"statuses":[{"id":"","current":0,"timestamp":"1970-01-01T00:00:00Z"}],' +
      '"logs":[{"data":null,"timestamp":"1970-01-01T00:00:00Z"}],"warnings":[{"range":[{}]}]}',
  );
});

Deno.test("toRawJson() escapes like Go", () => {
  const name = '<a> & "b" \u2028\u2029 \b\f\n\t\u0001\u007f é\\';
  const line = toRawJson(message({ vertexes: [vertex("a", { name })] }));
  const escaped = String.raw`\u003ca\u003e \u0026 \"b\" \u2028\u2029 \b\f\n\t\u0001` +
    "\u007f é\\\\";
  assert.equal(line, `{"vertexes":[{"digest":"a","name":"${escaped}"}]}`);
});

Deno.test("parseRawJson() reads times of any zone", () => {
  const line = '{"vertexes":[{"started":"2023-11-14T23:13:20.5+01:00"}]}';
  assert.equal(parseRawJson(line).vertexes[0]!.started, 1_700_000_000_500_000_000n);
});

Deno.test("parseRawJson() refuses what BuildKit doesn't write", () => {
  const lines = [
    "",
    "[]",
    '{"vertexes":{}}',
    '{"vertexes":[{"name":1}]}',
    '{"vertexes":[{"started":"yesterday"}]}',
    '{"statuses":[{"current":1.5}]}',
    '{"warnings":[{"sourceInfo":7}]}',
  ];
  for (const line of lines) assert.throws(() => parseRawJson(line), ProtocolError, line);
});

Deno.test("rawJsonDisplay() writes one line a message, at once", () => {
  const out = new FakeOutput();
  const display = rawJsonDisplay(out);
  display.update(message({}));
  assert.deepEqual(out.writes, ["{}\n"]);
  display.end();
  assert.deepEqual(out.writes, ["{}\n"]);
});
