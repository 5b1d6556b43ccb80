/** The daemon's side of a session: it calls what the client serves, well-formed or not. */
import { Packet, PacketType, type Stat } from "../../src/gen/fsutil.ts";
import { FileSend, FileSync } from "../../src/gen/filesync.ts";
import { bytesMessageData, bytesMessageHeader } from "../../src/rpc/bytes_message.ts";
import type { ServerCall } from "../../src/rpc/call.ts";
import { concat } from "../../src/rpc/concat.ts";
import { envelope, FrameDecoder } from "../../src/rpc/envelope.ts";
import { Connection } from "../../src/rpc/http2/connection.ts";
import type { HeaderField } from "../../src/rpc/http2/hpack.ts";
import type { Http2Stream, StreamListener } from "../../src/rpc/http2/stream.ts";
import { Metadata } from "../../src/rpc/metadata.ts";
import type { Method } from "../../src/rpc/method.ts";
import { RpcError, StatusCode } from "../../src/rpc/status.ts";
import { statusOf } from "../../src/rpc/status_headers.ts";
import { END, type Entry, FIN, stat } from "./scripted_sender.ts";

const { PACKET_STAT, PACKET_REQ, PACKET_DATA, PACKET_FIN } = PacketType;

/** A header's value, or several. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** One session of a client. */
export class HostileSession {
  /** What the client advertises. */
  readonly metadata: Metadata;
  /** Everything that the client sent through the tunnel. */
  readonly received: Uint8Array[] = [];
  readonly #tunnel: ServerCall;
  readonly #connection: Connection;
  #over: Error | undefined;

  constructor(tunnel: ServerCall) {
    this.metadata = tunnel.metadata;
    this.#tunnel = tunnel;
    this.#connection = new Connection({
      role: "client",
      write: (bytes) => this.raw(bytes),
      onError: (error) => this.#over ??= error,
    });
  }

  /** Carries the client's bytes until it ends the session. */
  async run(): Promise<void> {
    try {
      for await (const batch of this.#tunnel.batches) {
        for (const message of batch) {
          const bytes = bytesMessageData(message).slice();
          this.received.push(bytes);
          this.#connection.receive(bytes);
        }
      }
    } catch (error) {
      // The client broke the tunnel off.
      if (!(error instanceof Error)) throw error;
    } finally {
      this.#over ??= new Error("the client ended the session");
      this.#connection.close(this.#over);
    }
  }

  /** Sends bytes as they are. False if the client should be given time to read. */
  raw(...parts: Uint8Array[]): boolean {
    if (this.#tunnel.signal.aborted) return false;
    const bytes = concat(parts);
    return this.#tunnel.write(concat([bytesMessageHeader(bytes.length), bytes])) === undefined;
  }

  /** As {@linkcode raw}, and waits for room; false once the client is gone. */
  async flood(...parts: Uint8Array[]): Promise<boolean> {
    const bytes = concat(parts);
    try {
      await this.#tunnel.write(concat([bytesMessageHeader(bytes.length), bytes]));
    } catch (error) {
      if (error instanceof RpcError || this.#tunnel.signal.aborted) return false;
      throw error;
    }
    return !this.#tunnel.signal.aborted;
  }

  /** Opens a call. */
  open(path: string, fields: Fields = {}): HostileCall {
    if (this.#over !== undefined) throw this.#over;
    const values = Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((one): HeaderField => [name, one])
    );
    const call = new HostileCall((listener) =>
      this.#connection.open([
        [":method", "POST"],
        [":scheme", "http"],
        [":path", path],
        [":authority", "localhost"],
        ["content-type", "application/grpc"],
        ["te", "trailers"],
        ...values,
      ], listener)
    );
    return call;
  }

  /** A call with one request and one answer. Throws its status, an `RpcError`, if that is not OK. */
  async unary<Q, S>(method: Method<Q, S>, request: Partial<Q>, fields: Fields = {}): Promise<S> {
    const call = this.open(method.path, fields);
    call.send(method.request.encode(request));
    call.end();
    const [answer] = await call.rest();
    return method.response.decode(answer ?? new Uint8Array());
  }

  /** Asks for a folder. */
  diffCopy(fields: Fields): HostileCall {
    return this.open(FileSync.diffCopy.path, fields);
  }

  /** Sends a tree as a local output; what is requested is sent. Resolves when the client has said its last word. */
  async sendTree(entries: readonly Entry[], fields: Fields = {}): Promise<void> {
    const call = this.open(FileSend.diffCopy.path, fields);
    for (const entry of entries) call.packet(stat(entry));
    call.packet(END);
    for (;;) {
      const packet = await call.nextPacket();
      if (packet === undefined) return;
      if (packet.type === PACKET_FIN) call.packet(FIN);
      if (packet.type !== PACKET_REQ) continue;
      const content = entries[packet.id]?.content ?? "";
      const data = typeof content === "string" ? new TextEncoder().encode(content) : content;
      if (data.length > 0) call.packet({ type: PACKET_DATA, id: packet.id, data });
      call.packet({ type: PACKET_DATA, id: packet.id });
    }
  }

  /** Takes a whole folder: its entries, and the content of its files by path. */
  async takeTree(fields: Fields): Promise<{ stats: Stat[]; content: Map<string, string> }> {
    const call = this.diffCopy(fields);
    const stats: Stat[] = [];
    const content = new Map<string, string>();
    let listed = false;
    let wanted = 0;
    for (;;) {
      const packet = await call.nextPacket();
      if (packet === undefined) return { stats, content };
      if (packet.type === PACKET_STAT && packet.stat === undefined) listed = true;
      else if (packet.type === PACKET_STAT) {
        const stat = packet.stat!;
        if (isFile(stat)) {
          wanted++;
          call.packet({ type: PACKET_REQ, id: stats.length });
        }
        stats.push(stat);
      } else if (packet.type === PACKET_DATA) {
        const { path } = stats[packet.id]!;
        content.set(path, (content.get(path) ?? "") + new TextDecoder().decode(packet.data));
        if (packet.data.length === 0) wanted--;
      }
      if (listed && wanted === 0) {
        wanted = -1;
        call.packet(FIN);
      }
    }
  }
}

