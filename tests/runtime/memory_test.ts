import assert from "node:assert/strict";
import { reuse, uninitialized } from "../../src/runtime/memory.ts";

const BIG = 300_000;

Deno.test("uninitialized() gives memory again that reuse() has taken back", () => {
  const first = uninitialized(BIG);
  assert.equal(first.length, BIG);
  assert.notEqual(uninitialized(BIG).buffer, first.buffer);
  // What was filled may be less than all of it.
  reuse(first.subarray(0, 10));
  const again = uninitialized(BIG + 1);
  assert.equal(again.length, BIG + 1);
  assert.equal(again.buffer, first.buffer);
});

Deno.test("reuse() takes nothing back twice", () => {
  const bytes = uninitialized(BIG);
  reuse(bytes);
  reuse(bytes);
  const buffers = [uninitialized(BIG), uninitialized(BIG)].map(({ buffer }) => buffer);
  assert.equal(buffers.filter((buffer) => buffer === bytes.buffer).length, 1);
});

Deno.test("reuse() leaves what is not its own, or still in use before it", () => {
  const foreign = new Uint8Array(BIG);
  reuse(foreign);
  const [small, lent] = [uninitialized(100), uninitialized(BIG)];
  reuse(small);
  reuse(lent.subarray(1));
  for (const length of [BIG, 100, BIG]) {
    const { buffer } = uninitialized(length);
    for (const other of [foreign, small, lent]) assert.notEqual(buffer, other.buffer);
  }
});

Deno.test("reuse() keeps a few, whatever was used", () => {
  const all = Array.from({ length: 100 }, () => uninitialized(BIG));
  all.forEach(reuse);
  const known = new Set(all.map(({ buffer }) => buffer));
  const again = Array.from({ length: 100 }, () => uninitialized(BIG));
  const kept = again.filter(({ buffer }) => known.has(buffer)).length;
  assert(kept > 0 && kept < 20, String(kept));
});
