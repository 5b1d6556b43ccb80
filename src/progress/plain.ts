import type { StatusResponse } from "../gen/control.ts";
import type { Output } from "./display.ts";
import { errorBlocks } from "./error_block.ts";
import { completedAt, initialState, isRunning, reduce, type Step } from "./model.ts";
import type { Painter } from "./painter.ts";
import { PlainStep, type PlainStyle } from "./plain_step.ts";
import { safeInline } from "./safe_text.ts";

/** Lines of a failed step's output that are shown again at the end. */
const ERROR_LINES = 10;
/** Milliseconds that a running step with news may wait for its turn. */
const LONGEST_WAIT = 10_000;
/** Milliseconds that a step is shown before an equally busy one replaces it; twice that if both are equal. */
const SHORTEST_TURN = 5_000;

/** What plain mode can be told. */
export interface PlainOptions extends PlainStyle {
  /** A line above everything else. */
  readonly title?: string | undefined;
}

/**
 * Plain mode: lines that only ever get more, each with the number of its step. One step is shown at a time. Numbers
 * and lines are those of BuildKit's own clients (progressui printer.go), except that a line of output never is begun
 * for one step, left for another and begun again, unless it stays without end for long.
 */
export class PlainPainter implements Painter {
  readonly #out: Output;
  readonly #options: PlainOptions;
  readonly #state = initialState();
  readonly #views = new Map<Step, PlainStep>();
  #current: PlainStep | undefined;
  #numbers = 0;
  #started = false;
  #text = "";

  constructor(out: Output, options: PlainOptions) {
    this.#out = out;
    this.#options = options;
  }

  update(status: StatusResponse): void {
    reduce(this.#state, status);
  }

  paint(now: number, final: boolean): void {
    this.#paintSteps(now, final);
    if (final) {
      this.#text += this.#current?.breakLine() ?? "";
      this.#text += errorBlocks(this.#state.started, ERROR_LINES, this.#options.color);
    }
    if (this.#text === "") return;
    this.#out.write(this.#text);
    this.#text = "";
  }

  #paintSteps(now: number, final: boolean): void {
    const fresh = this.#fresh(now, final);
    const ended = fresh.filter(({ step }) => !isRunning(step)).sort(byCompletion);
    const running = fresh.filter(({ step }) => isRunning(step));
    const before = this.#current;
    if (before !== undefined && ended.includes(before)) this.#show(before, now, final);
    for (const view of ended) if (view !== before) this.#show(view, now, final);
    if (final) {
      for (const view of running) this.#show(view, now, final);
    } else if (running.length > 0) {
      this.#showRunning(before, running, now);
    } else if (this.#current === undefined) {
      const waitedFor = [...this.#state.started].find((step) => step.visible && isRunning(step));
      if (waitedFor !== undefined) this.#show(this.#view(waitedFor), now, false);
    }
  }

  /** Shows the step that was shown last if it has news; another one if that has waited long enough. */
  #showRunning(before: PlainStep | undefined, running: PlainStep[], now: number): void {
    if (before !== undefined && running.includes(before)) this.#show(before, now, false);
    const rest = running.filter((view) => view !== before);
    const busiest = maxBy(rest, (view) => view.rate(now));
    if (busiest === undefined) return;
    if (before === undefined || !isRunning(before.step) || this.#turnIsOver(before, running, now)) {
      this.#show(busiest, now, false);
      return;
    }
    const overdue = rest.find((view) => view.waited(now) > LONGEST_WAIT);
    if (overdue !== undefined) this.#show(overdue, now, false);
  }

  /** The more of all news is the current step's, the longer it stays. */
  #turnIsOver(current: PlainStep, running: PlainStep[], now: number): boolean {
    const all = new Set(running).add(current);
    const total = [...all].reduce((sum, view) => sum + view.rate(now), 0);
    const others = total - current.rate(now);
    return current.waited(now) * others > SHORTEST_TURN * total;
  }

  #fresh(now: number, final: boolean): PlainStep[] {
    const fresh: PlainStep[] = [];
    for (const step of this.#state.started) {
      const view = this.#view(step);
      view.notice(now);
      if (view.hasNews(now, final)) fresh.push(view);
    }
    return fresh;
  }

  #view(step: Step): PlainStep {
    let view = this.#views.get(step);
    if (view === undefined) this.#views.set(step, view = new PlainStep(step, this.#options));
    return view;
  }

  #show(view: PlainStep, now: number, final: boolean): void {
    if (view.number === 0) view.number = ++this.#numbers;
    const isNew = view !== this.#current;
    if (isNew) this.#text += this.#separator();
    const { text, ended } = isNew ? view.enter(now, final) : view.print(now, final);
    this.#text += text;
    this.#current = ended ? undefined : view;
    view.step.log.keepLast(ERROR_LINES);
  }

  /** What comes between two steps. */
  #separator(): string {
    if (this.#started) return `${this.#current?.leave() ?? ""}\n`;
    this.#started = true;
    const { title } = this.#options;
    return title === undefined ? "" : `#0 ${safeInline(title)}\n\n`;
  }
}

function byCompletion(a: PlainStep, b: PlainStep): number {
  return Number((completedAt(a.step) ?? 0n) - (completedAt(b.step) ?? 0n));
}

function maxBy<T>(items: readonly T[], value: (item: T) => number): T | undefined {
  let best: T | undefined;
  for (const item of items) {
    if (best === undefined || value(item) > value(best)) best = item;
  }
  return best;
}
