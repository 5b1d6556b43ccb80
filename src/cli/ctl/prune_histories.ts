/** `ctl prune-histories`: removes the records of builds that are over, but pinned ones. */
import type { BuildKitClient } from "../../client.ts";
import { type BuildHistoryEvent, Control } from "../../gen/control.ts";
import type { Io } from "../io.ts";
import { type CtlLoaded, FORMAT_FLAG } from "./command.ts";
import { parseCtlFlags } from "./ctl_flags.ts";
import { withClient } from "./ctl_client.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";
import { parseTemplate } from "./go_template.ts";
import { eventJson, eventRow } from "./history_event.ts";
import { alignTabs } from "./tab_writer.ts";

const FLAGS = FORMAT_FLAG;
const HEADER = "TYPE\tREF\tCREATED\tCOMPLETED\tGENERATION\n";

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags } = parseCtlFlags({ ...GLOBAL_FLAGS, ...FLAGS }, argv);
  const template = flags.format ? parseTemplate(flags.format) : undefined;
  const failures: string[] = [];
  let before = HEADER;
  const show = (event: BuildHistoryEvent) => {
    if (template !== undefined) return io.stdout.write(`${template(eventJson(event))}\n`);
    io.stdout.write(alignTabs(before + eventRow(event)));
    before = "";
  };
  await withClient(flags, io, async (client, signal) => {
    for await (const event of removable(client, signal)) {
      try {
        const ref = event.record!.ref;
        await client.call(Control.updateBuildHistory, { ref, delete: true }, { signal });
        show(event);
      } catch (error) {
        // The others are removed all the same; at the end it is told which were not.
        failures.push(error instanceof Error ? error.message : String(error));
        signal.throwIfAborted();
      }
    }
  });
  if (template === undefined && before !== "") io.stdout.write(alignTabs(before));
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

async function* removable(
  client: BuildKitClient,
  signal: AbortSignal,
): AsyncIterable<BuildHistoryEvent> {
  const events = client.stream(Control.listenBuildHistory, { earlyExit: true }, { signal });
  for await (const event of events) {
    if (event.record !== undefined && !event.record.pinned) yield event;
  }
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS };
