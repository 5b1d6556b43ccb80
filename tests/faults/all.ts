/** All faults, and running them. */
import assert from "node:assert/strict";
import type { Grounds, Group, Verdict } from "./fault.ts";
import { DAEMON_FAULTS } from "./groups/daemon.ts";
import { DISK_FAULTS } from "./groups/disk.ts";
import { FILE_FAULTS } from "./groups/files.ts";
import { LINE_FAULTS } from "./groups/line.ts";
import { NETWORK_FAULTS } from "./groups/network.ts";
import { PROGRAM_FAULTS } from "./groups/program.ts";
import { REGISTRY_FAULTS } from "./groups/registry.ts";

/** In the order of the table. */
export const GROUPS: readonly Group[] = [
  ...DAEMON_FAULTS,
  ...LINE_FAULTS,
  ...NETWORK_FAULTS,
  ...DISK_FAULTS,
  ...FILE_FAULTS,
  ...REGISTRY_FAULTS,
  ...PROGRAM_FAULTS,
];

/** In the order in which they are best begun. */
export function byLength(groups: readonly Group[]): Group[] {
  return [...groups].sort((a, b) => Number(b.long ?? false) - Number(a.long ?? false));
}

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
