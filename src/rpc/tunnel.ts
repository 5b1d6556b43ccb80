/**
 * A byte pipe inside one gRPC call: BuildKit's `Control.Session`, whose two streams of BytesMessage carry a whole HTTP/2
 * connection (session/grpchijack). Spoken on node:http2 directly, because a message at a time through a gRPC library costs more
 * than moving the bytes.
 */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import http2 from "node:http2";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { BytesMessage } from "../gen/control.ts";
import { FRAME_HEADER, FrameDecoder, writeFrameHeader } from "./envelope.ts";
import { RpcError, StatusCode } from "./status.ts";

/** Flow control window for the stream and the connection: one round trip must never hold a transfer back. */
export const WINDOW_SIZE = 16 << 20;

/** Largest piece put into one message; far below the 16 MiB that the daemon accepts. */
const MAX_PIECE = 1 << 20;

/** How long the peer may take to end its side after we ended ours, in milliseconds. */
const CLOSE_GRACE_MS = 2_000;

/** What a tunnel's call says about itself. */
export interface TunnelOptions {
  /** `/package.Service/Method` of a method with BytesMessage both ways. */
  path: string;
  authority: string;
  metadata: Readonly<Record<string, string | string[]>>;
}

/** Opens the call on a connected socket, which the tunnel owns from now on. */
export function openTunnel(socket: Socket, options: TunnelOptions): Tunnel {
  return new Tunnel(socket, options);
}

/** The pipe as a Node Duplex: what is written goes into BytesMessages, what comes out of them is read. */
export class Tunnel extends Duplex {
  readonly #connection: http2.ClientHttp2Session;
  readonly #stream: http2.ClientHttp2Stream;
  readonly #decoder = new FrameDecoder();
  readonly #socket: Socket;
  #ended = false;

  constructor(socket: Socket, { path, authority, metadata }: TunnelOptions) {
    super({
      readableHighWaterMark: MAX_PIECE,
      writableHighWaterMark: MAX_PIECE,
      autoDestroy: true,
    });
    this.#socket = socket;
    this.#connection = http2.connect(`http://${authority}`, {
      createConnection: () => socket,
      settings: { initialWindowSize: WINDOW_SIZE, enablePush: false },
      maxSessionMemory: 1 << 10,
    });
    this.#connection.on("error", (error) => this.destroy(error));
    this.#connection.on("close", () => this.#lost("the connection was closed"));
    this.#connection.once("connect", () => this.#connection.setLocalWindowSize(WINDOW_SIZE));
    this.#stream = this.#connection.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...metadata,
    });
    this.#receive();
  }

  #receive(): void {
    const stream = this.#stream;
    stream.on("data", (chunk: Uint8Array) => this.#unwrap(chunk));
    stream.on("response", (headers) => this.#checkStatus(headers));
    stream.on("trailers", (headers) => this.#checkStatus(headers));
    stream.on("error", (error) => this.destroy(error));
    stream.on("end", () => {
      this.#ended = true;
      this.push(null);
    });
    stream.on("close", () => this.#lost("the daemon ended the session"));
  }

  #lost(why: string): void {
    if (!this.#ended && !this.destroyed) this.destroy(new RpcError(StatusCode.UNAVAILABLE, why));
  }

  #checkStatus(headers: http2.IncomingHttpHeaders & { ":status"?: number | undefined }): void {
    const status = headers["grpc-status"];
    if (status !== undefined && status !== "0") {
      const text = decodeURIComponent(String(headers["grpc-message"] ?? "no message"));
      this.destroy(new RpcError(Number(status), text));
    } else if (headers[":status"] !== undefined && headers[":status"] !== 200) {
      this.destroy(new RpcError(StatusCode.UNAVAILABLE, `HTTP status ${headers[":status"]}`));
    }
  }

  #unwrap(chunk: Uint8Array): void {
    try {
      for (const message of this.#decoder.push(chunk)) {
        const { data } = BytesMessage.decode(message);
        if (data.length > 0 && !this.push(data)) this.#stream.pause();
      }
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#stream.cork();
    let last = true;
    for (let offset = 0; offset < chunk.length; offset += MAX_PIECE) {
      const piece = chunk.subarray(offset, offset + MAX_PIECE);
      this.#stream.write(messageHeader(piece.length));
      last = this.#stream.write(piece);
    }
    this.#stream.uncork();
    this.#whenWritable(last, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), "buffer", done);
  }

  #whenWritable(room: boolean, done: (error?: Error | null) => void): void {
    if (room) done();
    else this.#stream.once("drain", () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#stream.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#connection.destroy();
    this.#socket.destroy();
    done(error);
  }

  /** Ends both sides in order, waits for the daemon to end its own, then until the socket is closed. */
  async close(): Promise<void> {
    const socketClosed = this.#socket.closed ? undefined : once(this.#socket, "close");
    if (!this.destroyed) {
      this.end();
      await this.#peerEnd();
      this.destroy();
    }
    await socketClosed;
  }

  async #peerEnd(): Promise<void> {
    if (this.#ended || this.#stream.closed) return;
    const grace = new AbortController();
    const timer = setTimeout(() => grace.abort(), CLOSE_GRACE_MS);
    // Whatever still comes is for a session that is over.
    this.#stream.removeAllListeners("data").resume();
    try {
      await once(this.#stream, "close", { signal: grace.signal });
    } catch {
      // Either the grace is over or the stream broke: both mean that there is nothing left to wait for.
    } finally {
      clearTimeout(timer);
    }
  }
}

/** gRPC frame header, then field 1 of BytesMessage with its length: what stands before `length` bytes of data. */
function messageHeader(length: number): Uint8Array {
  const prefix = [0x0a];
  let rest = length;
  while (rest > 0x7f) {
    prefix.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  prefix.push(rest);
  const header = new Uint8Array(FRAME_HEADER + prefix.length);
  writeFrameHeader(header, 0, prefix.length + length);
  header.set(prefix, FRAME_HEADER);
  return header;
}
