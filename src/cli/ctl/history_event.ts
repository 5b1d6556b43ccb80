/** Events of the build history as buildctl shows them. */
import { BuildHistoryEvent, BuildHistoryEventType } from "../../gen/control.ts";
import { safeInline } from "../../progress/safe_text.ts";
import { FIELDS, type Json, messageJson } from "./go_json.ts";
import { rfc3339Local } from "./go_time.ts";

/** `STARTED`, `COMPLETE` or `DELETED`. */
export function eventName(type: number): string {
  return Object.entries(BuildHistoryEventType).find(([, value]) => value === type)?.[0] ??
    String(type);
}

/** One line of the table: type, ref, created, completed, generation. */
export function eventRow({ type, record }: BuildHistoryEvent, ...more: string[]): string {
  const time = (nanoseconds: bigint | undefined) =>
    nanoseconds === undefined ? "" : rfc3339Local(nanoseconds);
  const cells = [
    eventName(type),
    safeInline(record?.ref ?? ""),
    time(record?.createdAt),
    time(record?.completedAt),
    String(record?.generation ?? 0),
    ...more,
  ];
  return `${cells.join("\t")}\n`;
}

/** An event as Go's JSON has it. */
export function eventJson(event: BuildHistoryEvent): Json {
  const json = messageJson(BuildHistoryEvent, event) as { type?: number; record?: Json };
  return { ...json, [FIELDS]: { type: eventName(event.type) } };
}
