/** The sending side of fsutil's transfer (fsutil send.go): lists a tree, then serves the files that the receiver lacks. */
import { ProtocolError } from "../errors.ts";
import { type Packet, PacketType } from "../gen/fsutil.ts";
import type { ServerCall } from "../rpc/call.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { FileServer } from "./file_server.ts";
import { OfferedFiles } from "./offered_files.ts";
import { decodePacket } from "./packet.ts";
import { PacketBatch } from "./packet_batch.ts";
import type { FileStat, FileTree } from "./tree.ts";
import { Turns } from "./turns.ts";

/** Entries listed between two looks at the requests and the clock. */
const WALK_STEP = 64;

/** What a receiver takes before it lets us send more keeps a daemon busy for 20 ms: it is to hear from us before that is over. */
const LISTEN_AFTER_MS = 5;

/** How far a transfer has come. */
export interface SendProgress {
  /** Files sent whole. */
  files: number;
  /** Bytes of file content sent. */
  bytes: number;
}

/** Options of {@linkcode sendTree}. */
export interface SendOptions {
  /** Called now and then with the totals so far. */
  onProgress?: (progress: SendProgress) => void;
  /** Called for each file that the receiver asked for, when it has been read whole. */
  onFile?: (file: Pick<FileStat, "path" | "size">) => void;
}

/** What a finished transfer was. */
export interface SendSummary extends SendProgress {
  /** Entries listed. */
  entries: number;
}

/**
 * Sends `entries` of `tree` to the receiver at the other end of `call`, and the content of those that it asks for, while
 * the walk still runs. Returns when the receiver has all it wants; the caller then ends the call.
 *
 * An `undefined` among the entries stands for "none yet": a walk that passes over many files without an entry can give
 * the event loop its turns that way.
 *
 * @throws {FileError} naming the file, if one is not what was listed when it is sent. The receiver is told.
 * @throws {ProtocolError} if the receiver asks for what it cannot ask for, or stops in the middle. It is told, too.
 * @throws {RpcError} if the receiver reports an error. Throws the signal's reason when the call breaks off.
 */
export async function sendTree(
  call: ServerCall,
  entries: Iterable<FileStat | undefined>,
  tree: FileTree,
  options: SendOptions = {},
): Promise<SendSummary> {
  return await new TreeSender(call, entries, tree, options).run();
}

/** One task writes, one listens. They share the fields, and the listener wakes the writer. */
class TreeSender {
  readonly #call: ServerCall;
  readonly #walk: Iterator<FileStat | undefined>;
  readonly #onProgress: SendOptions["onProgress"];
  readonly #batch = new PacketBatch();
  readonly #offered = new OfferedFiles();
  readonly #files: FileServer;
  #walked = false;
  /** The receiver has all it wants. */
  #finished = false;
  /** The last write filled the window. */
  #blocked = false;
  #failure: { error: unknown } | undefined;
  /** There is nobody to tell of a failure: the receiver failed first, or the call broke off. */
  #gone = false;
  #wake: (() => void) | undefined;

  constructor(
    call: ServerCall,
    entries: Iterable<FileStat | undefined>,
    tree: FileTree,
    options: SendOptions,
  ) {
    this.#call = call;
    this.#walk = entries[Symbol.iterator]();
    this.#onProgress = options.onProgress;
    this.#files = new FileServer(tree, this.#batch, options.onFile);
  }

  async run(): Promise<SendSummary> {
    const { signal } = this.#call;
    const onAbort = () => this.#lose(signal.reason);
    signal.addEventListener("abort", onAbort);
    try {
      if (signal.aborted) onAbort();
      void this.#listen();
      await this.#pump();
      return { entries: this.#offered.count, files: this.#files.sent, bytes: this.#files.bytes };
    } catch (error) {
      await this.#tell(error);
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#files.close();
      this.#walk.return?.();
    }
  }

  /** Writes whatever there is to write, until the receiver is done. While a write waits for room the next one is made. */
  async #pump(): Promise<void> {
    const turns = new Turns(LISTEN_AFTER_MS);
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (turns.due()) {
        if (!this.#blocked) this.#flush();
        await turns.take();
      } else if (this.#batch.full || !this.#work()) {
        if (!this.#blocked && this.#batch.length > 0) {
          this.#flush();
          continue;
        }
        if (!this.#blocked && this.#finished) break;
        await this.#woken();
        turns.restart();
      }
    }
    this.#batch.fin();
    this.#flush();
  }

  /** Lists a little and sends a little, so that neither waits for the other. False if there is nothing to do. */
  #work(): boolean {
    const listed = this.#list();
    return this.#files.serve() || listed;
  }

  #list(): boolean {
    if (this.#walked) return false;
    for (let i = 0; i < WALK_STEP && !this.#batch.full; i++) {
      const { done, value } = this.#walk.next();
      if (done) {
        this.#walked = true;
        this.#batch.endOfList();
        break;
      }
      if (value === undefined) break;
      this.#batch.stat(value);
      this.#offered.add(value);
    }
    return true;
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    const room = this.#call.write(this.#batch.take());
    this.#onProgress?.({ files: this.#files.sent, bytes: this.#files.bytes });
    if (room === undefined) return;
    this.#blocked = true;
    room.then(() => {
      this.#blocked = false;
      this.#wake?.();
    }, (error) => this.#lose(error));
  }

  /** Hears requests all the time, also while the writer waits for room: else both sides could wait for each other. */
  async #listen(): Promise<void> {
    try {
      for await (const messages of this.#call.batches) {
        for (const message of messages) this.#receive(decodePacket(message));
        if (this.#finished) return;
        this.#wake?.();
      }
      throw new ProtocolError("The builder ended the file transfer before it was complete");
    } catch (error) {
      if (error instanceof ProtocolError) this.#fail(error);
      else this.#lose(error);
    }
  }

  #receive(packet: Packet): void {
    switch (packet.type) {
      case PacketType.PACKET_REQ:
        return this.#request(packet.id);
      case PacketType.PACKET_FIN:
        return this.#finish();
      case PacketType.PACKET_ERR: {
        const text = new TextDecoder().decode(packet.data);
        throw new RpcError(StatusCode.UNKNOWN, `error from receiver: ${text}`);
      }
      default:
        throw new ProtocolError(
          `The builder sent a packet of type ${packet.type} where it receives`,
        );
    }
  }

  #request(id: number): void {
    const file = this.#offered.claim(id);
    if (file !== undefined) return this.#files.request(file);
    throw new ProtocolError(
      `The builder asked for file ${id}, which is not a listed file or was asked for before`,
    );
  }

  #finish(): void {
    if (!this.#walked || this.#files.busy) {
      throw new ProtocolError("The builder ended the file transfer before it had all it asked for");
    }
    this.#finished = true;
    this.#wake?.();
  }

  /** The first failure counts. */
  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  #lose(error: unknown): void {
    this.#gone = true;
    this.#fail(error);
  }

  /** Tells the receiver why this side gives up, as soon as there is room for it. */
  async #tell(error: unknown): Promise<void> {
    while (this.#blocked && !this.#gone) await this.#woken();
    if (this.#gone) return;
    const farewell = new PacketBatch();
    farewell.error(error instanceof Error ? error.message : String(error));
    // If it cannot be delivered any more, the call's end says the same.
    this.#call.write(farewell.take())?.catch(() => {});
  }

  async #woken(): Promise<void> {
    await new Promise<void>((resolve) => this.#wake = resolve);
    this.#wake = undefined;
  }
}
