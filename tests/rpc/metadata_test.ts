import assert from "node:assert/strict";
import { Metadata } from "../../src/rpc/metadata.ts";

Deno.test("Metadata keeps repeated keys apart and in order", () => {
  const metadata = new Metadata([["A", "1, 2"], ["b", "x"], ["a", "3"]]);
  assert.deepEqual(metadata.getAll("a"), ["1, 2", "3"]);
  assert.equal(metadata.get("a"), "1, 2");
  assert.equal(metadata.get("c"), undefined);
  assert.deepEqual(metadata.getAll("c"), []);
  assert.deepEqual(metadata.entries(), [["a", "1, 2"], ["b", "x"], ["a", "3"]]);
});
