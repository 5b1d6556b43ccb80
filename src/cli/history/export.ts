/** `moat-build history export`: builds as a file that Docker Desktop imports. */
import { rename, rm, writeFile } from "node:fs/promises";
import { allRecords } from "../../control/find_build.ts";
import { FileError } from "../../errors.ts";
import { CONNECTION_FLAGS, connectionChoice } from "../connection_flags.ts";
import { HELP_FLAG, parseFlags } from "../flags.ts";
import { renderHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage_error.ts";
import { withHistory } from "./verb.ts";

const OWN_FLAGS = {
  output: { short: "o", value: "FILE", help: "Where to write it; else to stdout" },
  all: { help: "All builds that are over" },
  finalize: { help: "Wait for traces that are not stored yet" },
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build history export [flags] [BUILD...]",
  summary: "Write builds to a file (.dockerbuild) that Docker Desktop imports, with logs,\n" +
    "provenance and traces. Values of build arguments are in it.",
  groups: { "Flags": OWN_FLAGS, "Builder": CONNECTION_FLAGS },
});

/** Runs the verb. */
export async function historyExport(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...OWN_FLAGS, ...CONNECTION_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  const { output, all, finalize } = flags;
  if (all && positionals.length > 0) throw new UsageError("--all cannot be combined with builds");
  if (output === undefined && io.stdout.isTerminal) {
    throw new UsageError("history export does not write to a terminal", "Add -o FILE");
  }
  await withHistory(connectionChoice(flags), io, async (client, signal) => {
    const given = positionals.length === 0 ? [""] : positionals;
    const refs = !all ? given : (await allRecords(client, { signal }))
      .flatMap(({ ref, completedAt }) => completedAt === undefined ? [] : [ref]);
    const bundle = client.exportBuild(refs, { finalize, signal });
    if (output !== undefined) return await writeWhole(output, bundle);
    const stdout = io.stdout.open().getWriter();
    for await (const chunk of bundle) await stdout.write(chunk);
    await stdout.close();
  });
}

/** Writes a file that is there only once it is whole. */
async function writeWhole(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, content);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    // Errors of the system have a code that is a name; ours come from the builder.
    if (!(error instanceof Error) || !/^E[A-Z]+$/.test(String(code))) throw error;
    const text = `Cannot write ${path}: ${message}`;
    throw new FileError("FILE_UNWRITABLE", path, text, error);
  }
}
