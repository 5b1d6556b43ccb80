/**
 * The byte stream of a program that relays a daemon's socket on its standard streams: `buildctl dial-stdio`, wherever it runs.
 * Nothing but HTTP/2 may come from it. What else comes is what the program, or whoever starts it, has to say.
 */
import { Duplex, type Writable } from "node:stream";
import { concat } from "../rpc/concat.ts";

/** The program, as the stream sees it. */
export interface StdioProgram {
  readonly stdin: Writable;
  /** Stops and resumes what comes from the program. */
  setPaused(paused: boolean): void;
  /** Ends the program, or its connection; resolves when it is gone. Idempotent. */
  stop(): Promise<void>;
  /** Why the program is over, given what it said; called once, when it is. */
  explain(words: string, served: boolean): Promise<Error>;
}

/** How much of what a program says is kept for the error. */
const LAST_WORDS = 2_000;
/** The type of the frame that a daemon begins with (RFC 9113, 3.4), and where it says so. */
const [SETTINGS, TYPE_AT] = [4, 3];

/** See above. Whoever has the program feeds it; whoever dialed reads and writes it. */
export class StdioStream extends Duplex {
  readonly #program: StdioProgram;
  readonly #decoder = new TextDecoder();
  /** Whether it is a daemon that speaks; undefined until the first bytes, which are kept until then, show it. */
  #served: boolean | undefined;
  #head: Uint8Array = new Uint8Array();
  #words = "";

  constructor(program: StdioProgram) {
    super({ highWaterMark: 1 << 20 });
    this.#program = program;
    // What is wrong with the program's input shows in the stream's end, and that to whoever uses the stream then.
    program.stdin.on("error", () => {});
    this.on("error", () => {});
  }

  /** Takes what came from the program's standard output. */
  heard(bytes: Uint8Array): void {
    if (this.destroyed) return;
    let news = bytes;
    if (this.#served === undefined) {
      news = this.#head = concat([this.#head, bytes]);
      if (news.length <= TYPE_AT) return;
      this.#served = news[TYPE_AT] === SETTINGS;
      this.#head = new Uint8Array();
    }
    if (this.#served) {
      if (!this.push(news)) this.#program.setPaused(true);
      return;
    }
    this.overheard(news);
    // Frames after words: a shell's greeting came first, for one, and nobody can speak HTTP/2 after that.
    if (news.includes(0)) void this.#program.stop();
  }

  /** Takes what came from the program's standard error. */
  overheard(bytes: Uint8Array): void {
    this.#words = (this.#words + this.#decoder.decode(bytes, { stream: true })).slice(-LAST_WORDS);
  }

  /** To be called when nothing more will come. */
  async over(): Promise<void> {
    if (this.destroyed) return;
    if (this.writableEnded) {
      // As was asked for.
      this.push(null);
      this.destroy();
      return;
    }
    this.overheard(this.#head);
    // deno-lint-ignore no-control-regex
    const words = this.#words.replace(/\x00.*/s, "").trim();
    this.destroy(await this.#program.explain(words, this.#served === true));
  }

  override _read(): void {
    this.#program.setPaused(false);
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    // A failed write is followed by the program's end, which says more.
    this.#program.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#program.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#program.stop().then(() => done(error), done);
  }
}
