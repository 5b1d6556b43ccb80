/** One frame of tty mode as lines of text: a pure function of the state, the time and the terminal's size. */
import type { VertexStatus } from "../gen/control.ts";
import { paintText, type Palette, type Role } from "./colors.ts";
import { isCanceled } from "./canceled.ts";
import { formatAmount, formatDuration, toSeconds } from "./format.ts";
import { totalTime } from "./intervals.ts";
import { completedAt, isRunning, type ProgressState, type Step } from "./model.ts";
import { safeInline } from "./safe_text.ts";
import { decodeText } from "./warning.ts";
import { displayWidth, padEnd, truncate } from "./width.ts";

/** What a frame depends on besides the state. */
export interface Frame {
  readonly columns: number;
  readonly rows: number;
  /** Nanoseconds since the epoch, on the daemon's clock. */
  readonly now: bigint;
  /** No colours where there is none. */
  readonly palette: Palette | undefined;
  /** Shown at the right of the first line. */
  readonly title: string;
  /** Lines of output shown below a running step, at most. */
  readonly logLines: number;
  /** The last frame: shows every step, though they be more than the screen's rows. */
  readonly final: boolean;
}

/** A line below the header. */
interface Row {
  readonly step: Step;
  readonly kind: "step" | "part" | "warning";
  readonly text: string;
  /** Amount done, for parts of a step. */
  readonly amount: string;
  /** The share that is done, from 0 to 1, of a part that goes on and is known to end. */
  readonly share: number | undefined;
  readonly seconds: number;
  readonly running: boolean;
  readonly role: Role;
}

/** Fewest columns left for a name beside an amount. */
const SHORTEST_NAME = 20;
/** Columns of a bar, and how wide a terminal must be for it. */
const BARS = [{ columns: 100, width: 24 }, { columns: 60, width: 12 }] as const;
/** Rows that output leaves to steps that have ended, and fewest lines of it that are worth their place. */
const SPARE_ROWS = 3;
const FEWEST_LINES = 2;

/** The frame's lines: none wider than the terminal, and one fewer than its rows at most unless `final`. */
export function render(state: ProgressState, frame: Frame): string[] {
  const rows = [...state.started].flatMap((step) => stepRows(step, frame.now));
  const header = headerLine(state, frame);
  if (frame.final) return [header, ...rows.map((row) => rowLine(row, frame))];
  const room = Math.max(0, frame.rows - 2);
  const logs = chooseLogs(rows, room, frame.logLines);
  const used = [...logs.values()].reduce((sum, lines) => sum + lines.length, 0);
  const { shown, folded } = fitRows(rows, room - used);
  const lines = folded.length > 0 ? [header, foldLine(folded, frame)] : [header];
  for (const row of shown) {
    lines.push(rowLine(row, frame));
    const log = logs.get(row) ?? [];
    lines.push(...log.map((line) => logLine(line, frame)));
  }
  return lines.slice(0, room + 1);
}

function headerLine(state: ProgressState, { now, title, columns, final }: Frame): string {
  const steps = [...state.steps].filter((step) => step.visible);
  const done = steps.filter((step) => completedAt(step) !== undefined).length;
  const begin = [...state.started][0]?.runs[0]?.started ?? now;
  const seconds = Math.max(0, toSeconds(now - begin));
  const finished = final && done > 0 && done === steps.length ? " FINISHED" : "";
  const text = `[+] Building ${formatDuration(seconds)} (${done}/${steps.length})${finished}`;
  return alignRight(text, safeInline(title), columns - 1);
}

function stepRows(step: Step, now: bigint): Row[] {
  const running = isRunning(step);
  const seconds = toSeconds(totalTime(step.runs, now));
  const { label, role } = outcome(step);
  const rows: Row[] = [
    {
      step,
      kind: "step",
      text: label + safeInline(step.name),
      amount: "",
      share: undefined,
      seconds,
      running,
      role,
    },
    ...Array.from(step.statuses.values(), (status) => partRow(step, status, now)),
  ];
  for (const { short } of step.warnings) {
    const text = `WARN: ${safeInline(decodeText(short))}`;
    const rest = { amount: "", share: undefined, seconds, running: false } as const;
    rows.push({ step, kind: "warning", text, ...rest, role: "warning" });
  }
  return rows;
}

function partRow(step: Step, status: VertexStatus, now: bigint): Row {
  const { id, current, total, started = now, completed } = status;
  const running = completed === undefined && isRunning(step);
  return {
    step,
    kind: "part",
    text: `=> ${safeInline(id)}`,
    amount: formatAmount(current, total),
    share: running && total > 0n ? shareOf(current, total) : undefined,
    seconds: Math.max(0, toSeconds((completed ?? now) - started)),
    running,
    role: "run",
  };
}

function outcome({ error, cached }: Step): { label: string; role: Role } {
  if (error !== "") {
    return isCanceled(error)
      ? { label: "CANCELED ", role: "cancel" }
      : { label: "ERROR ", role: "error" };
  }
  return { label: cached ? "CACHED " : "", role: "run" };
}

