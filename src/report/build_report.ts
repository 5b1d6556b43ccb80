/** A build as data for its report, whatever it is taken from. */
import { MoatError } from "../errors.ts";
import { isCanceled } from "../progress/canceled.ts";
import { formatAmount, toSeconds } from "../progress/format.ts";
import type { ProgressState, Step } from "../progress/model.ts";
import { safeInline, safeLine } from "../progress/safe_text.ts";
import { type StepState, stepState, summarize, type WarningSummary } from "../progress/summary.ts";
import type { Transfer } from "../types.ts";

/** How a build ended. */
export type Outcome = "completed" | "error" | "canceled";

/** What a report shows. All texts are free of control characters, but not of anything that HTML gives a meaning. */
export interface BuildReport {
  readonly title: string;
  /** The build's id on the daemon. */
  readonly ref: string;
  readonly outcome: Outcome;
  /** What went wrong, in lines. */
  readonly error: readonly string[];
  /** On this machine's clock. */
  readonly startedAt: Date | undefined;
  readonly seconds: number;
  readonly steps: readonly ReportStep[];
  /** The Dockerfile's own steps that ended well, and those of them that came from the cache. */
  readonly cache: { readonly steps: number; readonly cached: number };
  readonly warnings: readonly WarningSummary[];
  /** What was asked for, as names and values. */
  readonly inputs: ReadonlyArray<readonly [name: string, value: string]>;
  /** What was made, as names and values. */
  readonly outputs: ReadonlyArray<readonly [name: string, value: string]>;
  readonly transfers: readonly ReportTransfer[];
}

/** One step of the build. */
export interface ReportStep {
  readonly name: string;
  /** For example `linux/arm64`; empty for steps that belong to none, or to the only one. */
  readonly platform: string;
  readonly state: StepState;
  /** When it ran, in seconds since the build's first step began; those of steps that never ended have no end. */
  readonly runs: ReadonlyArray<{ readonly from: number; readonly to: number | undefined }>;
  /** What went wrong, in lines. */
  readonly error: readonly string[];
  /** Parts of its work. */
  readonly parts: ReadonlyArray<{ readonly name: string; readonly amount: string }>;
  readonly log: ReadonlyArray<{ readonly seconds: number; readonly text: string }>;
  /** Lines before those of `log` that were not kept. */
  readonly lost: number;
}

/** What was sent of one folder. */
export interface ReportTransfer extends Transfer {
  /** The largest files that were sent, largest first. */
  readonly largest: ReadonlyArray<{ readonly path: string; readonly size: number }>;
}

/** What is known of a build besides its progress. */
export interface ReportFacts extends Pick<BuildReport, "ref" | "inputs" | "outputs" | "transfers"> {
  readonly title: string;
  readonly startedAt: Date | undefined;
  readonly seconds: number;
  /** The failure, if the build failed or was canceled. */
  readonly failure: { readonly error: unknown; readonly canceled: boolean } | undefined;
}

const PLATFORM_REGEXP = /^\[(\w+\/\S+) /;

/** Puts a report together. */
export function toReport(state: ProgressState, facts: ReportFacts): BuildReport {
  const { failure, ...rest } = facts;
  const { steps, cached, warnings } = summarize(state);
  return {
    ...rest,
    title: safeInline(facts.title),
    inputs: facts.inputs.map(safePair),
    outputs: facts.outputs.map(safePair),
    outcome: failure === undefined ? "completed" : failure.canceled ? "canceled" : "error",
    error: failure === undefined ? [] : errorLines(failure.error),
    steps: reportSteps(state),
    cache: { steps, cached },
    warnings,
  };
}

function reportSteps(state: ProgressState): ReportStep[] {
  const begin = [...state.started].map(({ runs }) => runs[0]!.started)
    .reduce((a, b) => b < a ? b : a, [...state.started][0]?.runs[0]?.started ?? 0n);
  return [...state.started].filter(({ visible }) => visible).map((step) => {
    step.log.end();
    return reportStep(step, begin);
  });
}

function reportStep(step: Step, begin: bigint): ReportStep {
  const lines = step.log.tail(Infinity);
  return {
    name: safeInline(step.name),
    platform: PLATFORM_REGEXP.exec(step.name)?.[1] ?? "",
    state: stepState(step),
    runs: step.runs.map(({ started, completed }) => ({
      from: toSeconds(started - begin),
      to: completed === undefined ? undefined : toSeconds(completed - begin),
    })),
    error: step.error === "" || isCanceled(step.error) ? [] : textLines(step.error),
    parts: Array.from(step.statuses.values(), ({ id, current, total }) => {
      return { name: safeInline(id), amount: formatAmount(current, total) };
    }),
    log: lines.map(({ seconds, text }) => ({ seconds, text: safeLine(text, false) })),
    lost: step.log.count + (step.log.open === undefined ? 0 : 1) - lines.length,
  };
}

function errorLines(error: unknown): string[] {
  const message = error instanceof Error ? error.message : String(error);
  return textLines(error instanceof MoatError ? `${error.code}: ${message}` : message);
}

function textLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => safeLine(line, false));
}

function safePair([name, value]: readonly [string, string]): [string, string] {
  return [safeInline(name), safeInline(value)];
}
