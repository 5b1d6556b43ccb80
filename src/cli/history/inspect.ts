/** `moat-build history inspect`: all that is known of a build. */
import type { BuildDetails } from "../../control/inspect_build.ts";
import { formatBytes, formatDuration } from "../../progress/format.ts";
import { safeLines } from "../../progress/safe_text.ts";
import { CONNECTION_FLAGS, connectionChoice } from "../connection_flags.ts";
import { HELP_FLAG, parseFlags } from "../flags.ts";
import { renderHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { FORMAT_FLAGS, listFormat } from "../list_format.ts";
import { renderRows, renderTable } from "../table.ts";
import { atMostOneBuild, withHistory } from "./verb.ts";

const OWN_FLAGS = {
  ...FORMAT_FLAGS,
  format: { value: "FORMAT", help: "pretty or json (pretty)" },
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build history inspect [flags] [BUILD]",
  summary: "Show all that is known of a build, values of build arguments too.",
  groups: { "Flags": OWN_FLAGS, "Builder": CONNECTION_FLAGS },
});

/** Runs the verb. */
export async function historyInspect(argv: readonly string[], io: Io): Promise<void> {
  // As buildx has it.
  if (argv[0] === "attachment") {
    return await (await import("./attachment.ts")).historyAttachment(argv.slice(1), io);
  }
  const { flags, positionals } = parseFlags({ ...OWN_FLAGS, ...CONNECTION_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  const ref = atMostOneBuild("inspect", positionals);
  const format = listFormat(flags, ["pretty", "json"]);
  const found = await withHistory(connectionChoice(flags), io, (client, signal) => {
    return client.inspectBuild(ref, { signal });
  });
  io.stdout.write(format === "json" ? JSON.stringify(found, null, 2) + "\n" : describe(found));
}

function describe(details: BuildDetails): string {
  const sections = [
    renderRows(facts(details)),
    attrTable("BUILD ARG", "build-arg:", details),
    attrTable("LABEL", "label:", details),
    attrTable("NAMED CONTEXT", "context:", details),
    renderSome(["OUTPUT", "ATTRIBUTES"], outputs(details)),
    renderSome(
      ["MATERIAL", "DIGEST"],
      details.materials.map(({ uri, digests }) => [uri, digests.join(", ")]),
    ),
    renderSome(
      ["ATTACHMENT", "PLATFORM", "SIZE", "TYPE"],
      details.attachments.map(({ digest, platform = "", size, type }) => [
        ...[digest, platform, formatBytes(size), type],
      ]),
    ),
    failure(details),
  ];
  return sections.filter((section) => section !== "").join("\n");
}

function facts(details: BuildDetails): string[][] {
  const { ref, name, status, startedAt, completedAt, durationMs, steps, pinned } = details;
  const { warnings, exporterResponse } = details;
  const digest = exporterResponse["containerimage.digest"];
  const plain = Object.entries(details.frontendAttrs).sort()
    .filter(([key]) => !/^(build-arg|label|context):/.test(key));
  return [
    ["Build:", ref],
    ...(name === "" ? [] : [["Name:", name]]),
    ["Status:", status],
    ["Started:", startedAt.toISOString()],
    ...(completedAt === undefined ? [] : [["Completed:", completedAt.toISOString()]]),
    ...(durationMs === undefined ? [] : [["Duration:", formatDuration(durationMs / 1000)]]),
    ["Steps:", `${steps.completed} of ${steps.total} done, ${steps.cached} from the cache`],
    ...(warnings === 0 ? [] : [["Warnings:", String(warnings)]]),
    ...(pinned ? [["Pinned:", "yes"]] : []),
    ...(digest === undefined ? [] : [["Digest:", digest]]),
    ...plain.map(([key, value]) => [`${key}:`, value]),
  ];
}

function outputs({ exporters }: BuildDetails): string[][] {
  return exporters.map(({ type, attrs }) => [
    type,
    Object.entries(attrs).map(([key, value]) => `${key}=${value}`).join(","),
  ]);
}

function attrTable(heading: string, prefix: string, { frontendAttrs }: BuildDetails): string {
  const found = Object.entries(frontendAttrs).filter(([key]) => key.startsWith(prefix)).sort();
  return renderSome(
    [heading, "VALUE"],
    found.map(([key, value]) => [
      key.slice(prefix.length),
      value,
    ]),
  );
}

function renderSome(headings: readonly string[], rows: ReadonlyArray<string[]>): string {
  return rows.length === 0 ? "" : renderTable(headings, rows);
}

function failure({ error }: BuildDetails): string {
  if (error === undefined) return "";
  return safeLines(`Error: ${error.message}`).map((line) => `${line}\n`).join("");
}
