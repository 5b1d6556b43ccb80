/** What a table of faults consists of, and what every group of them works with. */
import type { TestEnvironment } from "../support/env.ts";

/** The stages of a build, in their order. */
export const STAGES = ["connect", "session", "context", "run", "export", "push"] as const;

/** Where in a build something breaks. */
export type Stage = (typeof STAGES)[number];

/** A line of the table. */
export interface Case {
  readonly fault: string;
  readonly stage: Stage;
  /** `built`, or codes of errors; several where it depends on what is met first. */
  readonly outcome: readonly string[];
}

/** What became of a case. */
export interface Verdict {
  readonly outcome: string;
  /** From the fault to the end of the build. */
  readonly seconds: number;
}

/** What the groups run against. */
export type Grounds = Pick<
  TestEnvironment,
  "tools" | "address" | "tcpAddress" | "registry" | "baseImage"
>;

/** Cases that are run together. */
export interface Group {
  readonly name: string;
  readonly cases: readonly Case[];
  /** Mostly waiting, and for so long that it is begun before the others. */
  readonly long?: true;
  /** Whether this machine can do it at all. @default yes */
  readonly possible?: () => Promise<boolean>;
  /** Runs them; the verdicts are in the order of the cases. */
  run(grounds: Grounds): Promise<Verdict[]>;
}

/** The cases of one fault at these stages. */
export function casesOf(
  fault: string,
  outcomes: Readonly<Partial<Record<Stage, string | readonly string[]>>>,
): Case[] {
  return STAGES.filter((stage) => outcomes[stage] !== undefined).map((stage) => ({
    fault,
    stage,
    outcome: [outcomes[stage]!].flat(),
  }));
}

/** The same outcome at all stages. */
export function everywhere(...outcome: string[]): Record<Stage, readonly string[]> {
  return {
    ...{ connect: outcome, session: outcome, context: outcome },
    ...{ run: outcome, export: outcome, push: outcome },
  };
}
