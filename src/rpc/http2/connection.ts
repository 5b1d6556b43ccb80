/**
 * The serving side of an HTTP/2 connection (RFC 9113), for gRPC over a byte pipe. Our own because node:http2 costs several
 * copies and a stream stack for each chunk of a Duplex, and because it breaks the whole connection on header blocks of more than
 * some CONTINUATION frames: a long ignore file is one header a line.
 */
import { ProtocolError } from "../../errors.ts";
import { concat } from "../concat.ts";
import {
  ErrorCode,
  Flag,
  type Frame,
  frameOf,
  FrameReader,
  FrameType,
  HEADER_SIZE,
  parseSettings,
  Setting,
  settingsPayload,
  uint32,
  uint32Bytes,
  writeHeader,
} from "./frames.ts";
import { encodeHeaders, type HeaderField, HpackDecoder } from "./hpack.ts";
import { Outbox } from "./outbox.ts";
import { Http2Stream, type StreamOwner } from "./stream.ts";

/** Flow control window for each stream and the connection: a round trip must never hold a transfer back. */
const WINDOW_SIZE = 16 << 20;
/** How much is consumed before the peer is told. */
const WINDOW_STEP = 1 << 20;
const DEFAULT_WINDOW = 65_535;
const MAX_WINDOW = 0x7fffffff;
/** Payload of a frame, both ways, unless the peer allows more. */
const DEFAULT_FRAME_SIZE = 16_384;
const MAX_FRAME_SIZE = 1 << 20;
const MAX_STREAMS = 1_000;
/** Bound on one header block: 64 MiB decoded is more than any ignore file, and less than harm. */
const MAX_HEADER_LIST = 64 << 20;
const MAX_HEADER_BLOCK = 32 << 20;

/** What a connection does with bytes and streams. */
export interface ConnectionOptions {
  /** Sends bytes; false means that the transport would rather wait until {@linkcode Connection.transportDrained}. */
  write: (bytes: Uint8Array) => boolean;
  /** Called for every stream that the peer opens. */
  onStream: (stream: Http2Stream) => void;
  /** Called once when the peer broke the protocol; the connection is over. */
  onError: (error: Error) => void;
}

/** One served connection. */
export class Connection implements StreamOwner {
  readonly #options: ConnectionOptions;
  readonly #reader = new FrameReader(MAX_FRAME_SIZE);
  readonly #hpack = new HpackDecoder(MAX_HEADER_LIST);
  readonly #outbox: Outbox;
  readonly #streams = new Map<number, Http2Stream>();
  #writable = true;
  #closed = false;
  #lastStream = 0;
  #sendWindow = DEFAULT_WINDOW;
  #receiveWindow = WINDOW_SIZE;
  #unacknowledged = 0;
  #peerWindow = DEFAULT_WINDOW;
  #peerFrameSize = DEFAULT_FRAME_SIZE;
  #block: { stream: number; last: boolean; parts: Uint8Array[]; size: number } | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#outbox = new Outbox((bytes) => {
      if (!options.write(bytes)) this.#writable = false;
    });
    this.#send(
      FrameType.SETTINGS,
      0,
      0,
      settingsPayload([
        [Setting.MAX_CONCURRENT_STREAMS, MAX_STREAMS],
        [Setting.INITIAL_WINDOW_SIZE, WINDOW_SIZE],
        [Setting.MAX_FRAME_SIZE, MAX_FRAME_SIZE],
        [Setting.MAX_HEADER_LIST_SIZE, MAX_HEADER_LIST],
      ]),
    );
    this.#send(FrameType.WINDOW_UPDATE, 0, 0, uint32Bytes(WINDOW_SIZE - DEFAULT_WINDOW));
  }

  get writable(): boolean {
    return this.#writable;
  }

  /** Takes bytes from the transport. */
  receive(chunk: Uint8Array): void {
    if (this.#closed) return;
    try {
      this.#reader.push(chunk, (frame) => {
        // What a frame caused may have closed the connection.
        if (!this.#closed) this.#handle(frame);
      });
    } catch (error) {
      this.close(error as Error, ErrorCode.PROTOCOL_ERROR);
      this.#options.onError(error as Error);
    }
  }

  /** The transport has room again. */
  transportDrained(): void {
    this.#writable = true;
    for (const stream of [...this.#streams.values()]) stream.progressed();
  }

  /** Ends the connection: tells the peer, breaks off what is open. Idempotent. */
  close(reason: Error, code: number = ErrorCode.NO_ERROR): void {
    if (this.#closed) return;
    this.#send(FrameType.GOAWAY, 0, 0, goawayPayload(this.#lastStream, code));
    this.#outbox.flush();
    this.#closed = true;
    for (const stream of [...this.#streams.values()]) stream.abort(reason);
  }

  #handle(frame: Frame): void {
    if (this.#block !== undefined && frame.type !== FrameType.CONTINUATION) {
      throw new ProtocolError("HTTP/2: a header block was interrupted");
    }
    switch (frame.type) {
      case FrameType.DATA:
        return this.#onData(frame);
      case FrameType.HEADERS:
        return this.#onHeaders(frame);
      case FrameType.CONTINUATION:
        return this.#onContinuation(frame);
      case FrameType.RST_STREAM:
        return this.#onReset(frame);
      case FrameType.SETTINGS:
        return this.#onSettings(frame);
      case FrameType.PING:
        if ((frame.flags & Flag.ACK) === 0) {
          this.#send(FrameType.PING, Flag.ACK, 0, frame.payload.slice());
        }
        return;
      case FrameType.WINDOW_UPDATE:
        return this.#onWindowUpdate(frame);
      case FrameType.PUSH_PROMISE:
        throw new ProtocolError("HTTP/2: a client can't push");
      default:
        // PRIORITY, GOAWAY and unknown types ask nothing of a server.
        return;
    }
  }

  #onData(frame: Frame): void {
    const length = frame.payload.length;
    this.#receiveWindow -= length;
    if (this.#receiveWindow < 0) {
      throw new ProtocolError("HTTP/2: the peer overran the connection's window");
    }
    this.#acknowledge(length);
    const stream = this.#streams.get(frame.stream);
    if (stream === undefined || stream.remoteEnded) {
      if (frame.stream > this.#lastStream) {
        throw new ProtocolError("HTTP/2: data for a stream that was not opened");
      }
      return;
    }
    stream.receiveWindow -= length;
    if (stream.receiveWindow < 0) {
      throw new ProtocolError("HTTP/2: the peer overran a stream's window");
    }
    const bytes = unpadded(frame);
    if (bytes.length < length) stream.consume(length - bytes.length);
    if (bytes.length > 0) stream.listener?.data(bytes);
    if (frame.flags & Flag.END_STREAM) this.#endRemote(stream);
  }

  #endRemote(stream: Http2Stream): void {
    stream.remoteEnded = true;
    stream.listener?.end();
  }

  #onHeaders(frame: Frame): void {
    let block = unpadded(frame);
    if (frame.flags & Flag.PRIORITY) block = block.subarray(5);
    const last = (frame.flags & Flag.END_STREAM) !== 0;
    this.#block = { stream: frame.stream, last, parts: [block], size: block.length };
    if (frame.flags & Flag.END_HEADERS) this.#endBlock();
  }

  #onContinuation(frame: Frame): void {
    const block = this.#block;
    if (block === undefined || block.stream !== frame.stream) {
      throw new ProtocolError("HTTP/2: a continuation of nothing");
    }
    if (frame.payload.length > 0) block.parts.push(frame.payload);
    block.size += frame.payload.length;
    if (block.size > MAX_HEADER_BLOCK) {
      throw new ProtocolError("HTTP/2: a header block is too large");
    }
    if (frame.flags & Flag.END_HEADERS) this.#endBlock();
  }

  #endBlock(): void {
    const { stream: id, last, parts } = this.#block!;
    this.#block = undefined;
    // Decoded even where the stream is of no interest any more: the table is the connection's.
    const fields = this.#hpack.decode(concat(parts));
    const open = this.#streams.get(id);
    if (open !== undefined) {
      if (!last) throw new ProtocolError("HTTP/2: trailers that do not end a stream");
      return this.#endRemote(open);
    }
    if (id % 2 === 0) throw new ProtocolError(`HTTP/2: stream ${id} can't be opened`);
    // Trailers that crossed the end of our answer.
    if (id <= this.#lastStream) return;
    this.#lastStream = id;
    this.#open(id, fields, last);
  }

  #open(id: number, fields: HeaderField[], last: boolean): void {
    const windows = { send: this.#peerWindow, receive: WINDOW_SIZE };
    const stream = new Http2Stream(this, id, fields, windows);
    if (this.#streams.size >= MAX_STREAMS) return this.sendReset(stream, ErrorCode.REFUSED_STREAM);
    this.#streams.set(id, stream);
    this.#options.onStream(stream);
    if (last) this.#endRemote(stream);
  }

  #onReset(frame: Frame): void {
    const stream = this.#streams.get(frame.stream);
    stream?.abort(
      new ProtocolError(`The daemon broke the call off (HTTP/2 error ${uint32(frame.payload, 0)})`),
    );
  }

  #onSettings(frame: Frame): void {
    if (frame.flags & Flag.ACK) return;
    for (const [id, value] of parseSettings(frame.payload)) {
      if (id === Setting.INITIAL_WINDOW_SIZE) this.#resizeWindows(value);
      else if (id === Setting.MAX_FRAME_SIZE) {
        this.#peerFrameSize = Math.min(Math.max(value, DEFAULT_FRAME_SIZE), MAX_FRAME_SIZE);
      }
    }
    this.#send(FrameType.SETTINGS, Flag.ACK, 0, new Uint8Array(0));
    this.#resume();
  }

  #resizeWindows(size: number): void {
    if (size > MAX_WINDOW) throw new ProtocolError("HTTP/2: a window is too large");
    for (const stream of this.#streams.values()) stream.sendWindow += size - this.#peerWindow;
    this.#peerWindow = size;
  }

  #onWindowUpdate(frame: Frame): void {
    const increment = uint32(frame.payload, 0) & MAX_WINDOW;
    if (increment === 0) throw new ProtocolError("HTTP/2: a window update of nothing");
    if (frame.stream === 0) {
      this.#sendWindow += increment;
      if (this.#sendWindow > MAX_WINDOW) throw new ProtocolError("HTTP/2: a window is too large");
      return this.#resume();
    }
    const stream = this.#streams.get(frame.stream);
    if (stream === undefined) return;
    stream.sendWindow += increment;
    if (stream.sendWindow > MAX_WINDOW) throw new ProtocolError("HTTP/2: a window is too large");
    this.sendWaiting(stream);
    stream.progressed();
  }

  /** Streams that wait take turns: whoever was served goes to the end of the line. */
  #resume(): void {
    for (const stream of [...this.#streams.values()]) {
      if (this.#sendWindow <= 0) return;
      if (stream.waitingSize === 0 || stream.sendWindow <= 0) continue;
      this.#streams.delete(stream.id);
      this.#streams.set(stream.id, stream);
      this.sendWaiting(stream);
      stream.progressed();
    }
  }

  sendWaiting(stream: Http2Stream): void {
    while (stream.waitingSize > 0) {
      const room = Math.min(this.#sendWindow, stream.sendWindow);
      if (room <= 0) return;
      const bytes = stream.waiting[0]!;
      const count = Math.min(room, bytes.length);
      this.#sendData(stream.id, count === bytes.length ? bytes : bytes.subarray(0, count));
      if (count === bytes.length) stream.waiting.shift();
      else stream.waiting[0] = bytes.subarray(count);
      stream.waitingSize -= count;
      stream.sendWindow -= count;
      this.#sendWindow -= count;
    }
  }

  /** Cuts bytes into frames, all in one buffer: one copy instead of a write for each 16 KiB. */
  #sendData(stream: number, bytes: Uint8Array): void {
    const frames = Math.ceil(bytes.length / this.#peerFrameSize);
    const out = new Uint8Array(bytes.length + frames * HEADER_SIZE);
    let at = 0;
    for (let offset = 0; offset < bytes.length; offset += this.#peerFrameSize) {
      const length = Math.min(this.#peerFrameSize, bytes.length - offset);
      writeHeader(out, at, { length, type: FrameType.DATA, flags: 0, stream });
      out.set(bytes.subarray(offset, offset + length), at + HEADER_SIZE);
      at += HEADER_SIZE + length;
    }
    this.#outbox.push(out);
  }

  sendHeaders(stream: Http2Stream, fields: readonly HeaderField[], last: boolean): void {
    const flags = Flag.END_HEADERS | (last ? Flag.END_STREAM : 0);
    this.#send(FrameType.HEADERS, flags, stream.id, encodeHeaders(fields));
  }

  sendReset(stream: Http2Stream, code: number): void {
    this.#send(FrameType.RST_STREAM, 0, stream.id, uint32Bytes(code));
  }

  consumed(stream: Http2Stream, count: number): void {
    stream.unacknowledged += count;
    if (stream.unacknowledged < WINDOW_STEP) return;
    stream.receiveWindow += stream.unacknowledged;
    this.#send(FrameType.WINDOW_UPDATE, 0, stream.id, uint32Bytes(stream.unacknowledged));
    stream.unacknowledged = 0;
  }

  /** The connection's window is given back on arrival: each stream's own window bounds what can pile up. */
  #acknowledge(count: number): void {
    this.#unacknowledged += count;
    if (this.#unacknowledged < WINDOW_STEP) return;
    this.#receiveWindow += this.#unacknowledged;
    this.#send(FrameType.WINDOW_UPDATE, 0, 0, uint32Bytes(this.#unacknowledged));
    this.#unacknowledged = 0;
  }

  forget(stream: Http2Stream): void {
    this.#streams.delete(stream.id);
  }

  #send(type: number, flags: number, stream: number, payload: Uint8Array): void {
    if (!this.#closed) this.#outbox.push(frameOf(type, flags, stream, payload));
  }
}

function unpadded({ payload, flags }: Frame): Uint8Array {
  if ((flags & Flag.PADDED) === 0) return payload;
  const padding = payload[0] ?? 0;
  if (padding >= payload.length) throw new ProtocolError("HTTP/2: a frame is all padding");
  return payload.subarray(1, payload.length - padding);
}

function goawayPayload(lastStream: number, code: number): Uint8Array {
  const payload = new Uint8Array(8);
  payload.set(uint32Bytes(lastStream));
  payload.set(uint32Bytes(code), 4);
  return payload;
}