function isFile({ mode, linkname }: Stat): boolean {
  return (mode & 0x8f280000) === 0 && linkname === "";
}

/** A call into the client. */
export class HostileCall {
  readonly #stream: Http2Stream;
  readonly #decoder = new FrameDecoder();
  readonly #messages: Uint8Array[] = [];
  #status: RpcError | "ok" | undefined;
  #wake = () => {};
  #room = true;

  constructor(open: (listener: StreamListener) => Http2Stream) {
    this.#stream = open({
      headers: (fields) => this.#settle(statusOf(new Metadata(fields))),
      data: (bytes) => this.#take(bytes),
      end: () => this.#settle(new RpcError(StatusCode.UNAVAILABLE, "ended without a status")),
      broken: (error) => this.#settle(new RpcError(StatusCode.UNAVAILABLE, error.message)),
      drained: () => {
        this.#room = true;
        this.#wake();
      },
    });
  }

  /** The stream's number, for raw frames. */
  get id(): number {
    return this.#stream.id;
  }

  /** Whether the client takes more. */
  get writable(): boolean {
    return this.#room && this.#status === undefined;
  }

  /** Waits until the client takes more; false if it never will. */
  async drained(): Promise<boolean> {
    while (!this.#room && this.#status === undefined) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.#status === undefined;
  }

  send(message: Uint8Array): this {
    this.#room = this.#stream.write(envelope(message));
    return this;
  }

  /** Sends bytes that need be no messages. */
  sendRaw(bytes: Uint8Array): boolean {
    return this.#stream.write(bytes);
  }

  packet(packet: Partial<Packet>): this {
    return this.send(Packet.encode(packet));
  }

  end(): this {
    this.#stream.end();
    return this;
  }

  reset(): void {
    this.#stream.reset(8);
  }

  /** The next message; undefined after the last one of a call that ended well. Throws the status of any other. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.#status === "ok") return undefined;
      if (this.#status !== undefined) throw this.#status;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  async nextPacket(): Promise<Packet | undefined> {
    const message = await this.next();
    return message && Packet.decode(message);
  }

  /** All messages that are left. */
  async rest(): Promise<Uint8Array[]> {
    const messages: Uint8Array[] = [];
    for (let one = await this.next(); one !== undefined; one = await this.next()) {
      messages.push(one);
    }
    return messages;
  }

  /** Waits for the end, whatever it is. */
  async over(): Promise<number> {
    try {
      await this.rest();
      return StatusCode.OK;
    } catch (error) {
      if (error instanceof RpcError) return error.status;
      throw error;
    }
  }

  #take(bytes: Uint8Array): void {
    this.#stream.consume(bytes.length);
    this.#messages.push(...this.#decoder.push(bytes.slice()));
    this.#wake();
  }

  #settle(status: RpcError | "ok" | undefined): void {
    this.#status ??= status;
    this.#wake();
  }
}
