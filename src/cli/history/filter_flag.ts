/**
 * `--filter` of `history ls`, with buildx's keys. It is applied here: daemons before v0.20 know no filters, and later ones
 * do not apply them to builds that run.
 */
import type { BuildRecord } from "../../control/build_record.ts";
import { nearest } from "../../nearest.ts";
import { durationOf } from "../duration.ts";
import { UsageError } from "../usage_error.ts";

/** Whether a build is to be shown. */
export type BuildFilter = (record: BuildRecord) => boolean;

const STATUSES = ["running", "completed", "error", "canceled"];
const TEXTS = ["ref", "repository", "status"];
const TIMES = ["startedAt", "completedAt", "duration"];
const KEYS = [...TEXTS, ...TIMES];

/** Reads all the flags of one command line: all of them must hold. Throws a `UsageError`. */
export function parseBuildFilters(values: readonly string[], now: number): BuildFilter {
  const filters = values.map((value) => parseBuildFilter(value, now));
  return (record) => filters.every((filter) => filter(record));
}

function parseBuildFilter(value: string, now: number): BuildFilter {
  const [, key, sign, text] = /^(\w+)(!=|<=|>=|=|<|>)(.*)$/s.exec(value) ?? [];
  if (key === undefined || sign === undefined || text === undefined) {
    const example = "Write for example --filter status=error";
    throw new UsageError(`--filter "${value}" is not KEY=VALUE`, example);
  }
  if (!KEYS.includes(key)) {
    const near = nearest(key, KEYS);
    const keys = `Keys are ${KEYS.join(", ")}`;
    const hint = near === undefined ? keys : `Did you mean ${near}? ${keys}`;
    throw new UsageError(`--filter has no key "${key}"`, hint);
  }
  return TEXTS.includes(key) ? textFilter(key, sign, text) : timeFilter(key, sign, text, now);
}

function textFilter(key: string, sign: string, text: string): BuildFilter {
  if (sign !== "=" && sign !== "!=") {
    throw new UsageError(`--filter ${key} takes = and !=, not ${sign}`);
  }
  if (key === "status" && !STATUSES.includes(text)) {
    throw new UsageError(
      `--filter status "${text}" is not a status`,
      `They are ${STATUSES.join(", ")}`,
    );
  }
  return (record) => {
    const actual = textOf(key, record);
    if (sign === "!=") return actual !== text;
    return key === "status" ? actual === text : actual.includes(text);
  };
}

function textOf(key: string, { ref, status, frontendAttrs }: BuildRecord): string {
  if (key === "ref") return ref;
  if (key === "status") return status;
  const context = frontendAttrs["context"] ?? "";
  // A remote context may be anything; what comes after # is the branch.
  return frontendAttrs["vcs:source"] ??
    (/^(git@|ssh:|git:|https?:.*\.git(#|$))/.test(context) ? context.split("#")[0]! : "");
}

function timeFilter(key: string, sign: string, text: string, now: number): BuildFilter {
  if (sign === "=" || sign === "!=") {
    throw new UsageError(`--filter ${key} takes <, <=, > and >=, not ${sign}`);
  }
  const duration = durationOf(text);
  const limit = key === "duration"
    ? duration
    : duration === undefined
    ? timeOf(text)
    : now - duration;
  if (limit === undefined) {
    const kinds = key === "duration" ? "a duration" : "a time or a duration";
    throw new UsageError(`--filter ${key} "${text}" is not ${kinds}`, "Write for example 24h");
  }
  return (record) => compare(sign, valueOf(key, record), limit);
}

function timeOf(text: string): number | undefined {
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** What builds that run don't have yet counts as nothing, as in buildx. */
function valueOf(key: string, { startedAt, completedAt, durationMs }: BuildRecord): number {
  if (key === "startedAt") return startedAt.getTime();
  if (key === "completedAt") return completedAt?.getTime() ?? 0;
  return durationMs ?? 0;
}

function compare(sign: string, value: number, limit: number): boolean {
  switch (sign) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    default:
      return value >= limit;
  }
}
