/** `moat-build context ls`: what a build would send of its context, and what each ignore rule keeps out. */
import { openInputs } from "../context/open_inputs.ts";
import { type Amount, type ContextExplanation, explainContext } from "../files/explain_context.ts";
import { findIgnoreFile } from "../files/ignore_file.ts";
import { formatBytes } from "../progress/format.ts";
import { safeInline } from "../progress/safe_text.ts";
import { HELP_FLAG, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage_error.ts";

const FLAGS = {
  file: { short: "f", value: "FILE", help: "Dockerfile, whose own ignore file counts first" },
  all: { short: "a", help: "List every file, also those that are kept out" },
  json: { help: "Print JSON, with every file" },
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build context ls [flags] [PATH]",
  summary: "Show what a build would send of the folder PATH (.), and what each ignore rule\n" +
    "keeps out. A build asks for less: it skips what the Dockerfile does not use, and\n" +
    "what the builder has from an earlier build.",
  groups: { "Flags": FLAGS },
});

/** Folders and files of the lists that are shown without `--all`. */
const SHOWN = 10;

/** Runs the command. */
export async function contextCommand(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags(FLAGS, argv);
  if (flags.help) return io.stdout.write(HELP);
  const [verb, folder = ".", ...more] = positionals;
  if (verb !== "ls") {
    const problem = verb === undefined ? "context needs a verb" : `unknown verb ${verb}`;
    throw new UsageError(problem, "Write moat-build context ls PATH");
  }
  if (more.length > 0) throw new UsageError(`context ls takes one path, but got ${more.join(" ")}`);
  const found = await explain(folder, flags.file);
  if (flags.json) return io.stdout.write(JSON.stringify(toJson(folder, found), null, 2) + "\n");
  const lines = flags.all ? fileLines(found) : overview(folder, found);
  io.stdout.write(lines.map((line) => `${safeInline(line).trimEnd()}\n`).join(""));
}

async function explain(folder: string, file: string | undefined): Promise<ContextExplanation> {
  // With content for a Dockerfile a folder without one can be listed, too.
  const dockerfile = file === undefined ? "FROM scratch" : { path: file };
  const { trees, filename } = await openInputs({ context: folder, dockerfile });
  const context = trees.get("context");
  if (context === undefined) {
    throw new UsageError(`${folder} is loaded by the builder`, "Give a folder of this machine");
  }
  const ignoreFile = file === undefined
    ? findIgnoreFile(context, context, usualName(context))
    : findIgnoreFile(context, trees.get("dockerfile")!, filename);
  return explainContext(context, ignoreFile);
}

function usualName(context: { stat(name: string): unknown }): string {
  return context.stat("Dockerfile") === undefined ? "dockerfile" : "Dockerfile";
}

function toJson(context: string, found: ContextExplanation): unknown {
  const folders = [...found.folders].map(([path, amount]) => ({ path, ...amount }));
  return { context, ...found, folders };
}

function overview(folder: string, found: ContextExplanation): string[] {
  const { ignoreFile, sent, removed } = found;
  return [
    `Context ${folder}, ${ignoreFile === undefined ? "no ignore file" : `rules of ${ignoreFile}`}`,
    `  would be sent  ${amountText(sent)}`,
    `  kept out       ${amountText(removed)}`,
    ...ruleLines(found),
    ...folderLines(found),
    ...largestLines(found),
  ];
}

function ruleLines({ rules }: ContextExplanation): string[] {
  if (rules.length === 0) return [];
  const rows = rules.map(({ line, text, exception, files, bytes }) => {
    const note = files === 0 ? "  (decides nothing)" : exception ? "  (brings back)" : "";
    return columns(String(line), String(files), formatBytes(bytes), `${text}${note}`);
  });
  return ["", "What each rule decided", columns("line", "files", "size", "rule"), ...rows];
}

function folderLines({ folders }: ContextExplanation): string[] {
  const shown = [...folders].filter(([path]) => path !== "" && path.split("/").length <= 2)
    .sort(([, a], [, b]) => b.bytes - a.bytes).slice(0, SHOWN);
  if (shown.length === 0) return [];
  const rows = shown.map(([path, { files, bytes }]) =>
    columns("", String(files), formatBytes(bytes), `${path}/`)
  );
  return ["", "Largest folders sent", ...rows];
}

function largestLines({ files }: ContextExplanation): string[] {
  const shown = files.filter(({ sent }) => sent).sort((a, b) => b.bytes - a.bytes).slice(0, SHOWN);
  if (shown.length === 0) return [];
  const rows = shown.map(({ path, bytes }) => columns("", "", formatBytes(bytes), path));
  return ["", "Largest files sent", ...rows];
}

function fileLines({ files }: ContextExplanation): string[] {
  return files.map(({ path, bytes, sent, line }) => {
    const rule = line === undefined ? "" : `${line}`;
    return columns(rule, sent ? "send" : "out", formatBytes(bytes), path);
  });
}

function columns(line: string, files: string, bytes: string, text: string): string {
  return `${line.padStart(6)} ${files.padStart(8)} ${bytes.padStart(9)}  ${text}`;
}

function amountText({ files, bytes }: Amount): string {
  return `${files} ${files === 1 ? "file" : "files"}, ${formatBytes(bytes)}`;
}
