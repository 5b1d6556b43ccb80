/**
 * One side of an HTTP/2 connection (RFC 9113), for gRPC over any byte stream. Our own because node:http2 costs several copies
 * and a write for each 16 KiB, and because it breaks the whole connection on header blocks of more than some CONTINUATION frames: a
 * long ignore file is one header a line, and a build error carries its Dockerfile in a trailer.
 */
import { ProtocolError } from "../../errors.ts";
import { DEFAULT_WINDOW, ReceiveWindow, SendWindow } from "./flow_control.ts";
import { FrameWriter, MAX_FRAME_SIZE, MAX_STREAMS } from "./frame_writer.ts";
import {
  ErrorCode,
  Flag,
  type Frame,
  FrameReader,
  FrameType,
  parseSettings,
  Setting,
  uint32,
  unpadded,
} from "./frames.ts";
import { type HeaderBlock, HeaderBlocks, MAX_HEADER_LIST } from "./header_blocks.ts";
import type { HeaderField } from "./hpack.ts";
import { Http2Stream, type StreamListener, type StreamOwner, StreamResetError } from "./stream.ts";

/** A stream's id, or how much a window grows: their first bit means nothing. */
const MASK_31 = 0x7fffffff;
/** Answers that the peer may cause while it takes none: pings and settings want one each, and so does every stream. */
const MAX_UNTAKEN = 10_000;
/** Bytes of headers of all streams that are open: two of the longest ignore files. */
const MAX_HEADERS = 2 * MAX_HEADER_LIST;

/** What a connection does with bytes and streams. */
export interface ConnectionOptions {
  /** Which side we are. @default "server" */
  role?: "client" | "server";
  /** Sends bytes; false means that the transport would rather wait until {@linkcode Connection.transportDrained}. */
  write: (bytes: Uint8Array) => boolean;
  /** Called for every stream that the peer opens; only a client does. */
  onStream?: (stream: Http2Stream) => void;
  /** Called when the peer has said its first word. */
  onGreeting?: () => void;
  /** Called when the peer takes no more streams. */
  onGoaway?: () => void;
  /** Called once when the peer broke the protocol; the connection is over. */
  onError: (error: Error) => void;
}

