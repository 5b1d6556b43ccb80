/**
 * A byte pipe inside one gRPC call: BuildKit's `Control.Session`, whose two streams of BytesMessage carry a whole HTTP/2
 * connection (session/grpchijack). Spoken on node:http2 directly, because a message at a time through a gRPC library costs more
 * than moving the bytes.
 */
import { once } from "node:events";
import http2 from "node:http2";
import type { Socket } from "node:net";
import { bytesMessageData, bytesMessageHeader } from "./bytes_message.ts";
import { FrameDecoder } from "./envelope.ts";
import type { Pipe, PipeReceiver } from "./pipe.ts";
import { RpcError, StatusCode } from "./status.ts";

/** Flow control window for the stream and the connection: one round trip must never hold a transfer back. */
const WINDOW_SIZE = 16 << 20;

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
export function openTunnel(socket: Socket, options: TunnelOptions): Pipe {
  return new Tunnel(socket, options);
}

class Tunnel implements Pipe {
  readonly #connection: http2.ClientHttp2Session;
  readonly #stream: http2.ClientHttp2Stream;
  readonly #decoder = new FrameDecoder();
  readonly #socket: Socket;
  #receiver: PipeReceiver | undefined;
  #failure: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(socket: Socket, { path, authority, metadata }: TunnelOptions) {
    this.#socket = socket;
    this.#connection = http2.connect(`http://${authority}`, {
      createConnection: () => socket,
      settings: { initialWindowSize: WINDOW_SIZE, enablePush: false },
      maxSessionMemory: 1 << 10,
    });
    this.#connection.once("connect", () => this.#connection.setLocalWindowSize(WINDOW_SIZE));
    this.#stream = this.#connection.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...metadata,
    });
    this.#listen();
  }

  start(receiver: PipeReceiver): void {
    this.#receiver = receiver;
    if (this.#failure !== undefined) receiver.closed(this.#failure);
  }

  write(bytes: Uint8Array): boolean {
    if (this.#failure !== undefined || this.#closing !== undefined) return false;
    let room = true;
    for (let offset = 0; offset < bytes.length; offset += MAX_PIECE) {
      const piece = bytes.subarray(offset, offset + MAX_PIECE);
      this.#stream.write(bytesMessageHeader(piece.length));
      room = this.#stream.write(piece);
    }
    return room;
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  #listen(): void {
    const lost = (why: string) => this.#fail(new RpcError(StatusCode.UNAVAILABLE, why));
    this.#connection.on("error", (error) => this.#fail(error));
    this.#connection.on("close", () => lost("the connection was closed"));
    this.#stream.on("error", (error) => this.#fail(error));
    this.#stream.on("close", () => lost("the daemon ended the session"));
    this.#stream.on("response", (headers) => this.#checkStatus(headers));
    this.#stream.on("trailers", (headers) => this.#checkStatus(headers));
    this.#stream.on("data", (chunk: Uint8Array) => this.#receive(chunk));
    this.#stream.on("drain", () => this.#receiver?.drained());
  }

  #receive(chunk: Uint8Array): void {
    // Whatever still comes while closing is for a session that is over.
    if (this.#closing !== undefined) return;
    try {
      for (const message of this.#decoder.push(chunk)) {
        const data = bytesMessageData(message);
        if (data.length > 0) this.#receiver?.data(data);
      }
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #checkStatus(headers: http2.IncomingHttpHeaders & { ":status"?: number | undefined }): void {
    const status = headers["grpc-status"];
    if (status !== undefined && status !== "0") {
      const text = decodeURIComponent(String(headers["grpc-message"] ?? "no message"));
      this.#fail(new RpcError(Number(status), text));
    } else if (headers[":status"] !== undefined && headers[":status"] !== 200) {
      this.#fail(new RpcError(StatusCode.UNAVAILABLE, `HTTP status ${headers[":status"]}`));
    }
  }

  /** The first error counts; after it, or once closing has begun, the rest are its echoes. */
  #fail(error: Error): void {
    if (this.#failure !== undefined || this.#closing !== undefined) return;
    this.#failure = error;
    this.#destroy();
    this.#receiver?.closed(error);
  }

  #destroy(): void {
    this.#connection.destroy();
    this.#socket.destroy();
  }

  async #close(): Promise<void> {
    const socketClosed = this.#socket.closed ? undefined : once(this.#socket, "close");
    if (this.#failure === undefined) {
      this.#stream.end();
      await this.#peerEnd();
    }
    this.#destroy();
    await socketClosed;
  }

  /** Waits for the daemon to end the call too: it then has taken note of the end, and logs no error. */
  async #peerEnd(): Promise<void> {
    if (this.#stream.closed) return;
    const grace = new AbortController();
    const timer = setTimeout(() => grace.abort(), CLOSE_GRACE_MS);
    try {
      await once(this.#stream, "close", { signal: grace.signal });
    } catch {
      // Either the grace is over or the stream broke: both mean that there is nothing left to wait for.
    } finally {
      clearTimeout(timer);
    }
  }
}
