/** `ctl debug info`: the builder's version. */
import { Control } from "../../../gen/control.ts";
import { safeInline } from "../../../progress/safe_text.ts";
import type { Io } from "../../io.ts";
import { type CtlLoaded, FORMAT_FLAG } from "../command.ts";
import { parseCtlFlags } from "../ctl_flags.ts";
import { withClient } from "../ctl_client.ts";
import { GLOBAL_FLAGS } from "../global_flags.ts";
import { parseTemplate } from "../go_template.ts";
import { alignTabs } from "../tab_writer.ts";
import { versionFields, versionJson } from "../version_info.ts";

const FLAGS = FORMAT_FLAG;

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags } = parseCtlFlags({ ...GLOBAL_FLAGS, ...FLAGS }, argv);
  const template = flags.format ? parseTemplate(flags.format) : undefined;
  const { buildkitVersion } = await withClient(flags, io, (client, signal) => {
    return client.call(Control.info, {}, { signal });
  });
  if (template !== undefined) {
    const json = { buildkitVersion: versionJson(buildkitVersion) };
    return io.stdout.write(`${template(json)}\n`);
  }
  const { buildkit, dockerfile } = versionFields(buildkitVersion);
  const lines = [`BuildKit:\t${safeInline(buildkit)}\n`];
  if (dockerfile !== "") lines.push(`Dockerfile:\t${safeInline(dockerfile)}\n`);
  io.stdout.write(alignTabs(lines.join(""), { minWidth: 0, fill: "space" }));
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS };
