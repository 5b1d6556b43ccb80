/** What there is to say about a build when it is over, from its progress. */
import type { VertexWarning } from "../gen/control.ts";
import { isCanceled } from "./canceled.ts";
import { toSeconds } from "./format.ts";
import { totalTime } from "./intervals.ts";
import { completedAt, hasStarted, type ProgressState, type Step } from "./model.ts";
import { decodeText } from "./warning.ts";

/** A build's progress in a few numbers. */
export interface BuildSummary {
  /** The Dockerfile's own steps that have ended well: `[2/3] COPY . .`, but not `[internal] load build context`. */
  readonly steps: number;
  /** Those of them that came from the cache. */
  readonly cached: number;
  /** Steps of all kinds that took longest, the longest first; none that came from the cache. */
  readonly slowest: readonly StepTime[];
  /** Warnings, each once, however many platforms gave it. */
  readonly warnings: readonly WarningSummary[];
}

/** How long a step ran. */
export interface StepTime {
  readonly name: string;
  readonly seconds: number;
}

/** A warning for people. */
export interface WarningSummary {
  /** The rule's name, for example `FromAsCasing`, if it has one. */
  readonly rule?: string;
  readonly message: string;
  /** Where the rule is explained. */
  readonly url?: string;
  /** For example `Dockerfile:3`. */
  readonly place?: string;
}

const OWN_STEP_REGEXP = /^\[(?:[^\]]+ )?\d+\/\d+\] /;
const RULE_REGEXP = /^([A-Z]\w+): (.+)$/s;
/** Steps listed as slowest, and the least seconds of one that is worth a line. */
const SLOWEST = 3;
const WORTH_TELLING = 0.1;

/** Sums a build up. */
export function summarize(state: ProgressState): BuildSummary {
  const ended = [...state.started].filter((step) => completedAt(step) !== undefined);
  const own = ended.filter(({ name, error }) => error === "" && OWN_STEP_REGEXP.test(name));
  const warnings = [...state.steps].flatMap((step) => step.warnings).map(warningSummary);
  return {
    steps: own.length,
    cached: own.filter(({ cached }) => cached).length,
    slowest: slowestOf(ended),
    warnings: [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()],
  };
}

/** A warning of the daemon with its rule and its place told apart. */
export function warningSummary({ short, url, info, ranges }: VertexWarning): WarningSummary {
  const text = decodeText(short);
  const [, rule, message] = RULE_REGEXP.exec(text) ?? [];
  const line = ranges[0]?.start?.line;
  const place = info === undefined || line === undefined ? undefined : `${info.filename}:${line}`;
  return {
    ...(rule !== undefined && { rule }),
    // The place is told apart.
    message: place === undefined
      ? message ?? text
      : (message ?? text).replace(/ \(line \d+\)$/, ""),
    ...(url !== "" && { url }),
    ...(place !== undefined && { place }),
  };
}

/** How far a step is, or how it ended. */
export type StepState = "waiting" | "running" | "done" | "cached" | "canceled" | "error";

/** How the step stands. */
export function stepState(step: Step): StepState {
  if (step.error !== "") return isCanceled(step.error) ? "canceled" : "error";
  if (!hasStarted(step)) return "waiting";
  if (completedAt(step) === undefined) return "running";
  return step.cached ? "cached" : "done";
}

function slowestOf(steps: readonly Step[]): StepTime[] {
  return steps.filter(({ cached }) => !cached)
    .map(({ name, runs }) => ({ name, seconds: toSeconds(totalTime(runs, 0n)) }))
    .filter(({ seconds }) => seconds >= WORTH_TELLING)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST);
}
