/** `moat-build info`: the builder's version. */
import { safeInline } from "../progress/safe_text.ts";
import { CONNECTION_FLAGS, connectionChoice } from "./connection_flags.ts";
import { HELP_FLAG, noArguments, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { withClient } from "./with_client.ts";

const OWN_FLAGS = { json: { help: "Print JSON" }, ...HELP_FLAG } as const;

const HELP = renderHelp({
  usage: "moat-build info [flags]",
  summary: "Show the builder's version.",
  groups: { "Flags": OWN_FLAGS, "Builder": CONNECTION_FLAGS },
});

/** Runs the command. */
export async function infoCommand(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...OWN_FLAGS, ...CONNECTION_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  noArguments("info", positionals);
  const found = await withClient(connectionChoice(flags), io, async (client, signal) => ({
    address: client.address,
    ...await client.info({ signal }),
  }));
  if (flags.json) return io.stdout.write(JSON.stringify(found, null, 2) + "\n");
  const { address, version, package: from, revision, dockerfileVersion } = found;
  const lines = [`${address}: BuildKit ${version || "older than v0.11"}`];
  if (from !== "") lines.push(`  ${from} ${revision}`.trimEnd());
  if (dockerfileVersion !== "") lines.push(`  Dockerfile frontend ${dockerfileVersion}`);
  io.stdout.write(lines.map((line) => `${safeInline(line)}\n`).join(""));
}
