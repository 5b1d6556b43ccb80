import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Vertex } from "../../src/gen/control.ts";
import { hostile } from "../support/hostile_daemon.ts";
import { run } from "../support/process.ts";
import { world } from "./world.ts";

/** The victim's heap in MiB: it ends when it needs more. Other clients take a gigabyte. */
const HEAP = 320;

const CLI = fileURLToPath(import.meta.resolve("../../cli.ts"));

const STARTED = 1_700_000_000_000_000_000n;

function vertex(number: number, more: Partial<Vertex> = {}): Vertex {
  const digest = `sha256:${number.toString(16).padStart(64, "0")}`;
  const name = `[${number}] ${"x".repeat(500)}`;
  return { digest, name, inputs: [], cached: false, error: "", started: STARTED, ...more };
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

for (const together of [false, true]) {
  const what = together ? "of one group" : "of their own";
  Deno.test(`50,000 steps ${what} cost a hostile daemon's victim little`, async () => {
    await using place = world();
    const progressGroup = together ? { id: "g", name: "group", weak: false } : undefined;
    const more = progressGroup && { progressGroup };
    await using daemon = await hostile({
      async session(_, stage) {
        for (const page of numbers(500)) {
          const vertexes = numbers(100).map((i) => vertex(100 * page + i, more));
          await stage.status({ vertexes });
        }
        for (const page of numbers(100)) {
          await stage.status({
            statuses: numbers(100).map((i) => ({
              ...{ id: `${100 * page + i}${"y".repeat(100)}`, vertex: vertex(1).digest, name: "z" },
              ...{ current: 1n, total: 0n, timestamp: STARTED, started: STARTED },
            })),
          });
        }
      },
    });
    const report = join(place.path, "report.html");
    const victim = [
      "run",
      "--quiet",
      "--allow-all",
      `--v8-flags=--max-old-space-size=${HEAP}`,
      CLI,
    ];
    const argv = ["build", "--addr", daemon.address, "--progress", "plain", "--report", report];
    const { code, stderr } = await run(process.execPath, [...victim, ...argv, place.context]);
    assert.equal(code, 0, stderr.slice(-2000));
  });
}
