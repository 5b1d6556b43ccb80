/** What the engine tells of layers on their way, shown as parts of a step. */
import { EngineError } from "../errors.ts";
import type { Engine } from "./engine.ts";
import type { EngineMessage } from "./json_stream.ts";
import type { Step } from "./step_log.ts";

/** States with which a layer has arrived (moby pkg/progress). */
const DONE_REGEXP =
  /^(?:Pull complete|Pushed|Layer already exists|Already exists|Mounted from .*)$/;

/** Shows one message of a pull, push or load; false if it is about something else. */
export function showTransfer(step: Step, { id, status, progressDetail }: EngineMessage): boolean {
  if (status === undefined) return false;
  if (id === undefined) {
    step.log(`${status}\n`);
    return true;
  }
  const { current = 0, total } = progressDetail ?? {};
  const done = DONE_REGEXP.test(status);
  step.part(id, current, { ...(total !== undefined && { total }), done });
  return true;
}

/** The error that a message carries; undefined if it carries none. */
export function refusal(
  engine: Engine,
  action: string,
  { error, errorDetail }: EngineMessage,
): EngineError | undefined {
  const message = errorDetail?.message ?? error;
  if (message === undefined) return undefined;
  return new EngineError(
    "ENGINE_REFUSED",
    `The Docker engine at ${engine.address} could not ${action}: ${message}`,
  );
}
