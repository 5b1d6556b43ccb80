/** What is measured. Adding a scenario is adding an entry. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { changeFiles, makeBigFile, makeManyFiles, makeSmall } from "./contexts.ts";
import type { Client } from "./clients.ts";
import type { Command } from "./measure.ts";

/** One thing to measure. */
export interface Scenario {
  name: string;
  /** Makes its contexts below `folder`, once. */
  setUp(folder: string): void;
  /** Whether the daemon's cache is emptied before each run; otherwise it is filled by a run that does not count. */
  cold: boolean;
  /** It takes less than a second, so that more runs make a steadier median. */
  quick?: boolean;
  /**
   * Changes the context before each run. The cache then has what a run before the change left and nothing else: copies of many
   * rounds fill the daemon's memory, and each would take longer than the last.
   */
  change?(folder: string, round: number): void;
  /** The ratio of wall time to buildctl's that is the goal. */
  goal: { deno: number; node: number };
  /** The commands of one run; several run at once. */
  commands(client: Client, folder: string): Command[];
}

const MANY = 50_000;
const GIB = 1_024;

const single = (client: Client, folder: string) => [client.build({ context: folder })];

/** An export to `out` beside the context, which is removed first. */
function exporting(type: "local" | "oci") {
  return (client: Client, folder: string) => {
    const dest = join(folder, "..", `out-${client.name}`);
    rmSync(dest, { recursive: true, force: true });
    return [client.build({ context: folder, output: { type, dest } })];
  };
}

/** All scenarios, by the order in which they are shown. The last one leaves the daemon with work to do. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "1 GiB file, cold",
    goal: { deno: 0.9, node: 0.75 },
    setUp: (f) => makeBigFile(f, GIB),
    cold: true,
    commands: single,
  },
  {
    name: "50,000 files, cold",
    goal: { deno: 0.95, node: 0.95 },
    setUp: (f) => makeManyFiles(f, MANY),
    cold: true,
    commands: single,
  },
  {
    name: "50,000 files, unchanged",
    goal: { deno: 0.8, node: 0.8 },
    setUp: (f) => makeManyFiles(f, MANY),
    cold: false,
    commands: single,
  },
  {
    name: "50,000 files, 10 changed",
    goal: { deno: 0.85, node: 0.85 },
    setUp: (f) => makeManyFiles(f, MANY),
    cold: false,
    change: (folder, round) => changeFiles(folder, 10, round),
    commands: single,
  },
  {
    name: "50,000 files to a local folder",
    goal: { deno: 1, node: 1 },
    setUp: (f) => makeManyFiles(f, MANY),
    cold: false,
    commands: exporting("local"),
  },
  {
    name: "1 GiB to an OCI tar",
    goal: { deno: 1, node: 1 },
    setUp: (f) => makeBigFile(f, GIB),
    cold: false,
    commands: exporting("oci"),
  },
  {
    name: "cached one-file build",
    goal: { deno: 2.5, node: 2.5 },
    setUp: (folder) => makeSmall(folder, "cached"),
    cold: false,
    quick: true,
    commands: single,
  },
  {
    name: "32 small builds at once",
    goal: { deno: 0.6, node: 0.6 },
    setUp: (folder) => small(folder).forEach((context, i) => makeSmall(context, `build ${i}`)),
    cold: true,
    quick: true,
    commands: (client, folder) => client.together(small(folder)),
  },
];

function small(folder: string): string[] {
  return Array.from({ length: 32 }, (_, i) => join(folder, `c${i}`));
}
