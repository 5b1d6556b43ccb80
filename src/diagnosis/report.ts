/** A failure taken apart, and put into words. */
import type { Any } from "../gen/any.ts";
import { decodeDetails, detailsOf, type ErrorDetail, type ErrorSource } from "./details.ts";
import { diagnose } from "./diagnose.ts";
import { exitCodeInText, failedCommand } from "./failed_command.ts";
import { type BuildFacts, type Diagnosis, NO_FACTS } from "./failure.ts";
import { readableMessage, readableText, withoutCredentials } from "./readable.ts";
import { firstLine, sourceExcerpt } from "./source_excerpt.ts";
import type { FailedStep } from "./step_recorder.ts";

/** What else is known of a failed build than how its call ended. */
export interface FailureContext {
  /** The step that failed, by the status stream; undefined where none did. */
  readonly step?: FailedStep | undefined;
  readonly facts?: BuildFacts;
}

/** All that is known of a failure, fit to be shown. */
export interface FailureReport extends Diagnosis {
  readonly originalMessage: string;
  readonly vertex: string | undefined;
  readonly vertexName: string | undefined;
  readonly command: string | undefined;
  readonly exitCode: number | undefined;
  readonly denyMessages: readonly string[];
  readonly sources: readonly ErrorSource[];
  readonly log: readonly string[];
  readonly details: readonly ErrorDetail[];
}

/** Lines of output shown in the message. */
const LOG_LINES = 10;

/** The digest of the step that a status names, if any. */
export function failedVertex(details: readonly Any[]): string | undefined {
  return detailsOf(decodeDetails(details), "vertex")[0]?.digest || undefined;
}

/** Takes a status with another code than OK apart. */
export function examine(
  { message, details: raw }: { message: string; details: readonly Any[] },
  { step, facts = NO_FACTS }: FailureContext,
): FailureReport {
  const details = decodeDetails(raw);
  const sources = detailsOf(details, "source").map(({ type: _, ...source }) => source);
  const name = step?.name ?? "";
  const instruction = name.replace(/^\[[^\]]*\] /, "");
  const exitCode = detailsOf(details, "exit")[0]?.exitCode ?? exitCodeInText(message);
  const log = (step?.log ?? []).map(withoutCredentials);
  const known = { message, step: name, instruction, exitCode, log, sources, details, facts };
  const { code, summary, suggestions } = diagnose(known);
  const command = failedCommand(message);
  return {
    ...{ code, exitCode, log, sources, details },
    ...(summary !== undefined && { summary: readableMessage(summary) }),
    suggestions: suggestions.map(readableMessage),
    originalMessage: readableText(message),
    vertex: step?.digest || failedVertex(raw),
    vertexName: name === "" ? undefined : readableMessage(name),
    command: command === undefined ? undefined : readableText(command),
    denyMessages: detailsOf(details, "policy").flatMap((policy) => policy.denyMessages)
      .map(readableMessage),
  };
}

/** What failed and where. */
export function inOneLine(report: FailureReport): string {
  const { sources: [source], vertexName, originalMessage } = report;
  const line = source && firstLine(source);
  const where = line === undefined ? vertexName : `${source!.filename}:${line}`;
  const what = report.summary ?? readableMessage(originalMessage);
  return `The build failed${where === undefined ? "" : ` at ${where}`}: ${what}`;
}

/** The same with the daemon's own words, the marked lines of the Dockerfile, the last output, and what to do. */
export function inFull(report: FailureReport): string {
  const { sources, log, suggestions } = report;
  const first = inOneLine(report);
  const said = readableMessage(report.originalMessage);
  const parts = [
    [first, ...(first.includes(said) ? [] : [`The builder said: ${said}`])],
    ...sources.map(sourceExcerpt),
    log.slice(-LOG_LINES),
    suggestions,
  ];
  return parts.filter((part) => part.length > 0).map((part) => part.join("\n")).join("\n\n");
}
