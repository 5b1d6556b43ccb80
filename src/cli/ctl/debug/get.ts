/** `ctl debug get`: a blob of the builder's store. */
import type { Io } from "../../io.ts";
import { UsageError } from "../../usage_error.ts";
import { parseDigest, printBlob } from "../blob.ts";
import type { CtlLoaded } from "../command.ts";
import { parseCtlFlags } from "../ctl_flags.ts";
import { withClient } from "../ctl_client.ts";
import { GLOBAL_FLAGS } from "../global_flags.ts";

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseCtlFlags(GLOBAL_FLAGS, argv);
  const [text] = positionals;
  if (text === undefined) throw new UsageError("blob digest must be specified");
  const digest = parseDigest(text);
  await withClient(flags, io, (client, signal) => printBlob(client, digest, io, signal));
}

/** The command. */
export const command: CtlLoaded = { action, flags: {}, arguments: "DIGEST" };
