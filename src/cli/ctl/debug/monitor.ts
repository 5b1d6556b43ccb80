/** `ctl debug monitor`: builds as they begin and end. */
import {
  type BuildHistoryEvent,
  type BuildResultInfo,
  Control,
  type Descriptor,
} from "../../../gen/control.ts";
import { safeInline } from "../../../progress/safe_text.ts";
import type { Io } from "../../io.ts";
import type { CtlLoaded } from "../command.ts";
import { parseCtlFlags } from "../ctl_flags.ts";
import { withClient } from "../ctl_client.ts";
import { GLOBAL_FLAGS } from "../global_flags.ts";
import { eventName } from "../history_event.ts";

const FLAGS = {
  completed: { help: "Show builds that are over too" },
  ref: { value: "REF", help: "One build only" },
} as const;

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags } = parseCtlFlags({ ...GLOBAL_FLAGS, ...FLAGS }, argv);
  const request = { activeOnly: !flags.completed, ref: flags.ref ?? "" };
  await withClient(flags, io, async (client, signal) => {
    for await (const event of client.stream(Control.listenBuildHistory, request, { signal })) {
      io.stdout.write(describe(event).map((line) => `${safeInline(line)}\n`).join(""));
    }
  });
}

function describe({ type, record }: BuildHistoryEvent): string[] {
  const lines = [`event: ${eventName(type)} ref:${record?.ref ?? ""}`];
  if (record === undefined) return lines;
  const { numCachedSteps, numTotalSteps, numWarnings, logs, trace, result, results } = record;
  if (numTotalSteps !== 0) lines.push(`  cache: ${numCachedSteps}/${numTotalSteps}`);
  if (numWarnings !== 0) lines.push(`  warnings: ${numWarnings}`);
  if (logs !== undefined) lines.push(`  logs: ${describeBlob(logs)}`);
  if (trace !== undefined) lines.push(`  trace: ${describeBlob(trace)}`);
  if (result !== undefined) lines.push(...describeResult(result, ""));
  for (const [key, item] of results) lines.push(...describeResult(item, `[${key}] `));
  return lines;
}

function describeResult(info: BuildResultInfo, prefix: string): string[] {
  const results = [...info.results.values()];
  const deprecated = info.resultDeprecated === undefined ? [] : [info.resultDeprecated];
  const descriptors = results.length > 0 ? results : deprecated;
  return [
    ...descriptors.map((item) => `  ${prefix}descriptor: ${describeBlob(item)}`),
    ...info.attestations.map((item) => `  ${prefix}attestation: ${describeBlob(item)}`),
  ];
}

/** As protobuf's text format has it. */
function describeBlob({ mediaType, digest, size, annotations }: Descriptor): string {
  const notes = [...annotations].map(([key, value]) => {
    return `annotations:{key:${JSON.stringify(key)} value:${JSON.stringify(value)}}`;
  });
  const type = mediaType === "" ? [] : [`media_type:${JSON.stringify(mediaType)}`];
  return [...type, `digest:"${digest}"`, `size:${size}`, ...notes].join(" ");
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS };
