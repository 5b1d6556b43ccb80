/** A call whose peer is a script: the daemon's side of a stream, without a connection. */
import { Packet, PacketType } from "../../src/gen/fsutil.ts";
import type { ServerCall } from "../../src/rpc/call.ts";
import { FrameDecoder } from "../../src/rpc/envelope.ts";
import { Metadata } from "../../src/rpc/metadata.ts";

/** What a script does with a packet it receives. */
export type OnPacket = (packet: Packet, call: ScriptedCall) => void;

/** Batches are what `push` is given; packets that are written reach `onPacket` at once, or when `blocked` is lifted. */
export class ScriptedCall implements ServerCall {
  readonly path = "/moby.filesync.v1.FileSend/DiffCopy";
  readonly metadata: Metadata;
  /** All packets the code under test sent. */
  readonly sent: Packet[] = [];
  readonly #abort = new AbortController();
  readonly #decoder = new FrameDecoder();
  readonly #onPacket: OnPacket;
  readonly #queue: Uint8Array[][] = [];
  #ended = false;
  /** Everything that was pushed was taken, and more is waited for. */
  idle = false;
  #failure: Error | undefined;
  #wake = () => {};
  #held: { frames: Uint8Array; release: () => void; reject: (error: Error) => void } | undefined;
  /** While true, writes are accepted but stay under way. */
  blocked = false;

  constructor(onPacket: OnPacket = () => {}, metadata: Array<[string, string]> = []) {
    this.#onPacket = onPacket;
    this.metadata = new Metadata(metadata);
  }

  /** Batches that were pushed and not yet taken. */
  get waiting(): number {
    return this.#queue.length;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Sends messages, as one batch. */
  push(...batch: Uint8Array[]): void {
    this.#queue.push(batch);
    this.#wake();
  }

  /** Sends packets, as one batch. */
  packets(...packets: Array<Partial<Packet>>): void {
    this.push(...packets.map((packet) => Packet.encode(packet)));
  }

  /** Half-closes. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Resets the call. */
  break(error: Error = new Error("reset by peer")): void {
    this.#failure = error;
    this.#held?.reject(error);
    this.#abort.abort(error);
    this.#wake();
  }

  readonly batches: AsyncIterable<Uint8Array[]> = {
    [Symbol.asyncIterator]: () => ({ next: () => this.#next() }),
  };

  async #next(): Promise<IteratorResult<Uint8Array[], undefined>> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const batch = this.#queue.shift();
      if (batch !== undefined) return { done: false, value: batch };
      if (this.#ended) return { done: true, value: undefined };
      this.idle = true;
      await new Promise<void>((resolve) => this.#wake = resolve);
      this.idle = false;
    }
  }

  write(frames: Uint8Array): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#held !== undefined) throw new Error("written although there was no room");
    if (!this.blocked) {
      this.#deliver(frames);
      return undefined;
    }
    return new Promise((resolve, reject) => {
      this.#held = { frames, release: resolve, reject };
    });
  }

  /** Lets what was written under `blocked` through. */
  unblock(): void {
    this.blocked = false;
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    this.#deliver(held.frames);
    held.release();
  }

  #deliver(frames: Uint8Array): void {
    for (const message of this.#decoder.push(frames)) {
      const packet = Packet.decode(message);
      this.sent.push(packet);
      this.#onPacket(packet, this);
    }
  }

  /** The text of the error packet that was sent, if any. */
  get reportedError(): string | undefined {
    const packet = this.sent.find(({ type }) => type === PacketType.PACKET_ERR);
    return packet && new TextDecoder().decode(packet.data);
  }
}
