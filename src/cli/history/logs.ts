/** `moat-build history logs`: the progress of a build again, or of one that runs. */
import { findBuild } from "../../control/find_build.ts";
import { eventToJson } from "../../progress/json.ts";
import { CONNECTION_FLAGS, connectionChoice } from "../connection_flags.ts";
import { HELP_FLAG, parseFlags } from "../flags.ts";
import { renderHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { makeDisplay, progressMode } from "../progress.ts";
import { atMostOneBuild, withHistory } from "./verb.ts";

const OWN_FLAGS = {
  progress: { value: "MODE", help: "plain, tty, json or rawjson (plain)" },
  ...HELP_FLAG,
} as const;

const HELP = renderHelp({
  usage: "moat-build history logs [flags] [BUILD]",
  summary: "Print the progress of a build again; of a build that runs, to its end.",
  groups: { "Flags": OWN_FLAGS, "Builder": CONNECTION_FLAGS },
});

/** Runs the verb. */
export async function historyLogs(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...OWN_FLAGS, ...CONNECTION_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  const ref = atMostOneBuild("logs", positionals);
  const mode = progressMode({ progress: flags.progress ?? "plain", quiet: false }, io);
  await withHistory(connectionChoice(flags), io, async (client, signal) => {
    if (mode === "json") {
      for await (const event of client.buildLogs(ref, { signal })) {
        io.stdout.write(eventToJson(event) + "\n");
      }
      return;
    }
    const found = await findBuild(client, ref, { signal });
    // What was asked for goes to stdout.
    const display = await makeDisplay(mode, { ...io, stderr: io.stdout }, `build ${found.ref}`);
    try {
      for await (const status of client.status(found.ref, { signal })) display?.update(status);
    } finally {
      display?.end();
    }
  });
}
