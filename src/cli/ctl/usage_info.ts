/** Records of the build cache as buildctl shows them. */
import type { UsageRecord } from "../../gen/control.ts";
import { formatBytes } from "../../progress/format.ts";
import { safeInline } from "../../progress/safe_text.ts";
import type { Json } from "./go_json.ts";
import { goTime, rfc3339Nano } from "./go_time.ts";
import { alignTabs } from "./tab_writer.ts";

/** Above the rows of {@linkcode usageRow}. */
export const USAGE_HEADER = "ID\tRECLAIMABLE\tSIZE\tLAST ACCESSED\n";

/** One line of the table, cells ended by tabs. The last column has always been empty. */
export function usageRow(record: UsageRecord): string {
  const id = safeInline(record.id) + (record.mutable ? "*" : "");
  const size = formatBytes(record.size) + (record.shared ? "*" : "");
  return `${id.padEnd(71)}\t${String(!record.inUse).padEnd(11)}\t${size}\t\n`;
}

/** A record with all that is known of it, one fact a line. */
export function usageFacts(record: UsageRecord): string {
  const facts: [string, unknown][] = [["ID", record.id]];
  if (record.parents.length > 0) facts.push(["Parents", record.parents.join(";")]);
  facts.push(
    ["Created at", goTime(record.createdAt ?? 0n)],
    ["Mutable", record.mutable],
    ["Reclaimable", !record.inUse],
    ["Shared", record.shared],
    ["Size", formatBytes(record.size)],
  );
  if (record.description !== "") facts.push(["Description", record.description]);
  facts.push(["Usage count", record.usageCount]);
  if (record.lastUsedAt !== undefined) facts.push(["Last used", goTime(record.lastUsedAt)]);
  if (record.recordType !== "") facts.push(["Type", record.recordType]);
  return facts.map(([key, value]) => `${key}:\t${safeInline(String(value))}\n`).join("") + "\n";
}

/** What the records sum up to. */
export function usageSummary(records: readonly UsageRecord[]): string {
  const sum = (pick: (record: UsageRecord) => boolean) =>
    records.filter(pick).reduce((total, { size }) => total + (size > 0n ? size : 0n), 0n);
  const total = sum(() => true);
  const shared = sum((record) => record.shared);
  const lines: [string, bigint][] = [
    ["Reclaimable", sum((record) => !record.inUse)],
    ["Total", total],
  ];
  if (shared > 0n) lines.unshift(["Shared", shared], ["Private", total - shared]);
  return alignTabs(lines.map(([name, size]) => `${name}:\t${formatBytes(size)}\n`).join(""));
}

/** A record as buildctl's JSON has it. */
export function usageJson(record: UsageRecord): Json {
  return {
    id: record.id,
    mutable: record.mutable,
    inUse: record.inUse,
    size: record.size,
    createdAt: rfc3339Nano(record.createdAt ?? 0n),
    lastUsedAt: record.lastUsedAt === undefined ? null : rfc3339Nano(record.lastUsedAt),
    usageCount: record.usageCount,
    parents: record.parents.length === 0 ? null : record.parents,
    description: record.description,
    recordType: record.recordType,
    shared: record.shared,
  };
}

/** As buildctl lists them: the largest last, equal ones by id (client/diskusage.go). */
export function bySize(records: readonly UsageRecord[]): UsageRecord[] {
  const rank = <T>(a: T, b: T) => a < b ? -1 : a > b ? 1 : 0;
  return records.toSorted((a, b) => rank(a.size, b.size) || rank(a.id, b.id));
}
