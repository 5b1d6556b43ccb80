import { turn } from "../runtime/event_loop.ts";

/** Work done in one go before others get the event loop: short enough for health checks and signals. */
const BUDGET_MS = 20;

/** The first goes are short: the other side can begin with what they give. Most builds need no second one. */
const FIRST_BUDGET_MS = 5;

/** Lets long synchronous work give the event loop its turns: `if (turns.due()) await turns.take()`. */
export class Turns {
  #since = performance.now();
  #budgetMs = FIRST_BUDGET_MS;

  /** Whether enough was done since the last turn. */
  due(): boolean {
    return performance.now() - this.#since > this.#budgetMs;
  }

  /** Lets everything else that is ready run first. */
  async take(): Promise<void> {
    await turn();
    this.#budgetMs = Math.min(2 * this.#budgetMs, BUDGET_MS);
    this.restart();
  }

  /** To be called after a wait: everything else has had its turn then. */
  restart(): void {
    this.#since = performance.now();
  }
}
