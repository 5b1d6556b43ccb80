/** `ctl debug logs`: a build's progress, also after its end, or its trace. */
import type { BuildKitClient } from "../../../client.ts";
import { Control } from "../../../gen/control.ts";
import type { Io } from "../../io.ts";
import { UsageError } from "../../usage_error.ts";
import { parseDigest, printBlob } from "../blob.ts";
import type { CtlLoaded } from "../command.ts";
import { parseCtlFlags } from "../ctl_flags.ts";
import { ctlDisplay, PROGRESS_FLAG } from "../ctl_progress.ts";
import { withClient } from "../ctl_client.ts";
import { GLOBAL_FLAGS } from "../global_flags.ts";

const FLAGS = { ...PROGRESS_FLAG, trace: { help: "Print the build's trace instead" } } as const;

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseCtlFlags({ ...GLOBAL_FLAGS, ...FLAGS }, argv);
  const [ref] = positionals;
  if (ref === undefined) throw new UsageError("build ref must be specified");
  await withClient(flags, io, async (client, signal) => {
    if (flags.trace) return await printTrace(client, ref, io, signal);
    const display = ctlDisplay(flags.progress, io, io.stdout);
    try {
      for await (const status of client.status(ref, { signal })) display.update(status);
    } finally {
      display.end();
    }
  });
}

async function printTrace(
  client: BuildKitClient,
  ref: string,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const events = client.stream(Control.listenBuildHistory, { ref, earlyExit: true }, { signal });
  for await (const { record } of events) {
    if (record?.trace === undefined) throw new Error(`ref ${ref} does not have trace`);
    return await printBlob(client, parseDigest(record.trace.digest), io, signal);
  }
  throw new Error(`ref ${ref} not found`);
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS, arguments: "REF" };
