/** `ctl du`: what the build cache takes. */
import { Control } from "../../gen/control.ts";
import type { Io } from "../io.ts";
import { type CtlLoaded, FILTER_FLAG, FORMAT_FLAG, VERBOSE_FLAG } from "./command.ts";
import { parseCtlFlags } from "./ctl_flags.ts";
import { withClient } from "./ctl_client.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";
import { parseTemplate } from "./go_template.ts";
import { alignTabs } from "./tab_writer.ts";
import {
  bySize,
  USAGE_HEADER,
  usageFacts,
  usageJson,
  usageRow,
  usageSummary,
} from "./usage_info.ts";

const FLAGS = { ...FILTER_FLAG, ...VERBOSE_FLAG, ...FORMAT_FLAG } as const;

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags } = parseCtlFlags({ ...GLOBAL_FLAGS, ...FLAGS }, argv);
  const template = flags.format ? parseTemplate(flags.format) : undefined;
  const { record } = await withClient(flags, io, (client, signal) => {
    return client.call(Control.diskUsage, { filter: flags.filter }, { signal });
  });
  const records = bySize(record);
  if (template !== undefined) {
    return io.stdout.write(`${template(records.length > 0 ? records.map(usageJson) : null)}\n`);
  }
  io.stdout.write(
    flags.verbose
      ? alignTabs(records.map(usageFacts).join(""))
      : alignTabs(USAGE_HEADER + records.map(usageRow).join("")),
  );
  if (flags.filter.length === 0) io.stdout.write(usageSummary(records));
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS };
