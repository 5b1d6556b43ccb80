/** `ctl dial-stdio`: the builder on the standard streams. */
import type { Io } from "../io.ts";
import { relayStdio } from "../relay_stdio.ts";
import type { CtlLoaded } from "./command.ts";
import { parseCtlFlags } from "./ctl_flags.ts";
import { dialTimeoutMs, withClient } from "./ctl_client.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags } = parseCtlFlags(GLOBAL_FLAGS, argv);
  const timeoutMs = dialTimeoutMs(flags);
  await withClient(flags, io, async (client, signal) => {
    await relayStdio(await client.dial({ signal, timeoutMs }), io, signal);
  });
}

/** The command. */
export const command: CtlLoaded = { action, flags: {} };
