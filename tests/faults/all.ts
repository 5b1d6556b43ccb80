/** All faults, and running them. */
import assert from "node:assert/strict";
import type { Grounds, Group, Verdict } from "./fault.ts";
import { DAEMON_FAULTS } from "./groups/daemon.ts";
import { LINE_FAULTS } from "./groups/line.ts";

/** In the order of the table. */
export const GROUPS: readonly Group[] = [...DAEMON_FAULTS, ...LINE_FAULTS];

/** Runs a group. Throws if an outcome is not one that its case may have. */
export async function runGroup(group: Group, grounds: Grounds): Promise<Verdict[]> {
  const verdicts = await group.run(grounds);
  assert.equal(verdicts.length, group.cases.length);
  for (const [i, { fault, stage, outcome }] of group.cases.entries()) {
    const is = verdicts[i]!.outcome;
    assert.ok(outcome.includes(is), `${fault}, ${stage}: ${is}, not ${outcome.join(" or ")}`);
  }
  return verdicts;
}
