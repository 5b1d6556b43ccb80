/** Remembers of the status stream what a failure needs: the names of the steps, and the end of their output. */
import type { StatusResponse } from "../gen/control.ts";
import { isCanceled } from "../progress/canceled.ts";
import { safeLine } from "../progress/safe_text.ts";
import { StepLog } from "../progress/step_log.ts";

/** The step that a build failed at. */
export interface FailedStep {
  /** The digest of its vertex. */
  readonly digest: string;
  /** As progress shows it, for example `[2/3] RUN make`. */
  readonly name: string;
  /** The last lines of its output, without control characters. */
  readonly log: readonly string[];
}

/** Lines kept of each step's output, and characters of each line: a failure must not grow with what a build prints. */
const MAX_LINES = 50;
const MAX_LINE_LENGTH = 1_000;
/** Steps that are remembered, and those of them whose output is: nor must it grow with what a daemon makes up. */
const MAX_STEPS = 50_000;
const MAX_LOGS = 200;

/** Takes in the messages of one build. */
export class StepRecorder {
  readonly #names = new Map<string, string>();
  readonly #errors = new Map<string, string>();
  readonly #logs = new Map<string, StepLog>();

  /** Takes the next message of the status stream. */
  note({ vertexes, logs }: StatusResponse): void {
    for (const { digest, name, error, completed } of vertexes) {
      if (name !== "") remember(this.#names, digest, shorten(name), MAX_STEPS);
      if (error !== "" && !isCanceled(error)) {
        remember(this.#errors, digest, error, MAX_LOGS);
      } else if (completed !== undefined) this.#logs.delete(digest);
    }
    for (const { vertex, msg, stream } of logs) {
      let log = this.#logs.get(vertex);
      if (log === undefined) remember(this.#logs, vertex, log = new StepLog(), MAX_LOGS);
      log.write(msg, Number(stream), 0);
      log.keepLast(MAX_LINES, MAX_LINES * MAX_LINE_LENGTH);
    }
  }

  /**
   * The step that failed: the one with this digest, else the one whose error is part of `message`, else the only one with
   * an error.
   */
  failedStep(digest: string | undefined, message: string): FailedStep | undefined {
    const found = digest ?? this.#findByError(message);
    if (found === undefined) return undefined;
    const log = this.#logs.get(found);
    log?.end();
    const lines = (log?.tail(MAX_LINES) ?? []).map(({ text }) => shorten(safeLine(text, false)));
    return { digest: found, name: this.#names.get(found) ?? "", log: lines };
  }

  #findByError(message: string): string | undefined {
    const failed = [...this.#errors];
    const named = failed.find(([, error]) => message.includes(error));
    return (named ?? (failed.length === 1 ? failed[0] : undefined))?.[0];
  }
}

/** Adds an entry; where there are too many, the oldest one goes. */
function remember<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.set(key, value);
  if (map.size <= most) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}

function shorten(line: string): string {
  return line.length <= MAX_LINE_LENGTH ? line : `${line.slice(0, MAX_LINE_LENGTH)}...`;
}
