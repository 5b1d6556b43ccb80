/** `ctl debug workers`: the builder's workers. */
import { formatPlatform } from "../../../frontend/platform.ts";
import { Control } from "../../../gen/control.ts";
import type { CDIDevice, GCPolicy, WorkerRecord } from "../../../gen/worker.ts";
import { safeInline } from "../../../progress/safe_text.ts";
import type { Io } from "../../io.ts";
import { type CtlLoaded, FILTER_FLAG, FORMAT_FLAG, VERBOSE_FLAG } from "../command.ts";
import { parseCtlFlags } from "../ctl_flags.ts";
import { withClient } from "../ctl_client.ts";
import { GLOBAL_FLAGS } from "../global_flags.ts";
import type { Json } from "../go_json.ts";
import { parseTemplate } from "../go_template.ts";
import { goDuration } from "../go_time.ts";
import { alignTabs } from "../tab_writer.ts";
import { versionFields, versionJson } from "../version_info.ts";

const FLAGS = { ...FILTER_FLAG, ...VERBOSE_FLAG, ...FORMAT_FLAG } as const;
const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

async function action(argv: readonly string[], io: Io): Promise<void> {
  const { flags } = parseCtlFlags({ ...GLOBAL_FLAGS, ...FLAGS }, argv);
  const template = flags.format ? parseTemplate(flags.format) : undefined;
  const { record } = await withClient(flags, io, (client, signal) => {
    return client.call(Control.listWorkers, { filter: flags.filter }, { signal });
  });
  if (template !== undefined) {
    return io.stdout.write(`${template(record.length > 0 ? record.map(workerJson) : null)}\n`);
  }
  const text = flags.verbose
    ? record.map(workerFacts).join("")
    : "ID\tPLATFORMS\n" + record.map((worker) => `${worker.id}\t${platforms(worker)}\n`).join("");
  io.stdout.write(alignTabs(text));
}

function platforms({ platforms }: WorkerRecord): string {
  return platforms.map(formatPlatform).join(",");
}

function workerFacts(worker: WorkerRecord): string {
  const lines = [`ID:\t${worker.id}`, `Platforms:\t${platforms(worker)}`];
  const { dockerfile, buildkit } = versionFields(worker.buildkitVersion);
  lines.push(`BuildKit:\t${buildkit}`);
  if (dockerfile !== "") lines.push(`Dockerfile:\t${dockerfile}`);
  lines.push("Labels:", ...sorted(worker.labels).map(([key, value]) => `\t${key}:\t${value}`));
  if (worker.cdiDevices.length > 0) {
    lines.push("Devices:", ...worker.cdiDevices.flatMap(deviceFacts), "");
  }
  worker.gcPolicy.forEach((rule, i) => lines.push(`GC Policy rule#${i}:`, ...ruleFacts(rule)));
  // Tabs are the table's.
  const safe = lines.map((line) => line.split("\t").map(safeInline).join("\t"));
  return `${safe.join("\n")}\n\n`;
}

function deviceFacts({ name, onDemand, autoAllow, annotations }: CDIDevice): string[] {
  return [
    `\tName:\t${name}`,
    onDemand ? "\tOnDemand:\ttrue" : `\tAutoAllow:\t${autoAllow}`,
    ...sorted(annotations).map(([key, value]) => `\tAnnotations:\t${key}:\t${value}`),
  ];
}

function ruleFacts(rule: GCPolicy): string[] {
  const lines = [`\tAll:\t${rule.all}`];
  if (rule.filters.length > 0) lines.push(`\tFilters:\t${rule.filters.join(" ")}`);
  if (rule.keepDuration > 0n) lines.push(`\tKeep duration:\t${goDuration(rule.keepDuration)}`);
  const spaces = {
    "Reserved space": rule.reservedSpace,
    "Minimum free space": rule.minFreeSpace,
    "Maximum used space": rule.maxUsedSpace,
  };
  for (const [name, bytes] of Object.entries(spaces)) {
    if (bytes > 0n) lines.push(`\t${name}:\t${exactBytes(bytes)}`);
  }
  return lines;
}

/** With all digits that it has: `1.2kB`. */
function exactBytes(bytes: bigint): string {
  const unit = Math.min(Math.floor((String(bytes).length - 1) / 3), UNITS.length - 1);
  return `${Number(bytes) / 1000 ** unit}${UNITS[unit]}`;
}

function sorted(map: ReadonlyMap<string, string>): [string, string][] {
  return [...map].sort(([a], [b]) => a < b ? -1 : 1);
}

function workerJson(worker: WorkerRecord): Json {
  return {
    id: worker.id,
    labels: Object.fromEntries(sorted(worker.labels)),
    platforms: worker.platforms.map(({ architecture, os, osVersion, osFeatures, variant }) => ({
      architecture,
      os,
      ...(osVersion !== "" && { "os.version": osVersion }),
      ...(osFeatures.length > 0 && { "os.features": osFeatures }),
      ...(variant !== "" && { variant }),
    })),
    gcPolicy: worker.gcPolicy.map((rule) => ({
      all: rule.all,
      filter: rule.filters.length > 0 ? rule.filters : null,
      keepDuration: rule.keepDuration,
      reservedSpace: rule.reservedSpace,
      maxUsedSpace: rule.maxUsedSpace,
      minFreeSpace: rule.minFreeSpace,
    })),
    buildkitVersion: versionJson(worker.buildkitVersion),
    cdiDevices: worker.cdiDevices.length === 0 ? null : worker.cdiDevices.map((device) => ({
      name: device.name,
      autoAllow: device.autoAllow,
      annotations: device.annotations.size === 0
        ? null
        : Object.fromEntries(sorted(device.annotations)),
      onDemand: device.onDemand,
    })),
  };
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS };
