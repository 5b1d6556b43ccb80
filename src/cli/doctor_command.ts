/** `moat-build doctor`: what builders there are, which one builds would use, and what to do if there is none. */
import { surveyBuilders } from "../builder.ts";
import { safeLines } from "../progress/safe_text.ts";
import { CONNECTION_FLAGS, connectionChoice } from "./connection_flags.ts";
import { type Diagnosis, diagnosis, type ExaminedBuilder } from "./doctor_diagnosis.ts";
import { HELP_FLAG, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import { interruptible } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { cliLogger } from "./logger.ts";
import { ReportedError } from "./reported_error.ts";
import { UsageError } from "./usage_error.ts";

const { wait: _wait, ...ADDRESS_FLAGS } = CONNECTION_FLAGS;
const OUTPUT_FLAGS = { json: { help: "Print JSON" } } as const;
const FLAGS = { ...OUTPUT_FLAGS, ...ADDRESS_FLAGS, ...HELP_FLAG } as const;
const DEFAULT_TIMEOUT_MS = 5_000;

const HELP = renderHelp({
  usage: "moat-build doctor [flags]",
  summary: "Show what builders there are, and which one builds would use.",
  groups: { "Flags": { ...OUTPUT_FLAGS, ...HELP_FLAG }, "Builder": ADDRESS_FLAGS },
  notes: ["The exit code is 0 if builds have a builder, else 1."],
});

/** Runs the command. */
export async function doctorCommand(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags(FLAGS, argv);
  if (flags.help) return io.stdout.write(HELP);
  if (positionals.length > 0) {
    throw new UsageError(`doctor takes no arguments, but got ${positionals.join(" ")}`);
  }
  const choice = connectionChoice({ ...flags, wait: false });
  const timeoutMs = choice.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const found = await interruptible(io, async (signal) => {
    const logger = cliLogger(io, choice.debug);
    return await diagnosis(await surveyBuilders({ ...choice, signal, logger }), {
      signal,
      timeoutMs,
    });
  });
  io.stdout.write(flags.json ? `${JSON.stringify(found, null, 2)}\n` : describe(found));
  if (found.chosen === null) throw new ReportedError();
}

function describe({ chosen, problem, builders, looks }: Diagnosis): string {
  const verdict = chosen === null
    ? problem ?? "There is no builder."
    : `Builds use the ${chosen.kind} builder at ${chosen.address}, chosen by ${chosen.from}.`;
  const lines = [
    ...safeLines(verdict),
    ...(builders.length === 0 ? [] : ["", "Builders, in the order of choice:"]),
    ...builders.flatMap(describeBuilder),
    "",
    "Looked at:",
    ...looks.flatMap(({ where, outcome }) => safeLines(`  ${where}: ${outcome}`)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function describeBuilder(builder: ExaminedBuilder): string[] {
  const { kind, address, from, version, platforms, store, problem } = builder;
  return [
    `  ${kind} at ${address}, by ${from}`,
    ...(problem === undefined ? [] : [`    problem: ${problem}`]),
    ...(version === undefined ? [] : [`    version: ${version}`]),
    ...(platforms === undefined ? [] : [`    platforms: ${platforms.join(", ")}`]),
    ...(store === undefined ? [] : [`    images go to: ${store}`]),
  ].flatMap(safeLines);
}
