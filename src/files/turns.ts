import { turn } from "../runtime/event_loop.ts";

/** Short enough for health checks and signals. */
const BUDGET_MS = 20;

/** Lets long synchronous work give the event loop its turns: `if (turns.due()) await turns.take()`. */
export class Turns {
  readonly #budgetMs: number;
  #since = performance.now();

  /** `budgetMs` is for how long others have to wait: a turn itself takes some time, too. */
  constructor(budgetMs: number = BUDGET_MS) {
    this.#budgetMs = budgetMs;
  }

  /** Whether enough was done since the last turn. */
  due(): boolean {
    return performance.now() - this.#since > this.#budgetMs;
  }

  /** Lets everything else that is ready run first. */
  async take(): Promise<void> {
    await turn();
    this.restart();
  }

  /** To be called after a wait: everything else has had its turn then. */
  restart(): void {
    this.#since = performance.now();
  }
}
