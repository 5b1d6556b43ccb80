import { builtin } from "../runtime/builtin.ts";

/** Work done in one go before others get the event loop: short enough for health checks and signals. */
const BUDGET_MS = 20;

/** Lets long synchronous work give the event loop its turns: `if (turns.due()) await turns.take()`. */
export class Turns {
  #since = performance.now();
  #taken = 0;

  /** Whether enough was done since the last turn. */
  due(): boolean {
    return performance.now() - this.#since > BUDGET_MS;
  }

  /** Lets everything else that is ready run first. */
  async take(): Promise<void> {
    await new Promise<void>((resolve) => {
      // The quicker call takes long to load under Deno: most builds need no second turn.
      if (this.#taken++ === 0) setTimeout(resolve, 0);
      else builtin("timers").setImmediate(resolve);
    });
    this.restart();
  }

  /** To be called after a wait: everything else has had its turn then. */
  restart(): void {
    this.#since = performance.now();
  }
}
