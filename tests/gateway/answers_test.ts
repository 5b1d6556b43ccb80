/** Answers of frontends as they are, and as they should not be. */
import assert from "node:assert/strict";
import { ProtocolError } from "../../src/errors.ts";
import {
  readCheck,
  readDescriptions,
  readOutline,
  readTargets,
} from "../../src/gateway/answers.ts";

Deno.test("readCheck() takes zeros and lists that are left out", () => {
  const location = { ranges: [{ start: { line: 1 } }] };
  const sources = [{ filename: "Dockerfile", data: btoa("FROM x as y\r\nRUN z") }];
  const json = JSON.stringify({ warnings: [{ ruleName: "R", location }], sources });
  const { passed, warnings, error } = readCheck(json);
  assert.deepEqual([passed, error], [false, undefined]);
  assert.deepEqual(warnings, [{
    rule: "R",
    description: "",
    url: "",
    detail: "",
    source: {
      filename: "Dockerfile",
      lines: ["FROM x as y", "RUN z"],
      ranges: [{ start: 1, end: 1 }],
    },
  }]);
  assert.equal(readCheck('{"warnings":null,"sources":null}').passed, true);
});

Deno.test("readCheck() takes a warning without a place", () => {
  const warnings = [{ ruleName: "R", location: { sourceIndex: -1 } }, { ruleName: "S" }];
  const found = readCheck(JSON.stringify({ warnings, sources: [] })).warnings;
  assert.deepEqual(found.map(({ source }) => source), [undefined, undefined]);
});

Deno.test("readOutline() and readTargets() take empty answers", () => {
  const empty = { name: "", description: "", args: [], secrets: [], ssh: [], cache: [] };
  assert.deepEqual(readOutline("{}"), empty);
  assert.deepEqual(readTargets('{"targets":null,"sources":null}'), []);
  assert.deepEqual(readTargets('{"targets":[{}]}')[0]?.default, false);
});

Deno.test("readDescriptions() takes either spelling of names", () => {
  const json = '[{"Name":"a","Version":"1"},{"name":"b","description":"B"}]';
  assert.deepEqual(readDescriptions(json), [
    { name: "a", version: "1", description: "" },
    { name: "b", version: "", description: "B" },
  ]);
});

for (const json of ["", "no", '{"warnings":["x"]}', '{"buildError":[1]}']) {
  Deno.test(`readCheck() refuses ${json}`, () => {
    assert.throws(() => readCheck(json), ProtocolError);
  });
}
