import assert from "node:assert/strict";
import { watchSilence } from "../../src/session/silence.ts";

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Does nothing at all for a time, as a process that was stopped. */
function freeze(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

Deno.test("watchSilence() tells of silence once, after the timeout", async () => {
  let told = 0;
  const start = performance.now();
  await new Promise<void>((resolve) =>
    watchSilence(() => 7, 100, () => {
      told++;
      resolve();
    })
  );
  assert(performance.now() - start >= 95);
  await wait(150);
  assert.equal(told, 1);
});

Deno.test("watchSilence() says nothing while something comes", async () => {
  let received = 0;
  const { stop } = watchSilence(() => received, 200, () => assert.fail("not silent"));
  for (let i = 0; i < 20; i++) {
    await wait(20);
    received++;
  }
  stop();
});

Deno.test("watchSilence() does not take this process's own sleep for silence", async () => {
  let received = 0;
  const { missed, stop } = watchSilence(() => received, 200, () => assert.fail("not silent"));
  freeze(1_000);
  assert(missed() > 800);
  await wait(20);
  received++;
  await wait(20);
  stop();
  assert(missed() > 800);
});

Deno.test("watchSilence() ends when told, and does not begin without a limit", async () => {
  watchSilence(() => 0, 20, () => assert.fail("was ended")).stop();
  watchSilence(() => 0, Infinity, () => assert.fail("has no limit")).stop();
  await wait(60);
});
