import assert from "node:assert/strict";
import { interruptible } from "../../src/cli/interrupt.ts";
import { CanceledError } from "../../src/errors.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("interruptible() aborts at the first interrupt and exits at the second", async () => {
  const io = fakeIo();
  const work = interruptible(io, async (signal) => {
    io.interrupt();
    assert(signal.reason instanceof CanceledError);
    assert.deepEqual(io.exits, []);
    io.interrupt();
    assert.deepEqual(io.exits, [130]);
    await Promise.resolve();
    throw signal.reason;
  });
  await assert.rejects(work, CanceledError);
  assert.equal(io.listeners(), 0);
});
