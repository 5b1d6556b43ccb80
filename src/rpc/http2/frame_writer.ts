import { KEPT_SIZE, uninitialized } from "../../runtime/memory.ts";
import { DEFAULT_WINDOW, WINDOW_SIZE } from "./flow_control.ts";
import {
  Flag,
  frameOf,
  FrameType,
  HEADER_SIZE,
  PREFACE,
  Setting,
  settingsPayload,
  uint32Bytes,
  writeHeader,
} from "./frames.ts";
import { MAX_HEADER_LIST } from "./header_blocks.ts";
import { encodeHeaders, type HeaderField } from "./hpack.ts";
import { Outbox } from "./outbox.ts";

/** Payload of a frame unless its receiver allows more. */
const DEFAULT_FRAME_SIZE = 16_384;

/** What we allow, in bytes. */
export const MAX_FRAME_SIZE: number = 1 << 20;

/** Streams that a client may have open. */
export const MAX_STREAMS = 1_000;

/** What goes into one buffer, so that it is one of those that are kept: its headers take less than the rest. */
const DATA_AT_ONCE = KEPT_SIZE - (64 << 10);

const NOTHING = new Uint8Array(0);

/** Bytes on their way out, which their owner cuts off as they are sent. */
interface Source {
  readonly id: number;
  /** Moves the next `length` bytes into `into`. */
  take(into: Uint8Array, offset: number, length: number): void;
}

/** Writes one side's frames; after its end it writes nothing more. */
export class FrameWriter {
  readonly #outbox: Outbox;
  #frameSize = DEFAULT_FRAME_SIZE;
  #ended = false;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#outbox = new Outbox(write);
  }

  /** The peer has said what it takes as a frame's payload. */
  set frameSize(size: number) {
    this.#frameSize = Math.max(size, DEFAULT_FRAME_SIZE);
  }

  /** What a side begins with. */
  begin(role: "client" | "server"): void {
    const isClient = role === "client";
    if (isClient) this.#outbox.push(new TextEncoder().encode(PREFACE));
    const settings = settingsPayload([
      isClient ? [Setting.ENABLE_PUSH, 0] : [Setting.MAX_CONCURRENT_STREAMS, MAX_STREAMS],
      [Setting.INITIAL_WINDOW_SIZE, WINDOW_SIZE],
      [Setting.MAX_FRAME_SIZE, MAX_FRAME_SIZE],
      [Setting.MAX_HEADER_LIST_SIZE, MAX_HEADER_LIST],
    ]);
    this.#frame(FrameType.SETTINGS, 0, 0, settings);
    this.windowUpdate(0, WINDOW_SIZE - DEFAULT_WINDOW);
  }

  headers(stream: number, fields: readonly HeaderField[], last: boolean): void {
    const flags = Flag.END_HEADERS | (last ? Flag.END_STREAM : 0);
    this.#frame(FrameType.HEADERS, flags, stream, encodeHeaders(fields));
  }

  data(source: Source, count: number): void {
    for (let left = count; left > 0; left -= DATA_AT_ONCE) {
      this.#dataFrames(source, Math.min(left, DATA_AT_ONCE));
    }
  }

  /** Cuts `count` bytes into frames, all in one buffer: one copy and one write instead of one for each 16 KiB. */
  #dataFrames(source: Source, count: number): void {
    const frames = Math.ceil(count / this.#frameSize);
    const out = uninitialized(count + frames * HEADER_SIZE);
    let at = 0;
    for (let left = count; left > 0; left -= this.#frameSize) {
      const length = Math.min(this.#frameSize, left);
      writeHeader(out, at, { length, type: FrameType.DATA, flags: 0, stream: source.id });
      source.take(out, at + HEADER_SIZE, length);
      at += HEADER_SIZE + length;
    }
    this.#push(out);
  }

  /** Ends our side of a stream without trailers. */
  end(stream: number): void {
    this.#frame(FrameType.DATA, Flag.END_STREAM, stream);
  }

  reset(stream: number, code: number): void {
    this.#frame(FrameType.RST_STREAM, 0, stream, uint32Bytes(code));
  }

  /** Stream 0 is the connection. */
  windowUpdate(stream: number, growth: number): void {
    if (growth > 0) this.#frame(FrameType.WINDOW_UPDATE, 0, stream, uint32Bytes(growth));
  }

  acknowledgeSettings(): void {
    this.#frame(FrameType.SETTINGS, Flag.ACK, 0);
  }

  acknowledgePing(payload: Uint8Array): void {
    this.#frame(FrameType.PING, Flag.ACK, 0, payload);
  }

  /** Says goodbye, and sends all that was written. */
  goaway(lastStream: number, code: number): void {
    const payload = new Uint8Array(8);
    payload.set(uint32Bytes(lastStream));
    payload.set(uint32Bytes(code), 4);
    this.#frame(FrameType.GOAWAY, 0, 0, payload);
    this.#outbox.flush();
    this.#ended = true;
  }

  #frame(type: number, flags: number, stream: number, payload: Uint8Array = NOTHING): void {
    this.#push(frameOf(type, flags, stream, payload));
  }

  #push(bytes: Uint8Array): void {
    if (!this.#ended) this.#outbox.push(bytes);
  }
}
