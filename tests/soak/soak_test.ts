import assert from "node:assert/strict";
import { daemonTest } from "../support/env.ts";
import { runSoak } from "./run_soak.ts";
import type { Look } from "./soak.ts";

/** Far more than the heap of one process differs by chance, and far less than 80 builds would leave behind. */
const HEAP_SLACK = 24 << 20;

daemonTest("a hundred builds in one process leave nothing open", async (environment) => {
  const { tcpAddress: address, baseImage } = environment;
  const looks = await runSoak({ address, baseImage, parts: [40, 80] });
  const [, warm, last] = looks as [Look, Look, Look];
  assert.ok(last.handles <= warm.handles, JSON.stringify(looks));
  assert.ok(last.heap < warm.heap + HEAP_SLACK, JSON.stringify(looks));
});
