/** gRPC's length-prefixed messages: one flag byte, four length bytes, the message ("gRPC over HTTP2", Length-Prefixed-Message). */
import { ProtocolError } from "../errors.ts";
import { concat } from "./concat.ts";

/** Bytes before each message. */
export const FRAME_HEADER = 5;

/** Largest message accepted, as the Go side: 16 MiB. */
export const MAX_MESSAGE = 16 << 20;

/** One message with its header. */
export function envelope(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER + message.length);
  writeFrameHeader(frame, 0, message.length);
  frame.set(message, FRAME_HEADER);
  return frame;
}

/** Writes the header of a message of `length` bytes at `offset`. */
export function writeFrameHeader(into: Uint8Array, offset: number, length: number): void {
  into[offset] = 0;
  into[offset + 1] = length >>> 24;
  into[offset + 2] = length >>> 16;
  into[offset + 3] = length >>> 8;
  into[offset + 4] = length;
}

/**
 * Cuts a byte stream into messages, whatever its chunks. A message that lies within one chunk is a view of it, not a copy.
 */
export class FrameDecoder {
  #pending: Uint8Array[] = [];
  #buffered = 0;
  /** Bytes needed before the next step: a header, or a header and its message. */
  #wanted = FRAME_HEADER;

  /** The messages that `chunk` completes. Throws a `ProtocolError` on a compressed or oversized message. */
  push(chunk: Uint8Array): Uint8Array[] {
    this.#buffered += chunk.length;
    this.#pending.push(chunk);
    if (this.#buffered < this.#wanted) return [];
    let bytes = concat(this.#pending);
    const messages: Uint8Array[] = [];
    for (;;) {
      const length = bytes.length < FRAME_HEADER ? undefined : messageLength(bytes);
      this.#wanted = FRAME_HEADER + (length ?? 0);
      if (length === undefined || bytes.length < this.#wanted) break;
      messages.push(bytes.subarray(FRAME_HEADER, this.#wanted));
      bytes = bytes.subarray(this.#wanted);
    }
    this.#pending = bytes.length > 0 ? [bytes] : [];
    this.#buffered = bytes.length;
    return messages;
  }

  /** Throws a `ProtocolError` if the stream stopped within a message. */
  end(): void {
    if (this.#buffered > 0) throw new ProtocolError("The peer ended a call within a message");
  }
}

function messageLength(bytes: Uint8Array): number {
  if (bytes[0] !== 0) {
    throw new ProtocolError("The peer sent a compressed message, which was not offered");
  }
  const length = ((bytes[1]! << 24) | (bytes[2]! << 16) | (bytes[3]! << 8) | bytes[4]!) >>> 0;
  if (length > MAX_MESSAGE) {
    throw new ProtocolError(`The peer sent a message of ${length} bytes, more than ${MAX_MESSAGE}`);
  }
  return length;
}
