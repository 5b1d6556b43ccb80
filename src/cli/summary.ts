/** What is said on stderr when a build is done. */
import { formatBytes, formatDuration } from "../progress/format.ts";
import { safeInline } from "../progress/safe_text.ts";
import type { BuildSummary, WarningSummary } from "../progress/summary.ts";
import { truncate } from "../progress/width.ts";
import type { BuildResult, OutputResult, Transfer } from "../types.ts";

/** What the summary depends on besides the build. */
export interface SummaryOptions {
  /** Whether the image was to be pushed. */
  readonly push: boolean;
  /** Columns for names of steps, which may be long. @default no limit */
  readonly columns?: number;
}

/** The lines of the summary, safe to print, without their ends. */
export function summaryLines(
  result: BuildResult,
  summary: BuildSummary,
  options: SummaryOptions,
): string[] {
  const lines = [
    `Built in ${formatDuration(result.durationMs / 1000)}`,
    ...madeLines(result),
    ...factLines(result, summary, options),
    ...warningLines(summary.warnings),
    ...nextLines(result, options),
  ];
  return lines.map(safeInline);
}

function madeLines({ names, digest, outputs }: BuildResult): string[] {
  const size = outputs.find(({ type }) => type === "image")?.bytes;
  return [
    ...names.map((name) => `  image ${name}${size === undefined ? "" : `, ${formatBytes(size)}`}`),
    ...(digest === undefined ? [] : [`  digest ${digest}`]),
    ...outputs.filter(isHere).map(outputLine),
  ];
}

function outputLine({ type, dest, bytes, entries }: OutputResult): string {
  const facts = [
    ...(bytes === undefined ? [] : [formatBytes(bytes)]),
    ...(entries === undefined ? [] : [plural(entries, "entry", "entries")]),
  ];
  return `  ${[`${type} ${dest}`, ...facts].join(", ")}`;
}

function factLines(
  { transfers }: BuildResult,
  { steps, cached, slowest }: BuildSummary,
  { columns = Infinity }: SummaryOptions,
): string[] {
  const lines: string[] = [];
  if (steps > 0) {
    const share = Math.round(100 * cached / steps);
    lines.push(`  cached ${cached} of ${plural(steps, "step", "steps")} (${share}%)`);
  }
  lines.push(...transfers.filter(({ name }) => name === "context").map(sentLine));
  const slow = slowest.map(({ name, seconds }) => {
    return truncate(`  slow ${formatDuration(seconds).padStart(6)} ${safeInline(name)}`, columns);
  });
  return [...lines, ...slow];
}

function sentLine({ name, files, bytes, entries }: Transfer): string {
  const sent = files === 0
    ? "nothing new"
    : `${plural(files, "file", "files")}, ${formatBytes(bytes)}`;
  return `  sent ${sent}, of ${plural(entries, "entry", "entries")} in the ${name}`;
}

function warningLines(warnings: readonly WarningSummary[]): string[] {
  if (warnings.length === 0) return [];
  const lines = warnings.flatMap(({ rule, message, url, place }) => [
    `    ${place === undefined ? "" : `${place} `}${
      rule === undefined ? "" : `${rule}: `
    }${message}`,
    ...(url === undefined ? [] : [`      ${url}`]),
  ]);
  return [`  ${plural(warnings.length, "warning", "warnings")}`, ...lines];
}

function nextLines({ names, outputs }: BuildResult, { push }: SummaryOptions): string[] {
  const [name] = names;
  const here = outputs.find(isHere);
  if (outputs.every(({ type }) => type === "cacheonly")) {
    return ["  nothing but the builder's cache: name an image with -t, or an output with -o"];
  }
  if (here !== undefined) return [`  next: ${lookInside(here)}`];
  if (name === undefined || !outputs.some(({ type }) => type === "image")) return [];
  return push
    ? [`  next: docker run --rm ${name}`]
    : ["  next: the same with --push, or with -o type=docker,dest=image.tar for docker load"];
}

function lookInside({ type, dest = "" }: OutputResult): string {
  const path = /^[\w@%+=:,./-]+$/.test(dest) ? dest : `'${dest.replaceAll("'", "'\\''")}'`;
  switch (type) {
    case "docker":
    case "oci":
      return `docker load -i ${path}`;
    case "tar":
      return `tar -tvf ${path}`;
    default:
      return `ls -l ${path}`;
  }
}

function isHere({ dest }: OutputResult): boolean {
  return dest !== undefined && dest !== "stream";
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
