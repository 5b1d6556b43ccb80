/** The engine's streams of JSON values, as /build, /images/load and /images/NAME/push answer (moby api/types/jsonstream). */
import type { Readable } from "node:stream";
import { ProtocolError } from "../errors.ts";

/** One value of such a stream. */
export interface EngineMessage {
  /** Output, in pieces of any size. */
  readonly stream?: string;
  /** What goes on, as a whole or with the part `id`. */
  readonly status?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
  /** What the stream is about: an image's id, a pushed image's digest. */
  readonly aux?: { readonly ID?: string; readonly Digest?: string };
}

/**
 * The values, one a line.
 *
 * @throws {ProtocolError} if a line is none
 */
export async function* engineMessages(stream: Readable): AsyncGenerator<EngineMessage> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines.filter(isNotBlank).map(parse);
  }
  yield* [rest].filter(isNotBlank).map(parse);
}

function isNotBlank(line: string): boolean {
  return line.trim() !== "";
}

function parse(line: string): EngineMessage {
  try {
    return JSON.parse(line) as EngineMessage;
  } catch (cause) {
    const text = JSON.stringify(line.slice(0, 80));
    throw new ProtocolError(`The Docker engine's answer holds ${text}, which is not JSON`, {
      cause,
    });
  }
}
