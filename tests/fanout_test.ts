import assert from "node:assert/strict";
import { Fanout } from "../src/fanout.ts";

/** Publishes as a source does that waits where it is asked to; returns how far it came after a turn. */
function source(fanout: Fanout<number>, count: number): { published: () => number } {
  let published = 0;
  (async () => {
    while (published < count) await fanout.publish(published++);
    fanout.end();
  })();
  return { published: () => published };
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

Deno.test("Fanout gives every reader everything from its start on", async () => {
  const fanout = new Fanout<number>();
  const first = fanout.subscribe();
  fanout.publish(1);
  const second = fanout.subscribe();
  fanout.publish(2);
  fanout.end();
  assert.deepEqual(await Array.fromAsync(first), [1, 2]);
  assert.deepEqual(await Array.fromAsync(second), [2]);
  assert.deepEqual(await Array.fromAsync(fanout.subscribe()), []);
});

Deno.test("Fanout holds the source back for the slowest reader and loses nothing", async () => {
  const fanout = new Fanout<number>();
  const [slow, fast] = [fanout.subscribe(), fanout.subscribe()];
  const { published } = source(fanout, 1000);
  const all = Array.fromAsync(fast);
  await turn();
  assert.equal(published(), 64);
  assert.deepEqual(await slow.next(), { done: false, value: 0 });
  await turn();
  assert.equal(published(), 65);
  assert.equal((await Array.fromAsync(slow)).length, 999);
  assert.equal((await all).length, 1000);
});

Deno.test("Fanout does not wait for a reader that has left", async () => {
  const fanout = new Fanout<number>();
  const reader = fanout.subscribe();
  const { published } = source(fanout, 1000);
  await turn();
  assert.equal(published(), 64);
  await reader.return!();
  await turn();
  assert.equal(published(), 1000);
  assert.deepEqual(await reader.next(), { done: true, value: undefined });
});

Deno.test("Fanout without readers holds nothing and nobody", async () => {
  const fanout = new Fanout<number>();
  const { published } = source(fanout, 1000);
  await turn();
  assert.equal(published(), 1000);
});

Deno.test("Fanout lets its end pass whoever has not read", async () => {
  const fanout = new Fanout<number>();
  const reader = fanout.subscribe();
  let room: Promise<void> | undefined;
  for (let i = 0; i < 100; i++) room = fanout.publish(i) ?? room;
  fanout.end({ error: new Error("over") });
  await room;
  for (let i = 0; i < 100; i++) assert.equal((await reader.next()).value, i);
  await assert.rejects(reader.next(), /over/);
  assert.deepEqual(await reader.next(), { done: true, value: undefined });
});

Deno.test("Fanout serves several next() of one reader at once", async () => {
  const fanout = new Fanout<number>();
  const reader = fanout.subscribe();
  const reads = Promise.all([reader.next(), reader.next(), reader.next()]);
  fanout.publish(1);
  fanout.publish(2);
  fanout.end();
  assert.deepEqual((await reads).map(({ value }) => value), [1, 2, undefined]);
});
