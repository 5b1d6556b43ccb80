/** `moat-build history`: the builds that a builder remembers. */
import { nearest } from "../../nearest.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage_error.ts";

type Verb = (argv: readonly string[], io: Io) => Promise<void>;

/** Each verb is loaded when it is called. */
const VERBS: Readonly<Record<string, { summary: string; load: () => Promise<Verb> }>> = {
  ls: {
    summary: "List builds, those that run first; --follow: and what comes",
    load: async () => (await import("./ls.ts")).historyLs,
  },
  logs: {
    summary: "Print the progress of a build again",
    load: async () => (await import("./logs.ts")).historyLogs,
  },
  inspect: {
    summary: "Show all that is known of a build",
    load: async () => (await import("./inspect.ts")).historyInspect,
  },
  attachment: {
    summary: "Print a manifest, a provenance or an SBOM of a build",
    load: async () => (await import("./attachment.ts")).historyAttachment,
  },
  rm: {
    summary: "Remove records",
    load: async () => (await import("./rm.ts")).historyRm,
  },
  pin: {
    summary: "Keep records when old ones are removed",
    load: async () => (await import("./pin.ts")).historyPin,
  },
  unpin: {
    summary: "Undo pin",
    load: async () => (await import("./pin.ts")).historyUnpin,
  },
  trace: {
    summary: "Show where a build's time went",
    load: async () => (await import("./trace.ts")).historyTrace,
  },
  export: {
    summary: "Write builds to a file that Docker Desktop imports",
    load: async () => (await import("./export.ts")).historyExport,
  },
};

const HELP = `Show and change what a builder remembers of its builds.

Usage: moat-build history VERB [BUILD...] [flags]

Verbs:
${Object.entries(VERBS).map(([name, { summary }]) => `  ${name.padEnd(11)} ${summary}`).join("\n")}

BUILD is a build's id, the beginning of one, or its place: ^0 is the newest, ^1
the one before. Without it, it is the newest.
See moat-build history VERB --help
`;

/** Runs the command. */
export async function historyCommand(argv: readonly string[], io: Io): Promise<void> {
  const [name, ...rest] = argv;
  if (name === "--help" || name === "-h") return io.stdout.write(HELP);
  if (name === undefined || !Object.hasOwn(VERBS, name)) {
    const near = name === undefined ? undefined : nearest(name, Object.keys(VERBS));
    throw new UsageError(
      name === undefined ? "history needs a verb" : `unknown verb ${name}`,
      near === undefined ? "See moat-build history --help" : `Did you mean history ${near}?`,
    );
  }
  const verb = await VERBS[name]!.load();
  await verb(rest, io);
}
