/**
 * Events as JSON lines: each event an object, its fields as they are, but for the bytes of a `log` event. Those are in
 * `text` where they are UTF-8, and in `base64` where they are not, as when a character was cut in two: one of both, so
 * that nothing is lost.
 */
import { builtin } from "../runtime/builtin.ts";
import { ProtocolError } from "../errors.ts";
import type { BuildEvent, LogEvent } from "./events.ts";

/** The event as one line of JSON, without the line's end. */
export function eventToJson(event: BuildEvent): string {
  return JSON.stringify(event.type === "log" ? logToJson(event) : event);
}

/**
 * The event in one line that {@linkcode eventToJson} made.
 *
 * @throws {ProtocolError} if it is not such a line
 */
export function eventFromJson(line: string): BuildEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw notAnEvent(line, error);
  }
  if (typeof value !== "object" || value === null || !("type" in value)) throw notAnEvent(line);
  if (value.type !== "log") return value as BuildEvent;
  const { text, base64, ...rest } = value as { text?: unknown; base64?: unknown };
  if (typeof text !== "string" && typeof base64 !== "string") throw notAnEvent(line);
  const data = typeof text === "string"
    ? new TextEncoder().encode(text)
    : builtin("buffer").Buffer.from(base64 as string, "base64");
  return { ...rest, data: new Uint8Array(data) } as LogEvent;
}

function logToJson({ data, ...rest }: LogEvent): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    return { ...rest, text };
  } catch (error) {
    // Not UTF-8.
    if (!(error instanceof TypeError)) throw error;
    return { ...rest, base64: builtin("buffer").Buffer.from(data).toString("base64") };
  }
}

function notAnEvent(line: string, cause?: unknown): ProtocolError {
  const start = line.length > 80 ? `${line.slice(0, 80)}\u2026` : line;
  return new ProtocolError(`Cannot read progress: not an event: ${start}`, { cause });
}
