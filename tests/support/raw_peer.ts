/** An HTTP/2 client that sends just the frames a test tells it to, right or wrong. */
import {
  Flag,
  type Frame,
  frameOf,
  FrameType,
  HEADER_SIZE,
  Setting,
  settingsPayload,
  uint32,
  uint32Bytes,
} from "../../src/rpc/http2/frames.ts";
import { encodeHeaders, type HeaderField, HpackDecoder } from "../../src/rpc/http2/hpack.ts";
import { concat } from "../../src/rpc/concat.ts";
import type { Pipe, PipeReceiver } from "../../src/rpc/pipe.ts";

/** What every connection begins with. */
export const PREFACE = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** A pipe whose other end is this class itself. */
export class RawPeer implements Pipe {
  /** Frames received, in order. */
  readonly frames: Frame[] = [];
  /** Whether the transport says that it has room. */
  room = true;
  readonly #hpack = new HpackDecoder(1 << 20);
  #received: Uint8Array = new Uint8Array();
  #receiver: PipeReceiver | undefined;

  start(receiver: PipeReceiver): void {
    this.#receiver = receiver;
  }

  write(bytes: Uint8Array): boolean {
    this.#received = concat([this.#received, bytes]);
    for (;;) {
      const { length } = this.#received;
      const size = HEADER_SIZE + (length < 3 ? 0 : uint32(this.#received, 0) >>> 8);
      if (length < size) return this.room;
      const [type, flags] = this.#received.subarray(3, 5) as unknown as [number, number];
      const payload = this.#received.subarray(HEADER_SIZE, size);
      this.frames.push({ type, flags, stream: uint32(this.#received, 5), payload });
      this.#received = this.#received.subarray(size);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Sends raw bytes. */
  raw(...parts: Uint8Array[]): void {
    for (const part of parts) this.#receiver!.data(part);
  }

  /** The transport has room again. */
  drain(): void {
    this.room = true;
    this.#receiver!.drained();
  }

  /** Breaks the pipe. */
  fail(error: Error): void {
    this.#receiver!.closed(error);
  }

  /** Preface and settings. */
  hello(settings: Array<[number, number]> = []): this {
    this.raw(PREFACE, frameOf(FrameType.SETTINGS, 0, 0, settingsPayload(settings)));
    return this;
  }

  settings(...settings: Array<[number, number]>): void {
    this.raw(frameOf(FrameType.SETTINGS, 0, 0, settingsPayload(settings)));
  }

  initialWindow(size: number): void {
    this.settings([Setting.INITIAL_WINDOW_SIZE, size]);
  }

  request(stream: number, path: string, fields: HeaderField[] = [], flags = 0): void {
    const block = requestBlock(path, fields);
    this.raw(frameOf(FrameType.HEADERS, Flag.END_HEADERS | flags, stream, block));
  }

  data(stream: number, bytes: Uint8Array, flags = 0): void {
    this.raw(frameOf(FrameType.DATA, flags, stream, bytes));
  }

  end(stream: number): void {
    this.data(stream, new Uint8Array(), Flag.END_STREAM);
  }

  window(stream: number, increment: number): void {
    this.raw(frameOf(FrameType.WINDOW_UPDATE, 0, stream, uint32Bytes(increment)));
  }

  reset(stream: number, code = 8): void {
    this.raw(frameOf(FrameType.RST_STREAM, 0, stream, uint32Bytes(code)));
  }

  /** Frames of a type, of one stream if it is given. */
  of(type: number, stream?: number): Frame[] {
    return this.frames.filter((frame) =>
      frame.type === type && (stream === undefined || frame.stream === stream)
    );
  }

  /** Bytes of DATA received on a stream. */
  size(stream: number): number {
    return this.of(FrameType.DATA, stream).reduce((sum, { payload }) => sum + payload.length, 0);
  }

  /** How much a stream's window, or with 0 the connection's, was raised. */
  raised(stream: number): number {
    return this.of(FrameType.WINDOW_UPDATE, stream)
      .reduce((sum, { payload }) => sum + uint32(payload, 0), 0);
  }

  /** The trailers of a stream, once they came. To be called once a stream and in the order of their coming. */
  trailers(stream: number): Record<string, string> | undefined {
    const last = this.of(FrameType.HEADERS, stream).find(({ flags }) => flags & Flag.END_STREAM);
    return last && Object.fromEntries(this.#hpack.decode(last.payload));
  }

  /** The error code of GOAWAY, if one came. */
  get goaway(): number | undefined {
    const [frame] = this.of(FrameType.GOAWAY);
    return frame && uint32(frame.payload, 4);
  }
}

/** The header block of a gRPC request. */
export function requestBlock(path: string, fields: HeaderField[] = []): Uint8Array {
  return encodeHeaders([
    [":method", "POST"],
    [":scheme", "http"],
    [":path", path],
    [":authority", "localhost"],
    ["content-type", "application/grpc"],
    ["te", "trailers"],
    ...fields,
  ]);
}

/** Lets everything that is due happen: promises, and frames gathered for the end of the turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
