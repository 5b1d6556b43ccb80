/** Reads the gRPC calls of an HTTP/2 connection from copies of its bytes, without taking part in it. */
import { Control } from "../../../src/gen/control.ts";
import { LLBBridge } from "../../../src/gen/gateway.ts";
import { bytesMessageData } from "../../../src/rpc/bytes_message.ts";
import { FrameDecoder } from "../../../src/rpc/envelope.ts";
import {
  type Frame,
  FrameReader,
  FrameType,
  uint32,
  unpadded,
} from "../../../src/rpc/http2/frames.ts";
import { type HeaderBlock, HeaderBlocks } from "../../../src/rpc/http2/header_blocks.ts";
import type { MessageType } from "../../../src/rpc/codec.ts";
import { Metadata } from "../../../src/rpc/metadata.ts";
import { statusOf } from "../../../src/rpc/status_headers.ts";
import { newCall, type RecordedCall, type Traffic } from "./recorded_call.ts";

/** What our side allows; the daemon allows less. */
const MAX_FRAME = 1 << 20;

/** Headers that every call has. */
const COMMON_REGEXP = /^:|^(content-type|te|user-agent|grpc-accept-encoding)$/;

/** Methods whose messages are kept. Within a session nothing is: it carries the bulk, and the secrets. */
const KEPT = new Map(
  [...Object.values(Control), ...Object.values(LLBBridge)].map((method) => [method.path, method]),
);

/** One way of a connection. */
interface Direction {
  readonly reader: FrameReader;
  readonly blocks: HeaderBlocks;
}

/** A call, and what is needed to follow it. */
interface Followed {
  readonly call: RecordedCall;
  readonly requests: FrameDecoder;
  readonly responses: FrameDecoder;
  /** For a session: the connection in its tunnel. */
  readonly tunnel: CallSniffer | undefined;
}

/** Told of each message with its call; `from` is the side that sent it. `message` is only good during the call. */
export type OnMessage = (
  call: RecordedCall,
  from: "caller" | "server",
  message: Uint8Array,
) => void;

/** Follows one connection. Throws a `ProtocolError` if its bytes are not gRPC. */
export class CallSniffer {
  readonly #calls: RecordedCall[];
  readonly #onMessage: OnMessage;
  readonly #streams = new Map<number, Followed>();
  readonly #fromCaller: Direction = direction("client");
  readonly #fromServer: Direction = direction("server");

  /** New calls are added to `calls`, in the order in which they begin. Calls within a session are told to `onMessage`, too. */
  constructor(calls: RecordedCall[], onMessage: OnMessage = () => {}) {
    this.#calls = calls;
    this.#onMessage = onMessage;
  }

  /** Takes bytes of the side that makes the calls. */
  caller(bytes: Uint8Array): void {
    this.#read(this.#fromCaller, bytes, {
      begin: (block) => this.#begin(block),
      data: (stream, data) => this.#request(stream, data),
    });
  }

  /** Takes bytes of the side that answers. */
  server(bytes: Uint8Array): void {
    this.#read(this.#fromServer, bytes, {
      begin: (block) => this.#answer(block),
      data: (stream, data) => this.#response(stream, data),
    });
  }

  #read(
    { reader, blocks }: Direction,
    bytes: Uint8Array,
    on: { begin: (block: HeaderBlock) => void; data: (stream: number, data: Uint8Array) => void },
  ): void {
    reader.push(bytes, (frame) => {
      blocks.check(frame);
      if (frame.type === FrameType.DATA) on.data(frame.stream, unpadded(frame).slice());
      else if (frame.type === FrameType.RST_STREAM) this.#reset(frame);
      const block = blockOf(blocks, frame);
      if (block !== undefined) on.begin(block);
    });
  }

  #begin({ stream, fields }: HeaderBlock): void {
    const metadata = fields.filter(([name]) => !COMMON_REGEXP.test(name));
    const call = newCall(new Metadata(fields).get(":path") ?? "", metadata);
    this.#calls.push(call);
    const tunnel = call.path === Control.session.path
      ? new CallSniffer(call.inner, this.#onMessage)
      : undefined;
    const decoders = { requests: new FrameDecoder(), responses: new FrameDecoder() };
    this.#streams.set(stream, { call, tunnel, ...decoders });
  }

  #answer({ stream, fields }: HeaderBlock): void {
    const call = this.#streams.get(stream)?.call;
    const status = statusOf(new Metadata(fields));
    if (call === undefined || status === undefined) return;
    call.status = status === "ok"
      ? { code: 0, message: "" }
      : { code: status.status, message: status.message };
    this.#streams.delete(stream);
  }

  #reset({ stream, payload }: Frame): void {
    const call = this.#streams.get(stream)?.call;
    if (call === undefined) return;
    call.reset = uint32(payload, 0);
    this.#streams.delete(stream);
  }

  #request(stream: number, data: Uint8Array): void {
    const followed = this.#streams.get(stream);
    if (followed === undefined) return;
    const { call, requests, tunnel } = followed;
    for (const message of requests.push(data)) {
      count(call.sent, message);
      this.#onMessage(call, "caller", message);
      // In a session the daemon calls and the client serves.
      if (tunnel !== undefined) tunnel.server(bytesMessageData(message));
      else keep(call.requests, KEPT.get(call.path)?.request, message);
    }
  }

  #response(stream: number, data: Uint8Array): void {
    const followed = this.#streams.get(stream);
    if (followed === undefined) return;
    const { call, responses, tunnel } = followed;
    for (const message of responses.push(data)) {
      count(call.received, message);
      this.#onMessage(call, "server", message);
      if (tunnel !== undefined) tunnel.caller(bytesMessageData(message));
      else keep(call.responses, KEPT.get(call.path)?.response, message);
    }
  }
}

function direction(from: "client" | "server"): Direction {
  return { reader: new FrameReader(MAX_FRAME, from), blocks: new HeaderBlocks() };
}

function blockOf(blocks: HeaderBlocks, frame: Frame): HeaderBlock | undefined {
  if (frame.type === FrameType.HEADERS) return blocks.begin(frame);
  return frame.type === FrameType.CONTINUATION ? blocks.proceed(frame) : undefined;
}

function count(traffic: Traffic, message: Uint8Array): void {
  traffic.messages++;
  traffic.bytes += message.length;
}

function keep(
  messages: unknown[],
  type: MessageType<unknown> | undefined,
  message: Uint8Array,
): void {
  if (type !== undefined) messages.push(type.decode(message));
}
