/** `ctl debug ctl`: keeps or removes the record of a build. */
import { Control } from "../../../gen/control.ts";
import type { Io } from "../../io.ts";
import { UsageError } from "../../usage_error.ts";
import type { CtlLoaded } from "../command.ts";
import { parseCtlFlags } from "../ctl_flags.ts";
import { withClient } from "../ctl_client.ts";
import { GLOBAL_FLAGS } from "../global_flags.ts";

const FLAGS = {
  pin: { help: "Keep the record" },
  unpin: { help: "Let it go with the others" },
  delete: { help: "Remove it" },
} as const;

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseCtlFlags({ ...GLOBAL_FLAGS, ...FLAGS }, argv);
  const [ref] = positionals;
  if (ref === undefined) throw new UsageError("build ref must be specified");
  const { pin, unpin, delete: remove } = flags;
  if (!pin && !unpin && !remove) {
    throw new UsageError("must specify one of --pin, --unpin, --delete");
  }
  if (pin && unpin) throw new UsageError("cannot specify both --pin and --unpin");
  if (remove && (pin || unpin)) {
    throw new UsageError("cannot specify --delete with --pin or --unpin");
  }
  await withClient(flags, io, (client, signal) => {
    const request = { ref, pinned: pin, delete: remove };
    return client.call(Control.updateBuildHistory, request, { signal });
  });
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS, arguments: "REF" };
