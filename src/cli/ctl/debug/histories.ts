/** `ctl debug histories`: the records of builds. */
import { Control } from "../../../gen/control.ts";
import type { Io } from "../../io.ts";
import { type CtlLoaded, FORMAT_FLAG } from "../command.ts";
import { parseCtlFlags } from "../ctl_flags.ts";
import { withClient } from "../ctl_client.ts";
import { GLOBAL_FLAGS } from "../global_flags.ts";
import { parseTemplate } from "../go_template.ts";
import { eventJson, eventRow } from "../history_event.ts";
import { alignTabs } from "../tab_writer.ts";

const FLAGS = FORMAT_FLAG;

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags } = parseCtlFlags({ ...GLOBAL_FLAGS, ...FLAGS }, argv);
  const template = flags.format ? parseTemplate(flags.format) : undefined;
  let before = "TYPE\tREF\tCREATED\tCOMPLETED\tGENERATION\tPINNED\n";
  await withClient(flags, io, async (client, signal) => {
    const events = client.stream(Control.listenBuildHistory, { earlyExit: true }, { signal });
    for await (const event of events) {
      if (template !== undefined) {
        io.stdout.write(`${template(eventJson(event))}\n`);
        continue;
      }
      const row = eventRow(event, event.record?.pinned ? "*" : "");
      io.stdout.write(alignTabs(before + row));
      before = "";
    }
  });
  if (template === undefined && before !== "") io.stdout.write(alignTabs(before));
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS };
