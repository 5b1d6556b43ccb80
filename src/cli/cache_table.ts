/** Cache records as `du` and `prune` print them. */
import type { CacheRecord } from "../control/cache_records.ts";
import { formatBytes } from "../progress/format.ts";
import { safeInline } from "../progress/safe_text.ts";
import { formatAge } from "./age.ts";
import { renderRow, renderRows } from "./table.ts";

const HEADINGS = ["ID", "RECLAIMABLE", "SIZE", "LAST ACCESSED"];
/** Ids have 25 characters. */
const WIDTHS = [26, 11, 9, 0];

/** The table's headings. */
export function cacheHeadings(): string {
  return renderRow(HEADINGS, WIDTHS);
}

/** A record's row. A star after the id: it may still change; after the size: others take part in it. */
export function cacheRow(record: CacheRecord, now: number): string {
  const { id, mutable, inUse, size, shared, lastUsedAt } = record;
  const cells = [
    `${safeInline(id)}${mutable ? "*" : ""}`,
    String(!inUse),
    `${formatBytes(size)}${shared ? "*" : ""}`,
    lastUsedAt === undefined ? "" : formatAge(lastUsedAt, now),
  ];
  return renderRow(cells, WIDTHS);
}

/** All that is known of a record, and an empty line. */
export function cacheDetails(record: CacheRecord, now: number): string {
  const { id, parents, createdAt, mutable, inUse, shared, size } = record;
  const { description, usageCount, lastUsedAt, type } = record;
  const rows = [
    ["ID:", id],
    ...(parents.length === 0 ? [] : [["Parents:", parents.join(", ")]]),
    ["Created at:", createdAt.toISOString()],
    ["Mutable:", String(mutable)],
    ["Reclaimable:", String(!inUse)],
    ["Shared:", String(shared)],
    ["Size:", formatBytes(size)],
    ...(description === "" ? [] : [["Description:", description]]),
    ["Usage count:", String(usageCount)],
    ...(lastUsedAt === undefined ? [] : [["Last used:", formatAge(lastUsedAt, now)]]),
    ...(type === "" ? [] : [["Type:", type]]),
  ];
  return `${renderRows(rows)}\n`;
}

/** What the records add up to. */
export function cacheSummary(records: readonly CacheRecord[]): string {
  const sum = (which: (record: CacheRecord) => boolean) =>
    records.filter(which).reduce((bytes, { size }) => bytes + Math.max(0, size), 0);
  const [total, shared] = [sum(() => true), sum((record) => record.shared)];
  return renderRows([
    ...(shared === 0 ? [] : [
      ["Shared:", formatBytes(shared)],
      ["Private:", formatBytes(total - shared)],
    ]),
    ["Reclaimable:", formatBytes(sum(({ inUse }) => !inUse))],
    ["Total:", formatBytes(total)],
  ]);
}
