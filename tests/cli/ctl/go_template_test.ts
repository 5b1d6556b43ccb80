import assert from "node:assert/strict";
import { parseTemplate } from "../../../src/cli/ctl/go_template.ts";

const VALUE = {
  id: "x<",
  size: 12n,
  on: false,
  none: null,
  list: [{ id: "a" }, { id: "b" }],
  labels: { k: "v" },
  text: "",
};

const CASES: [template: string, expected: string][] = [
  ["", ""],
  ["text", "text"],
  ["{{.ID}}", "x<"],
  ["{{ .Size }} {{.On}}", "12 false"],
  ["{{.None}}{{.Nothing}}", "<no value><no value>"],
  ["{{.Labels}}", "map[k:v]"],
  ["{{.Labels.K}}", "v"],
  ["{{json .ID}}", '"x<"'],
  ["{{.List | json}}", '[{"id":"a"},{"id":"b"}]'],
  ["{{len .List}}", "2"],
  ["{{.List | len}}", "2"],
  ["{{range .List}}{{.ID}},{{end}}", "a,b,"],
  ["{{range .Text}}x{{else}}none{{end}}", "none"],
  ["{{if .On}}on{{else}}off{{end}}", "off"],
  ["{{if .ID}}{{if .Size}}both{{end}}{{end}}", "both"],
  ["{{if not .On}}off{{end}}", "off"],
  ['{{"a\\n"}}{{`b\\n`}}', "a\nb\\n"],
  ["a {{- .Size -}} b", "a12b"],
  ["{{/* nothing */}}", ""],
];

for (const [template, expected] of CASES) {
  Deno.test(`parseTemplate() takes ${template}`, () => {
    assert.equal(parseTemplate(template)(VALUE), expected);
  });
}

Deno.test("parseTemplate() takes json for the whole as JSON", () => {
  assert.equal(parseTemplate("json")({ a: [1n, null] }), '{"a":[1,null]}');
});

Deno.test("parseTemplate() lets no value steer the terminal", () => {
  assert.equal(parseTemplate("{{.A}}")({ a: "x\x1b[2Jy\tz" }), "xy\tz");
});

for (
  const template of [
    "{{}}",
    "{{printf .ID}}",
    "{{.a-b}}",
    "{{if .On}}",
    "{{end}}",
    "{{range}}x{{end}}",
  ]
) {
  Deno.test(`parseTemplate() refuses ${template}`, () => {
    assert.throws(() => parseTemplate(template), { name: "UsageError" });
  });
}
