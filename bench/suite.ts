/** What the suites of the bench share. */
import { loadavg } from "node:os";
import type { Buildctl } from "../tests/support/buildctl.ts";
import type { Buildkitd } from "../tests/support/buildkitd.ts";
import type { Tools } from "../tests/support/tools.ts";
import type { Client } from "./clients.ts";
import type { Runtime } from "./runtimes.ts";

/** What there is to measure with. */
export interface Setting {
  readonly tools: Tools;
  readonly daemon: Buildkitd;
  readonly buildctl: Buildctl;
  readonly clients: Record<Client["name"], Client>;
  readonly runtimes: Record<Runtime["name"], Runtime>;
  /** The environment of all clients. */
  readonly env: Record<string, string>;
  /** An empty folder, in memory where there is plenty. */
  readonly scratch: string;
  readonly rounds: number;
  /** Whether a scenario is asked for, by its name. */
  wanted(name: string): boolean;
}

/** What a suite has found. */
export interface Section {
  /** Markdown. */
  readonly text: string;
  /** The samples, for the record. */
  readonly data: unknown;
}

/** A part of the bench; it returns undefined where none of its scenarios is wanted. */
export type Suite = (setting: Setting) => Promise<Section | undefined>;

/** Says on stderr what is done. */
export const say: (line: string) => void = console.error;

/** The machine's load over the last minute, which tells a noisy run. */
export function load(): number {
  return loadavg()[0] ?? 0;
}
