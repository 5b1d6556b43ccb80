import assert from "node:assert/strict";
import { Fanout } from "../src/fanout.ts";

async function all<T>(reader: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of reader) values.push(value);
  return values;
}

Deno.test("Fanout gives each reader all that came after it", async () => {
  const fanout = new Fanout<number>();
  fanout.publish(0);
  const first = all(fanout.subscribe());
  fanout.publish(1);
  const second = all(fanout.subscribe());
  fanout.publish(2);
  fanout.end();
  assert.deepEqual(await first, [1, 2]);
  assert.deepEqual(await second, [2]);
  assert.deepEqual(await all(fanout.subscribe()), []);
});

Deno.test("Fanout ends readers with its error, after what came before, once", async () => {
  const fanout = new Fanout<number>();
  const reader = fanout.subscribe();
  const late = () => fanout.subscribe();
  fanout.publish(1);
  fanout.end({ error: new Error("broken") });
  fanout.end({ error: new Error("too late") });
  assert.deepEqual(await reader.next(), { done: false, value: 1 });
  await assert.rejects(reader.next(), /^Error: broken$/);
  assert.deepEqual(await reader.next(), { done: true, value: undefined });
  await assert.rejects(late().next(), /^Error: broken$/);
});

Deno.test("Fanout wakes a reader that waits", async () => {
  const fanout = new Fanout<number>();
  const reader = fanout.subscribe();
  const waiting = reader.next();
  fanout.publish(1);
  assert.deepEqual(await waiting, { done: false, value: 1 });
  const ending = reader.next();
  fanout.end();
  assert.deepEqual(await ending, { done: true, value: undefined });
});

Deno.test("Fanout lets a reader go while it waits", async () => {
  const fanout = new Fanout<number>();
  const told: string[] = [];
  const reader = fanout.subscribe(() => told.push("left"));
  const waiting = reader.next();
  await reader.return!();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  fanout.publish(1);
  assert.deepEqual(await reader.next(), { done: true, value: undefined });
  assert.deepEqual(told, ["left"]);
});

Deno.test("Fanout serves several next() of one reader", async () => {
  const fanout = new Fanout<number>();
  const reader = fanout.subscribe();
  const waiting = [reader.next(), reader.next(), reader.next()];
  fanout.publish(1);
  fanout.publish(2);
  fanout.end();
  const results = await Promise.all(waiting);
  assert.deepEqual(results.map(({ value }) => value), [1, 2, undefined]);
});

Deno.test("Fanout does not report a reader that came to the end", async () => {
  const fanout = new Fanout<number>();
  let left = 0;
  const reader = fanout.subscribe(() => left++);
  fanout.end();
  await all(reader);
  await reader.return!();
  assert.equal(left, 0);
});
