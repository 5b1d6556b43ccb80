/** What one turn's frames become. */
import assert from "node:assert/strict";
import { Outbox } from "../../../src/rpc/http2/outbox.ts";

function outbox() {
  const written: Uint8Array[] = [];
  return { written, box: new Outbox((bytes) => written.push(bytes)) };
}

Deno.test("Outbox joins the small frames of a turn", async () => {
  const { written, box } = outbox();
  box.push(Uint8Array.of(1, 2));
  box.push(Uint8Array.of(3));
  assert.deepEqual(written, []);
  await Promise.resolve();
  assert.deepEqual(written, [Uint8Array.of(1, 2, 3)]);
});

Deno.test("Outbox does not copy a large one for the sake of small ones before it", () => {
  const { written, box } = outbox();
  const [small, large] = [new Uint8Array(13), new Uint8Array(256 << 10)];
  box.push(small);
  box.push(large);
  assert.equal(written.length, 2);
  assert.equal(written[0], small);
  assert.equal(written[1], large);
});
