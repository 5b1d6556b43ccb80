/** `moat-build build --call`: asks the Dockerfile's frontend, and builds nothing. */
import { startCall } from "../calls.ts";
import { sourceExcerpt } from "../diagnosis/source_excerpt.ts";
import { type CheckResult, readCheck } from "../gateway/answers.ts";
import type { CallAnswer } from "../gateway/call.ts";
import { safeLines } from "../progress/safe_text.ts";
import type { ProgressMode } from "../progress/display.ts";
import type { BuildOptions } from "../types.ts";
import { type BuildCommandLine, buildOptions } from "./build_options.ts";
import { type CallChoice, parseCall } from "./call_flag.ts";
import { connectionChoice } from "./connection_flags.ts";
import { failedOutput } from "./failed_output.ts";
import { interruptible } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { cliLogger } from "./logger.ts";
import { follow, makeDisplay, progressMode } from "./progress.ts";
import { reachBuilder } from "./reach_builder.ts";
import { ReportedError } from "./reported_error.ts";
import { writeMetadataFile } from "./result_files.ts";
import { UsageError } from "./usage_error.ts";

/** Lines of a failed step's output. */
const FAILED_LINES = 10;

/** Runs the command; false if `--call` asks for an ordinary build. Throws where the answer's status says so. */
export async function callCommand(line: BuildCommandLine, io: Io): Promise<boolean> {
  const { flags } = line;
  const choice = parseCall(flags);
  if (choice === undefined) return false;
  const mode = callProgress(flags, io);
  const options = await buildOptions(line, io);
  const logger = cliLogger(io, flags.debug);
  const answer = await interruptible(
    io,
    (signal) => ask(choice, { ...options, logger, signal }, { mode, flags, io }),
  );
  if (flags["metadata-file"] !== undefined) {
    await writeMetadataFile(flags["metadata-file"], metadataOf(answer));
  }
  const file = flags.file === "-" ? undefined : flags.file;
  showAnswer(answer, choice, { io, ...(file !== undefined && { file }) });
  return true;
}

/** The answer is what the user wants to see: without the flag the progress is not shown. */
function callProgress(flags: BuildCommandLine["flags"], io: Io): ProgressMode {
  const asked = flags.progress !== undefined || Boolean(io.env("BUILDKIT_PROGRESS"));
  const mode = asked ? progressMode(flags, io) : "quiet";
  if (mode !== "json") return mode;
  throw new UsageError(
    "--progress json writes to stdout, and so does --call",
    "See the progress with --progress rawjson on stderr",
  );
}

async function ask(
  { requestId }: CallChoice,
  options: BuildOptions & { signal: AbortSignal },
  { mode, flags, io }: { mode: ProgressMode; flags: BuildCommandLine["flags"]; io: Io },
): Promise<CallAnswer> {
  const connection = connectionChoice(flags);
  if (connection.wait || connection.timeoutMs !== undefined) {
    await reachBuilder(connection, options);
  }
  const display = await makeDisplay(mode, io);
  const { build, answer } = startCall(requestId, options);
  const shown = display === undefined ? undefined : follow(build, display);
  try {
    return await answer;
  } catch (error) {
    if (mode === "quiet" || mode === "none") io.stderr.write(failedOutput(error, FAILED_LINES));
    throw error;
  } finally {
    await shown;
  }
}

/** The answer's texts; the one for programs as what it means. */
function metadataOf({ metadata, json }: CallAnswer): Record<string, unknown> {
  return json === "" ? { ...metadata } : { ...metadata, "result.json": JSON.parse(json) };
}

/**
 * Prints the answer as buildx does. `file` is the Dockerfile's path as the user knows it. Throws a {@linkcode ReportedError}
 * with the answer's status as exit code.
 */
export function showAnswer(
  answer: CallAnswer,
  { requestId, format, ignoreStatus }: CallChoice,
  { io, file }: { io: Io; file?: string },
): void {
  const isCheck = requestId === "frontend.lint";
  const check = isCheck ? named(readCheck(answer.json), file) : undefined;
  if (format === "json") io.stdout.write(`${answer.json}\n`);
  else if (check !== undefined) io.stdout.write(checkText(check));
  else io.stdout.write(answer.text === "" ? `${answer.json}\n` : safe(answer.text));
  if (check?.error !== undefined) {
    const { message, source } = check.error;
    const lines = [...source === undefined ? [] : sourceExcerpt(source), `error: ${message}`];
    io.stderr.write(lines.flatMap(safeLines).join("\n") + "\n");
    throw new ReportedError(message);
  }
  if (answer.statusCode !== 0 && !ignoreStatus) {
    throw new ReportedError("The answer's status says so", answer.statusCode);
  }
}

/** The frontend knows the Dockerfile by its last name alone. */
function named(check: CheckResult, file: string | undefined): CheckResult {
  if (file === undefined) return check;
  const rename = <T extends { source: CheckResult["warnings"][0]["source"] }>(item: T): T => {
    return { ...item, ...(item.source && { source: { ...item.source, filename: file } }) };
  };
  const { passed, warnings, error } = check;
  return { passed, warnings: warnings.map(rename), error: error && rename(error) };
}

function checkText({ warnings, error }: CheckResult): string {
  if (warnings.length === 0) {
    return error === undefined ? "Check complete, no warnings found.\n" : "";
  }
  const count = warnings.length === 1 ? "1 warning has" : `${warnings.length} warnings have`;
  const lines = [...warnings].sort(byPlace).flatMap(({ rule, url, detail, source }) => [
    "",
    `WARNING: ${rule}${url === "" ? "" : ` - ${url}`}`,
    detail,
    ...source === undefined ? [] : sourceExcerpt(source),
  ]);
  return [`Check complete, ${count} been found!`, ...lines].flatMap(safeLines).join("\n") + "\n";
}

function byPlace(a: CheckResult["warnings"][0], b: CheckResult["warnings"][0]): number {
  return (a.source?.ranges[0]?.start ?? 0) - (b.source?.ranges[0]?.start ?? 0);
}

/** The frontend's own text; a Dockerfile's comments are in it. */
function safe(text: string): string {
  return text.split("\n").map((line) => safeLines(line).join(" ")).join("\n");
}
