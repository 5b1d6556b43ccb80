import assert from "node:assert/strict";
import { listFormat } from "../../src/cli/list_format.ts";

Deno.test("listFormat() reads --format and --json", () => {
  assert.equal(listFormat({ format: undefined, json: false }), "table");
  assert.equal(listFormat({ format: undefined, json: false }, ["pretty", "json"]), "pretty");
  assert.equal(listFormat({ format: "json", json: false }), "json");
  assert.equal(listFormat({ format: "json", json: true }), "json");
});

Deno.test("listFormat() refuses what it can't print", () => {
  assert.throws(() => listFormat({ format: "table", json: true }), /cannot be combined/);
  assert.throws(() => listFormat({ format: "pretty", json: false }), {
    hint: "Formats are table and json",
  });
  assert.throws(() => listFormat({ format: "{{.ID}}", json: false }), { hint: /Go templates/ });
});
