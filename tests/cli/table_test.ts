import assert from "node:assert/strict";
import { renderTable } from "../../src/cli/table.ts";

Deno.test("renderTable() makes columns as wide as they need, and text safe", () => {
  assert.equal(
    renderTable(["ID", "NAME"], [["a", "日本"], ["long one", "x\u001b[2J\ny"], ["b", ""]]),
    "ID        NAME\na         日本\nlong one  x y\nb\n",
  );
});
