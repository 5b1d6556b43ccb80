/** gRPC's length-prefixed messages: one flag byte, four length bytes, the message ("gRPC over HTTP2", Length-Prefixed-Message). */
import { ProtocolError } from "../errors.ts";
import { RecordReader } from "./records.ts";

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
  readonly #records = new RecordReader(FRAME_HEADER, messageLength);

  /** The messages that `chunk` completes. Throws a `ProtocolError` on a compressed or oversized message. */
  push(chunk: Uint8Array): Uint8Array[] {
    const messages: Uint8Array[] = [];
    this.#records.push(chunk, (record) => void messages.push(record.subarray(FRAME_HEADER)));
    return messages;
  }

  /** Throws a `ProtocolError` if the stream stopped within a message. */
  end(): void {
    if (this.#records.within) {
      throw new ProtocolError("The peer ended a call within a message");
    }
  }
}

/** The length that a message's header tells. Throws a `ProtocolError` if it is not one that may come. */
export function messageLength(bytes: Uint8Array): number {
  if (bytes[0] !== 0) {
    throw new ProtocolError("The peer sent a compressed message, which was not offered");
  }
  const length = ((bytes[1]! << 24) | (bytes[2]! << 16) | (bytes[3]! << 8) | bytes[4]!) >>> 0;
  if (length > MAX_MESSAGE) {
    throw new ProtocolError(`The peer sent a message of ${length} bytes, more than ${MAX_MESSAGE}`);
  }
  return length;
}
