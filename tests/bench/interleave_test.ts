/** The order in which the bench lets clients run. */
import assert from "node:assert/strict";
import { orderOf } from "../../bench/interleave.ts";

for (const names of [["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]]) {
  Deno.test(`of ${names.length} clients each comes after each other equally often`, () => {
    const { length } = names;
    const rounds = length % 2 === 0 ? length : 2 * length;
    const pairs = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
      const order = orderOf(names, round);
      assert.deepEqual([...order].sort(), names);
      for (let i = 1; i < length; i++) {
        const pair = `${order[i - 1]} ${order[i]}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      }
    }
    assert.equal(pairs.size, length * (length - 1));
    assert.equal(new Set(pairs.values()).size, 1);
  });
}