/**
 * The rows that fit, in their order. Where they are too many, first the parts of what has ended go, then the steps that
 * ended before others: those are `folded` to one line.
 */
function fitRows(
  rows: readonly Row[],
  room: number,
): { shown: readonly Row[]; folded: readonly Step[] } {
  if (rows.length <= room) return { shown: rows, folded: [] };
  const whole = rows.filter(({ kind, step }) => kind !== "part" || isRunning(step));
  if (whole.length <= room) return { shown: whole, folded: [] };
  const running = lastOf(whole.filter((row) => row.running), room);
  const ended = lastOf(whole.filter((row) => !row.running), room - running.length - 1);
  const chosen = new Set([...running, ...ended]);
  const folded = whole.filter((row) => row.kind === "step" && !row.running && !chosen.has(row));
  // Rather one running step more than a line about steps that have ended.
  const spare = room > running.length;
  return {
    shown: whole.filter((row) => chosen.has(row)),
    folded: spare ? folded.map(({ step }) => step) : [],
  };
}

function lastOf<T>(items: readonly T[], count: number): readonly T[] {
  return count > 0 ? items.slice(-count) : [];
}

/** What is said of steps for which there is no room. */
function foldLine(steps: readonly Step[], { columns, palette }: Frame): string {
  const count = (role: Role) => steps.filter((step) => outcome(step).role === role).length;
  const cached = steps.filter((step) => step.error === "" && step.cached).length;
  const more = [
    ...(cached > 0 ? [`${cached} cached`] : []),
    ...(count("error") > 0 ? [`${count("error")} failed`] : []),
    ...(count("cancel") > 0 ? [`${count("cancel")} canceled`] : []),
  ];
  const text = ` => ... ${steps.length} ${steps.length === 1 ? "step" : "steps"} done before`;
  const line = truncate(more.length > 0 ? `${text} (${more.join(", ")})` : text, columns - 1);
  return paintText(line, palette, "faint");
}

/** The output below running steps, those with the most first, while there is room beside all running rows. */
function chooseLogs(rows: readonly Row[], room: number, most: number): Map<Row, string[]> {
  const chosen = new Map<Row, string[]>();
  const seen = new Set<Step>();
  const candidates = rows.filter(({ step, running }) => running && addNew(seen, step));
  candidates.sort((a, b) => b.step.log.count - a.step.log.count);
  let free = room - rows.filter((row) => row.running).length;
  for (const row of candidates) {
    const count = Math.min(most, free - SPARE_ROWS);
    if (count < FEWEST_LINES) break;
    const lines = lastLines(row.step, count);
    free -= lines.length;
    chosen.set(row, lines);
  }
  return chosen;
}

/** The end of a step's output as a terminal would show it, without colours. */
function lastLines({ log }: Step, count: number): string[] {
  // Redrawn progress bars count once, so look further back than is shown.
  const tail = log.tail(count * 20);
  const shown = tail.filter((line, index) => !line.overwritten || index === tail.length - 1);
  return shown.slice(-count).map((line) => safeInline(line.text)).filter((text) =>
    text.trim() !== ""
  );
}

function rowLine(
  { text, amount: plainAmount, share, seconds, running, role }: Row,
  { columns, palette }: Frame,
): string {
  const amount = share === undefined ? plainAmount : withBar(plainAmount, share, columns);
  const timer = ` ${formatDuration(seconds < 0.05 ? 0 : seconds)}`;
  const room = Math.max(0, columns - 1 - timer.length);
  const withAmount = amount !== "" && room - amount.length - 1 >= SHORTEST_NAME;
  const left = withAmount
    ? `${truncate(` => ${text}`, room - amount.length - 1)} ${amount}`
    : truncate(` => ${text}`, room);
  const line = truncate(padEnd(left, room) + timer, columns - 1);
  return running ? line : paintText(line, palette, role);
}

/** The amount behind a bar, on terminals that are wide enough. ASCII, because all else is wider on some. */
function withBar(amount: string, share: number, columns: number): string {
  const bar = BARS.find((bar) => columns >= bar.columns);
  if (bar === undefined) return amount;
  const done = Math.floor(share * bar.width);
  const head = done > 0 && done < bar.width ? `${"=".repeat(done - 1)}>` : "=".repeat(done);
  return `[${head.padEnd(bar.width)}] ${amount}`;
}

function logLine(text: string, { columns, palette }: Frame): string {
  return paintText(truncate(` => => # ${text}`, columns - 1), palette, "faint");
}

function alignRight(left: string, right: string, columns: number): string {
  const room = columns - displayWidth(left) - 1;
  if (right === "" || room <= 0) return truncate(left, columns);
  const end = truncate(right, room);
  return `${padEnd(left, columns - displayWidth(end))}${end}`;
}

/** Whatever the daemon counts. */
function shareOf(current: bigint, total: bigint): number {
  return Math.max(0, Math.min(1, Number(current) / Number(total)));
}

function addNew<T>(set: Set<T>, item: T): boolean {
  return set.size !== set.add(item).size;
}
