import assert from "node:assert/strict";
import { TransferLog } from "../../src/session/transfer_log.ts";

Deno.test("TransferLog counts by tree, over several calls", () => {
  const log = new TransferLog();
  log.addFile("context", { path: "a", size: 1 });
  log.addEntries("context", 5);
  log.addFile("context", { path: "b", size: 2 });
  log.addEntries("context", 2);
  log.addEntries("dockerfile", 1);
  assert.deepEqual(log.transfers, [
    { name: "context", entries: 7, files: 2, bytes: 3 },
    { name: "dockerfile", entries: 1, files: 0, bytes: 0 },
  ]);
  assert.deepEqual(log.largest("context").map(({ path }) => path), ["b", "a"]);
  assert.deepEqual(log.largest("nothing"), []);
});

Deno.test("TransferLog remembers the largest files of very many", () => {
  const log = new TransferLog();
  for (let size = 0; size < 10_000; size++) {
    log.addFile("context", { path: `f${size}`, size: size * 7919 % 10_000 });
  }
  const sizes = log.largest("context").map(({ size }) => size);
  assert.deepEqual([sizes.length, sizes[0], sizes.at(-1)], [1000, 9999, 9000]);
  assert.equal(log.transfers[0]!.files, 10_000);
});
