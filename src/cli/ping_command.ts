/** `moat-build ping`: is there a builder, and which. */
import { safeInline } from "../progress/safe_text.ts";
import { CONNECTION_FLAGS, connectionChoice } from "./connection_flags.ts";
import { HELP_FLAG, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import { interruptible } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { cliLogger } from "./logger.ts";
import { reachBuilder, type ReachedBuilder } from "./reach_builder.ts";
import { UsageError } from "./usage_error.ts";

const OUTPUT_FLAGS = { json: { help: "Print JSON" } } as const;
const FLAGS = { ...OUTPUT_FLAGS, ...CONNECTION_FLAGS, ...HELP_FLAG } as const;

const HELP = renderHelp({
  usage: "moat-build ping [flags]",
  summary: "Show the builder's version, its workers and their platforms.",
  groups: { "Flags": { ...OUTPUT_FLAGS, ...HELP_FLAG }, "Builder": CONNECTION_FLAGS },
});

/** Runs the command. */
export async function pingCommand(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags(FLAGS, argv);
  if (flags.help) return io.stdout.write(HELP);
  if (positionals.length > 0) {
    throw new UsageError(`ping takes no arguments, but got ${positionals.join(" ")}`);
  }
  const choice = connectionChoice(flags);
  const found = await interruptible(io, (signal) => {
    return reachBuilder(choice, { signal, logger: cliLogger(io, choice.debug) });
  });
  io.stdout.write(flags.json ? JSON.stringify(found, null, 2) + "\n" : describe(found));
}

function describe({ address, version, package: from, revision, workers }: ReachedBuilder): string {
  const lines = [`${address}: BuildKit ${version || "older than v0.11"}`];
  if (from !== "") lines.push(`  ${from} ${revision}`.trimEnd());
  for (const { id, labels, platforms } of workers) {
    lines.push(`worker ${id}`, `  platforms: ${platforms.join(", ")}`);
    for (const key of Object.keys(labels).sort()) lines.push(`  ${key}: ${labels[key]}`);
  }
  return lines.map((line) => `${safeInline(line)}\n`).join("");
}
