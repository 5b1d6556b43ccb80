/** `ctl debug dump-llb`: what a definition consists of. */
import { readFile } from "node:fs/promises";
import { safeLine } from "../../../progress/safe_text.ts";
import type { Io } from "../../io.ts";
import { readStdinBytes } from "../stdin.ts";
import type { CtlLoaded } from "../command.ts";
import { parseCtlFlags } from "../ctl_flags.ts";
import { GLOBAL_FLAGS } from "../global_flags.ts";
import { goJson } from "../go_json.ts";
import { llbDot, llbJson, readLlb } from "../llb.ts";

const FLAGS = { dot: { help: "Print a graph for Graphviz" } } as const;

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals: [file = "-"] } = parseCtlFlags({ ...GLOBAL_FLAGS, ...FLAGS }, argv);
  const bytes = file === "-" || file === "" ? await readStdinBytes(io) : await readFile(file);
  const ops = readLlb(bytes);
  const text = flags.dot
    ? llbDot(ops)
    : ops.map((op) => `${goJson(llbJson(op), { escapeHtml: true })}\n`).join("");
  io.stdout.write(text.split("\n").map((line) => safeLine(line, false)).join("\n"));
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS, arguments: "[FILE]" };
