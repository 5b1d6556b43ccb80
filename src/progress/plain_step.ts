import type { VertexStatus } from "../gen/control.ts";
import { isCanceled } from "./canceled.ts";
import { formatAmount, formatDuration, formatLogTime, toSeconds } from "./format.ts";
import { totalTime } from "./intervals.ts";
import { completedAt, type Step } from "./model.ts";
import { hasColor, RESET, safeInline, safeLine, safeLines, safeOpenLine } from "./safe_text.ts";
import { decodeText } from "./warning.ts";

/** A running status is printed again after this share of its total, or this many nanoseconds. */
const STATUS_SHARE = 0.05;
const STATUS_INTERVAL = 5_000_000_000n;
/** Milliseconds after which a line of output is shown though it has no end yet, for example a question. */
const OPEN_LINE_DELAY = 500;
/** Longest name where names are cut. */
const NAME_LENGTH = 72;

/** How plain mode's lines look. */
export interface PlainStyle {
  /** Keep the colours that are in the build's output. */
  readonly color: boolean;
  /** Cut the steps' names at 72 characters. */
  readonly shortNames: boolean;
}

/** One step as plain mode shows it: what of it has been printed, and what is to come. */
export class PlainStep {
  readonly step: Step;
  /** Counted from 1 in order of first print; 0 before. */
  number = 0;
  readonly #style: PlainStyle;
  readonly #statuses = new Map<string, VertexStatus>();
  readonly #printedStatuses = new Map<string, VertexStatus>();
  #warnings = 0;
  #lines = 0;
  /** What of the open line has been printed; undefined if it hasn't been begun. */
  #open: string | undefined;
  #openSince: { line: number; at: number } | undefined;
  #seen = 0;
  #base = 0;
  #since: number | undefined;
  #ended = true;

  constructor(step: Step, style: PlainStyle) {
    this.step = step;
    this.#style = style;
  }