/** One connection. */
export class Connection implements StreamOwner {
  readonly #options: ConnectionOptions;
  readonly #isClient: boolean;
  readonly #reader: FrameReader;
  readonly #headerBlocks = new HeaderBlocks();
  readonly #writer: FrameWriter;
  readonly #streams = new Map<number, Http2Stream>();
  #writable = true;
  /** Answers caused since the transport had no room. */
  #untaken = 0;
  #headersSize = 0;
  #closed = false;
  #lastStream = 0;
  readonly #sendWindow = new SendWindow(DEFAULT_WINDOW);
  readonly #receiveWindow = new ReceiveWindow();
  /** What the peer's streams begin with. */
  readonly #peerWindow = new SendWindow(DEFAULT_WINDOW);

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { role = "server" } = options;
    this.#isClient = role === "client";
    this.#reader = new FrameReader(MAX_FRAME_SIZE, this.#isClient ? "server" : "client");
    this.#writer = new FrameWriter((bytes) => {
      if (!options.write(bytes)) this.#writable = false;
    });
    this.#writer.begin(role);
  }

  get writable(): boolean {
    return this.#writable;
  }

  /** Opens a stream, as a client. */
  open(fields: readonly HeaderField[], listener: StreamListener): Http2Stream {
    this.#lastStream += this.#lastStream === 0 ? 1 : 2;
    const stream = this.#newStream(this.#lastStream, fields);
    stream.listener = listener;
    this.#streams.set(stream.id, stream);
    this.sendHeaders(stream, fields, false);
    return stream;
  }

  #newStream(id: number, fields: readonly HeaderField[]): Http2Stream {
    return new Http2Stream(this, id, fields, this.#peerWindow.size);
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
    this.#untaken = 0;
    for (const stream of [...this.#streams.values()]) stream.progressed();
  }

  /** Ends the connection: tells the peer, breaks off what is open. Idempotent. */
  close(reason: Error, code: number = ErrorCode.NO_ERROR): void {
    if (this.#closed) return;
    this.#writer.goaway(this.#lastStream, code);
    this.#closed = true;
    for (const stream of [...this.#streams.values()]) stream.abort(reason);
  }

  #handle(frame: Frame): void {
    this.#headerBlocks.check(frame);
    switch (frame.type) {
      case FrameType.DATA:
        return this.#onData(frame);
      case FrameType.HEADERS:
        return this.#onBlock(this.#headerBlocks.begin(frame));
      case FrameType.CONTINUATION:
        return this.#onBlock(this.#headerBlocks.proceed(frame));
      case FrameType.RST_STREAM:
        return this.#streams.get(frame.stream)?.abort(
          new StreamResetError(uint32(frame.payload, 0)),
        );
      case FrameType.SETTINGS:
        return this.#onSettings(frame);
      case FrameType.PING:
        return this.#onPing(frame);
      case FrameType.GOAWAY:
        return this.#onGoaway(frame);
      case FrameType.WINDOW_UPDATE:
        return this.#onWindowUpdate(frame);
      case FrameType.PUSH_PROMISE:
        throw new ProtocolError("HTTP/2: nobody may push here");
      default:
        // PRIORITY and unknown types ask nothing of us.
        return;
    }
  }

  /** A peer that asks and does not read would have the answers pile up here. */
  #countAnswer(): void {
    if (this.#writable || ++this.#untaken <= MAX_UNTAKEN) return;
    throw new ProtocolError("HTTP/2: the peer wants answers without end and takes none");
  }

  #onPing(frame: Frame): void {
    if (frame.flags & Flag.ACK) return;
    this.#countAnswer();
    this.#writer.acknowledgePing(frame.payload);
  }

  /** The peer takes no more streams; those after the last that it names it has not even looked at. */
  #onGoaway(frame: Frame): void {
    if (!this.#isClient) return;
    this.#options.onGoaway?.();
    const last = uint32(frame.payload, 0) & MASK_31;
    for (const stream of [...this.#streams.values()]) {
      if (stream.id > last) stream.abort(new StreamResetError(ErrorCode.REFUSED_STREAM));
    }
  }

  #onData(frame: Frame): void {
    const length = frame.payload.length;
    this.#receiveWindow.take(length, "the connection's");
    // The connection's window is given back on arrival: each stream's own window bounds what can pile up.
    this.#writer.windowUpdate(0, this.#receiveWindow.giveBack(length));
    const stream = this.#streams.get(frame.stream);
    if (stream === undefined || stream.remoteEnded) {
      if (frame.stream > this.#lastStream) {
        throw new ProtocolError("HTTP/2: data for a stream that was not opened");
      }
      return;
    }
    stream.receiveWindow.take(length, "a stream's");
    const bytes = unpadded(frame);
    if (bytes.length < length) stream.consume(length - bytes.length);
    if (bytes.length > 0) stream.listener?.data(bytes);
    if (frame.flags & Flag.END_STREAM) this.#endRemote(stream);
  }

  #endRemote(stream: Http2Stream): void {
    stream.endRemote();
    // A call is over with its answer, whatever we had left to say.
    if (this.#isClient && !stream.closed) stream.reset(ErrorCode.NO_ERROR);
  }

  #onBlock(block: HeaderBlock | undefined): void {
    if (block === undefined) return;
    const { stream: id, last, fields } = block;
    const open = this.#streams.get(id);
    if (open === undefined) return this.#onUnknown(block);
    if (this.#isClient) open.listener?.headers?.(fields);
    else if (!last) throw new ProtocolError("HTTP/2: trailers that do not end a stream");
    if (last) this.#endRemote(open);
  }

  #onUnknown({ stream: id, last, fields }: HeaderBlock): void {
    // Of streams that are over: they crossed our end.
    if (id % 2 === 1 && id <= this.#lastStream) return;
    if (this.#isClient || id % 2 === 0) {
      throw new ProtocolError(`HTTP/2: stream ${id} can't be opened`);
    }
    this.#lastStream = id;
    this.#countAnswer();
    const stream = this.#newStream(id, fields);
    if (this.#streams.size >= MAX_STREAMS) return this.sendReset(stream, ErrorCode.REFUSED_STREAM);
    stream.headersSize = fields.reduce(
      (size, [name, value]) => size + name.length + value.length,
      0,
    );
    this.#headersSize += stream.headersSize;
    if (this.#headersSize > MAX_HEADERS) {
      throw new ProtocolError("HTTP/2: the headers of all streams are too large");
    }
    this.#streams.set(id, stream);
    this.#options.onStream?.(stream);
    if (last) this.#endRemote(stream);
  }

  #onSettings(frame: Frame): void {
    if (frame.flags & Flag.ACK) return;
    for (const [id, value] of parseSettings(frame.payload)) {
      if (id === Setting.INITIAL_WINDOW_SIZE) this.#resizeWindows(value);
      else if (id === Setting.MAX_FRAME_SIZE) this.#writer.frameSize = value;
    }
    this.#countAnswer();
    this.#writer.acknowledgeSettings();
    this.#options.onGreeting?.();
    this.#resume();
  }

  #resizeWindows(size: number): void {
    const growth = size - this.#peerWindow.size;
    this.#peerWindow.grow(growth);
    for (const stream of this.#streams.values()) stream.sendWindow.grow(growth);
  }

  #onWindowUpdate(frame: Frame): void {
    const growth = uint32(frame.payload, 0) & MASK_31;
    if (growth === 0) throw new ProtocolError("HTTP/2: a window update of nothing");
    if (frame.stream === 0) {
      this.#sendWindow.grow(growth);
      return this.#resume();
    }
    const stream = this.#streams.get(frame.stream);
    if (stream === undefined) return;
    stream.sendWindow.grow(growth);
    this.sendWaiting(stream);
    stream.progressed();
  }

  /** Streams that wait take turns: whoever was served goes to the end of the line. */
  #resume(): void {
    for (const stream of [...this.#streams.values()]) {
      if (this.#sendWindow.size <= 0) return;
      if (stream.waitingSize === 0 || stream.sendWindow.size <= 0) continue;
      this.#streams.delete(stream.id);
      this.#streams.set(stream.id, stream);
      this.sendWaiting(stream);
      stream.progressed();
    }
  }

  sendWaiting(stream: Http2Stream): void {
    const count = Math.min(this.#sendWindow.size, stream.sendWindow.size, stream.waitingSize);
    if (count <= 0) return;
    stream.sendWindow.take(count);
    this.#sendWindow.take(count);
    this.#writer.data(stream, count);
  }

  sendEnd(stream: Http2Stream): void {
    this.#writer.end(stream.id);
  }

  sendHeaders(stream: Http2Stream, fields: readonly HeaderField[], last: boolean): void {
    this.#writer.headers(stream.id, fields, last);
  }

  sendReset(stream: Http2Stream, code: number): void {
    this.#writer.reset(stream.id, code);
  }

  consumed(stream: Http2Stream, count: number): void {
    this.#writer.windowUpdate(stream.id, stream.receiveWindow.giveBack(count));
  }

  forget(stream: Http2Stream): void {
    if (this.#streams.delete(stream.id)) this.#headersSize -= stream.headersSize;
  }
}
