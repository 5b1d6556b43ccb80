/** Begins no run with what the one before has left to do. */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** After a prune it was seen to begin something 250 ms after it had answered. */
const QUIET_MS = 500;

const POLL_MS = 50;

/** What the daemon may use meanwhile, in ticks of 10 ms: it is never quite still. */
const TICKS = 1;

/** It is to come to rest in this time, or something is wrong. */
const LIMIT_MS = 30_000;

/**
 * Waits until the process `pid` has done nothing for half a second: a daemon goes on for up to that long after it answered, which
 * the next run would pay for, and a short one more dearly than a long one.
 */
export async function atRest(pid: number): Promise<void> {
  const limit = performance.now() + LIMIT_MS;
  let ticks = ticksOf(pid);
  let since = performance.now();
  while (performance.now() - since < QUIET_MS) {
    if (performance.now() > limit) throw new Error(`Process ${pid} does not come to rest`);
    await delay(POLL_MS);
    const now = ticksOf(pid);
    if (now - ticks <= TICKS) continue;
    ticks = now;
    since = performance.now();
  }
}

/** Its user and system time; proc_pid_stat(5). */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
