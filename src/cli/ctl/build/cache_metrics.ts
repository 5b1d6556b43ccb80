/** `--debug-json-cache-metrics`: how many steps the cache had (cmd/buildctl/cachemetrics.go). */
import type { StatusResponse } from "../../../gen/control.ts";

const FROM_REGEXP = /^\[.*\] FROM/;
const NOT_THE_USERS_REGEXP = /^(\[internal\]|\[auth\]|importing cache|exporting )/;

interface Step {
  readonly name: string;
  from: boolean;
  cached: boolean;
  completed: boolean;
}

/** Counts the steps of one build. */
export class CacheMetrics {
  readonly #steps = new Map<string, Step>();
  readonly #start = performance.now();

  /** Takes one message of the status stream. */
  note({ vertexes }: StatusResponse): void {
    for (const { digest, name, cached, completed } of vertexes) {
      const step = this.#steps.get(digest) ??
        { name, from: false, cached: false, completed: false };
      this.#steps.set(digest, step);
      step.from ||= FROM_REGEXP.test(name);
      step.cached ||= cached;
      step.completed ||= completed !== undefined;
    }
  }

  /** A line for each step that the cache did not have, then the counts as JSON. */
  report(): string {
    const steps = [...this.#steps.values()];
    const own = steps.filter(({ name }) => !NOT_THE_USERS_REGEXP.test(name));
    const count = (of: readonly Step[], which: (step: Step) => boolean) => of.filter(which).length;
    const missed = own.filter(({ cached, from }) => !cached && !from);
    const metrics = {
      total: steps.length,
      completed: count(steps, ({ completed }) => completed),
      user_total: own.length,
      user_cached: count(own, ({ cached }) => cached),
      user_completed: count(own, ({ completed }) => completed),
      user_cacheable: count(own, ({ from }) => !from),
      from: count(own, ({ from }) => from),
      miss: missed.length,
      client_duration_ms: Math.round(performance.now() - this.#start),
    };
    const lines = missed.map(({ name }) => `cache miss: ${name}`);
    return [...lines, JSON.stringify(metrics), ""].join("\n");
  }
}
