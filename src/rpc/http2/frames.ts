/** HTTP/2 frames (RFC 9113, section 4 and 6): cutting them out of a byte stream, and writing them. */
import { ProtocolError } from "../../errors.ts";
import { RecordReader } from "../records.ts";

/** Frame types. */
export const FrameType = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

/** Frame flags. */
export const Flag = {
  ACK: 0x1,
  END_STREAM: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const;

/** Identifiers of settings. */
export const Setting = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
} as const;

/** Error codes of RST_STREAM and GOAWAY. */
export const ErrorCode = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
} as const;

/** One frame, or a piece of a DATA frame; `payload` is a view of what was received. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Uint8Array;
}

/** Bytes of a frame's header. */
export const HEADER_SIZE = 9;

/** What a connection starts with on the client's side (RFC 9113, 3.4). */
export const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/**
 * Cuts frames out of a byte stream, which begins with the client's preface where a client sends it. DATA is passed on as it
 * comes, a frame in pieces of which the last one has its END_STREAM: whoever takes it puts messages together, and should not
 * get copies of what was put together before.
 */
export class FrameReader {
  readonly #records: RecordReader;
  #prefaceLeft: number;
  /** The DATA frame that is passed on, and the bytes still to come of it. */
  #data: { frame: Frame; left: number } | undefined;

  constructor(maxPayload: number, from: "client" | "server" = "client") {
    this.#records = new RecordReader(HEADER_SIZE, (header) => {
      const length = payloadLength(header);
      if (length > maxPayload) {
        throw new ProtocolError(`HTTP/2: a frame of ${length} bytes is too large`);
      }
      return isPassedOn(header) ? 0 : length;
    });
    this.#prefaceLeft = from === "client" ? PREFACE.length : 0;
  }

  /**
   * Calls `onFrame` for each frame that `chunk` completes, and for what it has of a DATA frame. Throws a `ProtocolError` if the
   * bytes are not HTTP/2.
   */
  push(chunk: Uint8Array, onFrame: (frame: Frame) => void): void {
    let bytes = this.#prefaceLeft > 0 ? this.#skipPreface(chunk) : chunk;
    while (bytes.length > 0) {
      bytes = this.#data === undefined
        ? this.#records.push(bytes, (record) => this.#take(record, onFrame))
        : this.#passOn(bytes, this.#data, onFrame);
    }
  }

  /** Takes a frame, or the header of one whose payload is passed on: then it returns true. */
  #take(bytes: Uint8Array, onFrame: (frame: Frame) => void): boolean {
    const frame: Frame = {
      type: bytes[3]!,
      flags: bytes[4]!,
      stream: uint32(bytes, 5) & 0x7fffffff,
      payload: bytes.subarray(HEADER_SIZE),
    };
    const left = payloadLength(bytes);
    if (left === 0 || !isPassedOn(bytes)) {
      onFrame(frame);
      return false;
    }
    this.#data = { frame, left };
    return true;
  }

  /** Passes on what `bytes` have of a DATA frame, and returns what follows. */
  #passOn(
    bytes: Uint8Array,
    data: { frame: Frame; left: number },
    onFrame: (frame: Frame) => void,
  ): Uint8Array {
    const payload = bytes.subarray(0, data.left);
    data.left -= payload.length;
    const last = data.left === 0;
    if (last) this.#data = undefined;
    const { type, flags, stream } = data.frame;
    onFrame({ type, flags: last ? flags : flags & ~Flag.END_STREAM, stream, payload });
    return bytes.subarray(payload.length);
  }

  #skipPreface(bytes: Uint8Array): Uint8Array {
    const count = Math.min(this.#prefaceLeft, bytes.length);
    const expected = PREFACE.slice(PREFACE.length - this.#prefaceLeft);
    for (let i = 0; i < count; i++) {
      if (bytes[i] !== expected.charCodeAt(i)) {
        throw new ProtocolError("HTTP/2: the preface is wrong");
      }
    }
    this.#prefaceLeft -= count;
    return bytes.subarray(count);
  }
}

function payloadLength(header: Uint8Array): number {
  return (header[0]! << 16) | (header[1]! << 8) | header[2]!;
}

/** Padded DATA has to be whole. */
function isPassedOn(header: Uint8Array): boolean {
  return header[3] === FrameType.DATA && (header[4]! & Flag.PADDED) === 0;
}

/** Writes a frame's header into `into` at `offset`. */
export function writeHeader(
  into: Uint8Array,
  offset: number,
  { length, type, flags, stream }: { length: number; type: number; flags: number; stream: number },
): void {
  into[offset] = length >>> 16;
  into[offset + 1] = length >>> 8;
  into[offset + 2] = length;
  into[offset + 3] = type;
  into[offset + 4] = flags;
  writeUint32(into, offset + 5, stream);
}

/** A whole small frame. */
export function frameOf(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array,
): Uint8Array {
  const frame = new Uint8Array(HEADER_SIZE + payload.length);
  writeHeader(frame, 0, { length: payload.length, type, flags, stream });
  frame.set(payload, HEADER_SIZE);
  return frame;
}

/** The payload of a SETTINGS frame. */
export function settingsPayload(settings: ReadonlyArray<readonly [number, number]>): Uint8Array {
  const payload = new Uint8Array(settings.length * 6);
  settings.forEach(([id, value], i) => {
    payload[i * 6] = id >>> 8;
    payload[i * 6 + 1] = id;
    writeUint32(payload, i * 6 + 2, value);
  });
  return payload;
}

/** The settings in a SETTINGS frame's payload. */
export function parseSettings(payload: Uint8Array): [number, number][] {
  if (payload.length % 6 !== 0) {
    throw new ProtocolError("HTTP/2: a SETTINGS frame has a bad length");
  }
  const settings: [number, number][] = [];
  for (let i = 0; i < payload.length; i += 6) {
    settings.push([(payload[i]! << 8) | payload[i + 1]!, uint32(payload, i + 2)]);
  }
  return settings;
}

/** Four bytes holding `value`. */
export function uint32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeUint32(bytes, 0, value);
  return bytes;
}

/** The big-endian number at `offset`; 0 past the end. */
export function uint32(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) |
    bytes[offset + 3]!) >>> 0;
}

function writeUint32(into: Uint8Array, offset: number, value: number): void {
  into[offset] = value >>> 24;
  into[offset + 1] = value >>> 16;
  into[offset + 2] = value >>> 8;
  into[offset + 3] = value;
}

/** A frame's payload without its padding (RFC 9113, 6.1). */
export function unpadded({ payload, flags }: Frame): Uint8Array {
  if ((flags & Flag.PADDED) === 0) return payload;
  const padding = payload[0] ?? 0;
  if (padding >= payload.length) throw new ProtocolError("HTTP/2: a frame is all padding");
  return payload.subarray(1, payload.length - padding);
}
