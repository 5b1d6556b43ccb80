/** `deno task soak [BUILDS]`: 2,000 builds in one process, and a table of what became of its memory and handles. */
import process from "node:process";
import { startBuilder } from "../support/servers.ts";
import { runSoak } from "./run_soak.ts";
import type { Look } from "./soak.ts";

const PARTS = 10;
const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** What may be more at the end than after the first part. */
const HEAP_SLACK = 4 << 20;

const builds = Number(process.argv[2] ?? 2_000);
await using builder = await startBuilder();
const { baseImage, buildkitd } = builder;
const parts = Array.from({ length: PARTS }, () => Math.ceil(builds / PARTS));
console.log("| builds | time | heap | external | resident | handles | threads |");
console.log("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
const looks = await runSoak({ address: buildkitd.tcpAddress, baseImage, parts }, print);
const [, first] = looks as [Look, Look];
const last = looks.at(-1)!;
const isFlat = last.handles <= first.handles && last.heap <= first.heap + HEAP_SLACK;
console.log(isFlat ? "\nflat" : "\nNOT FLAT");
process.exitCode = isFlat ? 0 : 1;

function print({ builds, seconds, heap, external, rss, handles, threads }: Look): void {
  const cells = [builds, `${seconds.toFixed(0)} s`, mib(heap), mib(external), mib(rss)];
  console.log(`| ${[...cells, handles, threads].join(" | ")} |`);
}
