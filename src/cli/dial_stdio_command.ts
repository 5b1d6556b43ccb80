/** `moat-build dial-stdio`: the builder on the standard streams, for clients that reach it by a program. */
import { CONNECTION_FLAGS, connectionChoice } from "./connection_flags.ts";
import { HELP_FLAG, noArguments, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { DEFAULT_TIMEOUT_MS } from "./reach_builder.ts";
import { relayStdio } from "./relay_stdio.ts";
import { withUntriedClient } from "./with_client.ts";

const { wait: _wait, ...ADDRESS_FLAGS } = CONNECTION_FLAGS;

const HELP = renderHelp({
  usage: "moat-build dial-stdio [flags]",
  summary: "Connect the standard streams with the builder, which speaks gRPC on them.",
  groups: { "Flags": HELP_FLAG, "Builder": ADDRESS_FLAGS },
});

/** Runs the command. */
export async function dialStdioCommand(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...HELP_FLAG, ...ADDRESS_FLAGS }, argv);
  if (flags.help) return io.stdout.write(HELP);
  noArguments("dial-stdio", positionals);
  const choice = connectionChoice({ ...flags, wait: false });
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = choice;
  await withUntriedClient(choice, io, async (client, signal) => {
    await relayStdio(await client.dial({ signal, timeoutMs }), io, signal);
  });
}