  /** Starts the clock for the news that have not been shown. */
  notice(now: number): void {
    if (this.step.revision !== this.#base) this.#since ??= now;
    const { open, count } = this.step.log;
    if (open === undefined) this.#openSince = undefined;
    else if (this.#openSince?.line !== count) this.#openSince = { line: count, at: now };
  }

  hasNews(now: number, final: boolean): boolean {
    if (this.step.revision !== this.#seen) return true;
    if (final && !this.#ended && completedAt(this.step) !== undefined) return true;
    return this.#showsOpenLine(now, final) && this.#open !== this.#openText();
  }

  /** Milliseconds since the first of the news of its turn, or since it has news to wait with. */
  waited(now: number): number {
    return this.#since === undefined ? 0 : now - this.#since;
  }

  /** News per millisecond of this turn or wait; the first second counts whole, or a single one would be a flood. */
  rate(now: number): number {
    return (this.step.revision - this.#base) / Math.max(1000, this.waited(now));
  }

  #header(): string {
    const name = safeInline(this.step.name);
    const short = this.#style.shortNames && name.length > NAME_LENGTH;
    return this.#line(short ? `${name.slice(0, NAME_LENGTH)}...` : name);
  }

  /** It gets its turn, and shows its news. */
  enter(now: number, final: boolean): { text: string; ended: boolean } {
    const news = this.print(now, final);
    this.#newTurn();
    return { ...news, text: this.#header() + news.text };
  }

  /** Another step gets its turn. */
  leave(): string {
    this.#newTurn();
    return this.breakLine() + this.#line("...");
  }

  /** Ends the line that is open on the screen; the step prints it again from its start if it goes on. */
  breakLine(): string {
    if (this.#open === undefined) return "";
    const end = lineEnd(this.#open);
    this.#open = undefined;
    return end;
  }

  /** All its news. `ended`: it has no more to say, for now. */
  print(now: number, final: boolean): { text: string; ended: boolean } {
    const ended = this.#isOver(final);
    if (ended) this.step.log.end();
    const hasRest = ended || this.#showsOpenLine(now, final);
    let text = this.#printStatuses() + this.#printWarnings();
    if (text !== "") text = this.breakLine() + text;
    text += this.#printLines() + (hasRest ? this.#printOpenLine() : "");
    this.#seen = this.step.revision;
    this.#ended = ended;
    if (ended) {
      text += this.breakLine() + this.#ending();
      this.#newTurn();
    }
    return { text, ended };
  }

  #newTurn(): void {
    this.#base = this.step.revision;
    this.#since = undefined;
  }

  #line(text: string): string {
    return `#${this.number} ${text}\n`;
  }

  /** A step may complete while parts of its work go on, as when a remote cache is loaded. */
  #isOver(final: boolean): boolean {
    if (completedAt(this.step) === undefined) return false;
    if (final || this.step.error !== "") return true;
    return ![...this.#newStatuses()].some((status) => status.completed === undefined);
  }

  *#newStatuses(): Generator<VertexStatus> {
    for (const status of this.step.statuses.values()) {
      if (this.#statuses.get(status.id) !== status) yield status;
    }
  }

  #printStatuses(): string {
    let text = "";
    for (const status of this.#newStatuses()) {
      this.#statuses.set(status.id, status);
      const before = this.#printedStatuses.get(status.id);
      if (before !== undefined && !isWorthRepeating(before, status)) continue;
      this.#printedStatuses.set(status.id, status);
      text += this.#line(statusText(status));
    }
    return text;
  }

  #printWarnings(): string {
    const news = this.step.warnings.slice(this.#warnings);
    this.#warnings += news.length;
    return news.map(({ short }) => this.#line(`WARN: ${safeInline(decodeText(short))}`)).join("");
  }

  #printLines(): string {
    const { log } = this.step;
    let text = "";
    for (const line of log.from(this.#lines)) {
      text += this.#rest(this.#format(line.seconds, safeLine(line.text, this.#style.color)), true);
    }
    this.#lines = log.count;
    return text;
  }

  #printOpenLine(): string {
    const text = this.#openText();
    return text === undefined ? "" : this.#rest(text, false);
  }

  /** What of a line has not been printed yet. */
  #rest(line: string, complete: boolean): string {
    const begun = this.#open ?? "";
    this.#open = complete ? undefined : line;
    return line.slice(begun.length) + (complete ? lineEnd(line) : "");
  }

  #openText(): string | undefined {
    const { open } = this.step.log;
    if (open === undefined) return undefined;
    return this.#format(open.seconds, safeOpenLine(open.text, this.#style.color));
  }

  #showsOpenLine(now: number, final: boolean): boolean {
    if (this.#openSince === undefined) return false;
    return final || this.#open !== undefined || now - this.#openSince.at >= OPEN_LINE_DELAY;
  }

  #format(seconds: number, text: string): string {
    return `#${this.number} ${formatLogTime(seconds)} ${text}`;
  }

  #ending(): string {
    const { error, cached, runs } = this.step;
    if (error !== "") {
      if (isCanceled(error)) return this.#line("CANCELED");
      return safeLines(`ERROR: ${error}`).map((line) => this.#line(line)).join("");
    }
    if (cached) return this.#line("CACHED");
    return this.#line(`DONE ${formatDuration(toSeconds(totalTime(runs, 0n)))}`);
  }
}

function lineEnd(line: string): string {
  return hasColor(line) && !line.endsWith(RESET) ? `${RESET}\n` : "\n";
}

function isWorthRepeating(
  before: VertexStatus,
  { current, total, timestamp, completed }: VertexStatus,
): boolean {
  if (completed !== undefined) return true;
  if (total > 0n && Number(current - before.current) / Number(total) >= STATUS_SHARE) return true;
  return (timestamp ?? 0n) - (before.timestamp ?? 0n) >= STATUS_INTERVAL;
}

/** What a status says after its step's number, for example `transferring context: 2.00kB 0.1s done`. */
function statusText({ id, current, total, timestamp, started, completed }: VertexStatus): string {
  const words = [safeInline(id)];
  const amount = formatAmount(current, total);
  if (amount !== "") words.push(amount);
  const until = completed ?? timestamp;
  if (started !== undefined && until !== undefined) {
    const seconds = toSeconds(until - started);
    if (seconds > 0.01) words.push(formatDuration(seconds));
  }
  if (completed !== undefined) words.push("done");
  return words.join(" ");
}
