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
  /** Changes the context before each run. */
  change?(folder: string, round: number): void;
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

/** All scenarios, by the order in which they are shown. */
export const SCENARIOS: readonly Scenario[] = [
  { name: "1 GiB file, cold", setUp: (f) => makeBigFile(f, GIB), cold: true, commands: single },
  {
    name: "50,000 files, cold",
    setUp: (f) => makeManyFiles(f, MANY),
    cold: true,
    commands: single,
  },
  {
    name: "50,000 files, unchanged",
    setUp: (f) => makeManyFiles(f, MANY),
    cold: false,
    commands: single,
  },
  {
    name: "50,000 files, 10 changed",
    setUp: (f) => makeManyFiles(f, MANY),
    cold: false,
    change: (folder, round) => changeFiles(folder, 10, round),
    commands: single,
  },
  {
    name: "50,000 files to a local folder",
    setUp: (f) => makeManyFiles(f, MANY),
    cold: false,
    commands: exporting("local"),
  },
  {
    name: "1 GiB to an OCI tar",
    setUp: (f) => makeBigFile(f, GIB),
    cold: false,
    commands: exporting("oci"),
  },
  {
    name: "32 small builds at once",
    setUp: (folder) => small(folder).forEach((context, i) => makeSmall(context, `build ${i}`)),
    cold: true,
    commands: (client, folder) => client.together(small(folder)),
  },
  {
    name: "cached one-file build",
    setUp: (folder) => makeSmall(folder, "cached"),
    cold: false,
    commands: single,
  },
];

function small(folder: string): string[] {
  return Array.from({ length: 32 }, (_, i) => join(folder, `c${i}`));
}
