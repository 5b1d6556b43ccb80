/**
 * Many builds in one process, which is looked at now and then. Its argument is a `Soak` as JSON; it prints a `Look` as a line of JSON
 * before the first build, and after each part. Needs `--v8-flags=--expose-gc`.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildMany, type Setting } from "./builds.ts";

/** What is to be done. */
export interface Soak extends Setting {
  /** Builds of each part. */
  readonly parts: readonly number[];
}

/** What was seen. */
export interface Look {
  readonly builds: number;
  readonly seconds: number;
  /** Bytes, after a collection of garbage. */
  readonly heap: number;
  readonly external: number;
  readonly rss: number;
  /** Open files and sockets. */
  readonly handles: number;
  readonly threads: number;
}

declare const gc: () => void;

if (import.meta.main) await main(JSON.parse(Deno.args[0]!) as Soak);

async function main({ parts, ...setting }: Soak): Promise<void> {
  const context = join(setting.folder, "context");
  mkdirSync(context, { recursive: true });
  writeFileSync(join(context, "Dockerfile"), "FROM scratch\nCOPY a.txt /\n");
  writeFileSync(join(context, "a.txt"), "a");
  const start = performance.now();
  let builds = 0;
  let handles = Infinity;
  for (const count of [0, ...parts]) {
    await buildMany(setting, builds, count);
    builds += count;
    handles = await settledHandles(builds > count ? handles : Infinity);
    gc();
    const { heapUsed: heap, external, rss } = Deno.memoryUsage();
    const seconds = (performance.now() - start) / 1000;
    const threads = readdirSync("/proc/self/task").length;
    console.log(JSON.stringify({ builds, seconds, heap, external, rss, handles, threads }));
  }
}

/** A socket that was closed is gone some turns later. */
async function settledHandles(most: number): Promise<number> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const handles = readdirSync("/proc/self/fd").length;
    if (handles <= most || performance.now() > deadline) return handles;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
