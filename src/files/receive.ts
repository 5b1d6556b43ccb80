/** Receiving a file tree: fsutil's receiver (receive.go, rootdiskwriter.go). */
import { ProtocolError } from "../errors.ts";
import { Packet, PacketType, type Stat } from "../gen/fsutil.ts";
import type { ServerCall } from "../rpc/call.ts";
import { envelope } from "../rpc/envelope.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import type { Confinement } from "./confinement.ts";
import { Destination } from "./destination.ts";
import { EntryOrder } from "./entry_order.ts";
import { isDirectory } from "./mode.ts";
import { decodePacket } from "./packet.ts";
import { RequestQueue } from "./request_queue.ts";
import { privilegesOf } from "./privileges.ts";
import { TreeWriter } from "./tree_writer.ts";
import { Turns } from "./turns.ts";

/** How much of a tree has arrived. */
export interface TreeSummary {
  /** Files, directories and everything else. */
  entries: number;
  /** Bytes of file content. */
  bytes: number;
}

/** Told of something that the daemon sent and that is not written; `asked` completes "the builder asked for". */
export type OnRefused = (asked: string, why: string) => void;

/** Options of {@linkcode receiveTree}. */
export interface ReceiveTreeOptions {
  /** Remove everything from the destination that is not part of the tree, once the tree is complete. @default false */
  removeOthers?: boolean;
  /** Keep set-user-ID and set-group-ID bits, and make devices. @default false */
  privileged?: boolean;
  /** Told of what is not written for lack of `privileged`. */
  onRefused?: OnRefused;
  /** How the writer is kept inside. @default as well as this system can */
  confine?: (root: string) => Confinement;
  /** Called now and then while the tree arrives. */
  onProgress?: (progress: Readonly<TreeSummary>) => void;
}

/**
 * Writes the tree that the daemon sends on `call` into the folder `destination`, which is made if missing. What is there
 * already stays, unless an entry of the tree has its name. Several trees may be received into one folder at the same time.
 *
 * Throws a `FileError` that names the entry that could not be written, a `ProtocolError` if the daemon breaks the protocol
 * or the stream ends early, an `RpcError` with what the daemon reports. Files that are not complete are then removed.
 */
export async function receiveTree(
  call: ServerCall,
  destination: string,
  options: ReceiveTreeOptions = {},
): Promise<TreeSummary> {
  const receiver = new TreeReceiver(call, destination, options);
  try {
    await receiver.run();
    return receiver.summary;
  } catch (error) {
    receiver.fail(error);
    throw error;
  } finally {
    receiver.close();
  }
}

class TreeReceiver {
  readonly summary: TreeSummary = { entries: 0, bytes: 0 };
  readonly #call: ServerCall;
  readonly #order = new EntryOrder();
  readonly #requests: RequestQueue;
  readonly #writer: TreeWriter;
  readonly #removeOthers: boolean;
  readonly #onProgress: (progress: Readonly<TreeSummary>) => void;
  /** The list of entries has ended. */
  #listed = false;
  /** Everything is on disk, and the daemon was told. */
  #finished = false;

  constructor(call: ServerCall, destination: string, options: ReceiveTreeOptions) {
    this.#call = call;
    this.#requests = new RequestQueue(call);
    this.#writer = new TreeWriter(
      Destination.open(destination, options.confine),
      privilegesOf(destination, options),
    );
    this.#removeOthers = options.removeOthers ?? false;
    this.#onProgress = options.onProgress ?? (() => {});
  }

  async run(): Promise<void> {
    try {
      await this.#receive();
    } catch (error) {
      // The daemon lets go of the call as soon as it knows that we have everything; its own FIN may be lost in that.
      if (!this.#finished || !this.#call.signal.aborted) throw error;
    }
    if (!this.#finished) throw this.#endedEarly();
  }

  /** Takes packets until the daemon confirms the end, or the stream ends. */
  async #receive(): Promise<void> {
    const turns = new Turns();
    for await (const batch of this.#call.batches) {
      for (const message of batch) {
        if (this.#take(message)) return;
        if (turns.due()) await this.#pause(turns);
      }
      this.#onProgress(this.summary);
      if (this.#listed && !this.#finished && this.#writer.complete) await this.#finish(turns);
    }
  }

  /** Takes one packet; true for the one that ends the transfer. */
  #take(message: Uint8Array): boolean {
    const packet = decodePacket(message);
    switch (packet.type) {
      case PacketType.PACKET_DATA:
        this.#takeData(packet.id, packet.data);
        return false;
      case PacketType.PACKET_STAT:
        this.#takeStat(packet.stat);
        return false;
      case PacketType.PACKET_ERR:
        throw new RpcError(
          StatusCode.UNKNOWN,
          `error from sender: ${new TextDecoder().decode(packet.data)}`,
        );
      case PacketType.PACKET_FIN:
        if (!this.#finished) throw this.#endedEarly();
        return true;
      default:
        throw new ProtocolError(`The builder sent a packet of the unknown type ${packet.type}`);
    }
  }

  #takeData(id: number, content: Uint8Array): void {
    this.#writer.write(id, content);
    this.summary.bytes += content.length;
  }

  /** An absent stat ends the list. */
  #takeStat(stat: Stat | undefined): void {
    if (this.#listed) {
      throw new ProtocolError("The builder sent an entry after the end of the list");
    }
    if (stat === undefined) {
      this.#listed = true;
      return;
    }
    // Every entry counts, whatever its kind.
    const id = this.summary.entries++;
    this.#order.check(stat.path, isDirectory(stat.mode));
    if (this.#writer.add(id, stat)) this.#requests.push(id);
  }

  async #finish(turns: Turns): Promise<void> {
    for (const _ of this.#writer.finish(this.#removeOthers)) {
      if (turns.due()) await this.#pause(turns);
    }
    this.#writer.settle();
    this.#finished = true;
    this.#requests.finish(envelope(Packet.encode({ type: PacketType.PACKET_FIN })));
  }

  async #pause(turns: Turns): Promise<void> {
    this.#writer.settle();
    await turns.take();
  }

  close(): void {
    this.#writer.close();
  }

  /** Cleans up after `error` and tells the daemon. */
  fail(error: unknown): void {
    this.#writer.discard();
    const text = error instanceof Error ? error.message : String(error);
    const data = new TextEncoder().encode(text);
    this.#requests.fail(envelope(Packet.encode({ type: PacketType.PACKET_ERR, data })));
  }

  #endedEarly(): ProtocolError {
    const { entries, bytes } = this.summary;
    return new ProtocolError(
      `The builder ended an export before it was complete, after ${entries} entries and ${bytes} bytes`,
    );
  }
}
