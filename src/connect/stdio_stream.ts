/**
 * The byte stream of a program that relays a daemon's socket on its standard streams: `buildctl dial-stdio`, wherever it runs.
 * Nothing but HTTP/2 may come from it. What else comes is what the program, or whoever starts it, has to say.
 */
import { Duplex, type Writable } from "node:stream";

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
  /** Undefined until the first bytes show it. */
  #served: boolean | undefined;
  #words = "";

  constructor(program: StdioProgram) {
    super({ highWaterMark: 1 << 20 });
    this.#program = program;
    // What is wrong with it shows in the stream's own end.
    program.stdin.on("error", () => {});
  }

  /** Takes what came from the program's standard output. */
  heard(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.destroyed) return;
    // A frame's header never comes split in practice, and a split one fails with its bytes in the message.
    this.#served ??= bytes[TYPE_AT] === SETTINGS;
    if (this.#served) {
      if (!this.push(bytes)) this.#program.setPaused(true);
      return;
    }
    this.overheard(bytes);
    // Bytes after the words: a shell's greeting in front of HTTP/2, for one, which makes it useless.
    if (bytes.includes(0)) void this.#program.stop();
  }

  /** Takes what came from the program's standard error. */
  overheard(bytes: Uint8Array): void {
    this.#words = (this.#words + this.#decoder.decode(bytes, { stream: true })).slice(-LAST_WORDS);
  }

  /** To be called when nothing more will come. */
  async over(): Promise<void> {
    if (this.destroyed) return;
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
