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

function madeLines(result: BuildResult): string[] {
  const { names, digest, imageId, outputs, builder } = result;
  const size = outputs.find(({ type }) => type === "image")?.bytes;
  return [
    ...names.map((name) => `  image ${name}${size === undefined ? "" : `, ${formatBytes(size)}`}`),
    ...(digest === undefined ? [] : [`  digest ${digest}`]),
    ...(digest === undefined && imageId !== undefined ? [`  id ${imageId}`] : []),
    ...(isInEngine(result) ? [`  in the Docker engine at ${builder.address}`] : []),
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

function nextLines(result: BuildResult, { push }: SummaryOptions): string[] {
  const { names: [name], imageId, outputs } = result;
  const here = outputs.find(isHere);
  const inEngine = isInEngine(result) ? name ?? imageId : isLoaded(here) ? name : undefined;
  if (inEngine !== undefined) return [`  next: docker run --rm ${inEngine}`];
  if (outputs.every(({ type }) => type === "cacheonly")) {
    return ["  nothing but the builder's cache: name an image with -t, or an output with -o"];
  }
  if (here !== undefined) return [`  next: ${lookInside(here)}`];
  if (name === undefined || !outputs.some(({ type }) => type === "image")) return [];
  return push
    ? [`  next: docker run --rm ${name}`]
    : ["  next: the same with --push, or with --load to have it in Docker"];
}

function lookInside({ type, dest = "", layout }: OutputResult): string {
  const path = /^[\w@%+=:,./-]+$/.test(dest) ? dest : `'${dest.replaceAll("'", "'\\''")}'`;
  switch (type) {
    case "docker":
    case "oci":
      if (layout) return `cat ${path}/index.json`;
      return `docker load -i ${path}`;
    case "tar":
      return `tar -tvf ${path}`;
    default:
      return `ls -l ${path}`;
  }
}

/** Whether the image is in the store of the engine that built it. */
function isInEngine({ builder, outputs }: BuildResult): boolean {
  return builder.kind !== "standalone" && outputs.some(({ type }) => type === "image");
}

/** A loaded image has its engine's address for a path. */
function isLoaded(output: OutputResult | undefined): boolean {
  return output?.type === "docker" && /^(?:unix|tcp|ssh):\/\//.test(output.dest ?? "");
}

function isHere({ dest }: OutputResult): boolean {
  return dest !== undefined && dest !== "stream";
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
