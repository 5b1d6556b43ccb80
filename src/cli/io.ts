/** The process that a command runs in, as commands see it. */
import { readEnvironment } from "../environment.ts";
import { FileError } from "../errors.ts";
import type { Output } from "../progress/display.ts";
import { concat } from "../rpc/concat.ts";
import { deno } from "../runtime/deno.ts";
import { denoInterrupts, denoOutput } from "./deno_io.ts";

/** Everything that a command may read and write; tests bring their own. */
export interface Io {
  readonly stdout: Output & {
    /** Opens it for the bytes of one output. */
    open(): WritableStream<Uint8Array>;
  };
  readonly stderr: Output;
  /** Standard input to its end, as text. */
  readStdin(): Promise<string>;
  /** Whether standard input is a terminal, so that reading would wait for somebody to type. */
  readonly stdinIsTerminal: boolean;
  /** Standard input as bytes, as fast as they are taken. Canceling closes it. */
  openStdin(): ReadableStream<Uint8Array>;
  env(name: string): string | undefined;
  /** Calls `listener` for each SIGINT and SIGTERM until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** The real process, as a command's end finds it. */
export interface ProcessIo extends Io {
  /**
   * Ends the process with an exit code, once what was written is written. A read of standard input may still be under way,
   * which Deno can't cancel, and would keep the process until somebody types.
   */
  end(code: number): Promise<void>;
}

type Signal = "SIGINT" | "SIGTERM";
const SIGNALS: readonly Signal[] = ["SIGINT", "SIGTERM"];

/** The real process. What Node has of it is looked up when it is needed: under Deno that takes long to load. */
export function processIo(): ProcessIo {
  let left = false;
  let opened = false;
  const open = () => {
    opened = true;
    return byteSink(globalThis.process.stdout);
  };
  return {
    stdout: Object.assign(output("stdout"), { open }),
    stderr: output("stderr"),
    readStdin,
    get stdinIsTerminal() {
      return Boolean(globalThis.process.stdin.isTTY);
    },
    openStdin: () => byteSource(globalThis.process.stdin, () => left = true),
    async end(code) {
      // Text is written at once under Deno, and taking the runtime down in order takes it as long as a tenth of a small build.
      if (deno !== undefined && !left && !opened) deno.exit(code);
      const { process } = globalThis;
      process.exitCode = code;
      if (!left) return;
      await Promise.all([process.stdout, process.stderr].map(written));
      process.exit();
    },
    env: readEnvironment,
    onInterrupt: (listener) => {
      if (deno !== undefined && deno.build.os !== "windows") {
        return denoInterrupts(deno, SIGNALS, listener);
      }
      const { process } = globalThis;
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => SIGNALS.forEach((signal) => process.off(signal, listener));
    },
    exit: (code) => deno === undefined ? globalThis.process.exit(code) : deno.exit(code),
  };
}

function output(name: "stdout" | "stderr"): Output {
  return deno === undefined ? nodeOutput(globalThis.process[name]) : denoOutput(deno, deno[name]);
}

function nodeOutput(stream: NodeJS.WriteStream): Output {
  // Whoever read it is gone. What was to be shown has no reader any more, and the build is worth more than its display.
  stream.on("error", () => {});
  return {
    write: (text) => void stream.write(text),
    isTerminal: Boolean(stream.isTTY),
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
  };
}

/** A stream that waits for each chunk to be taken, and fails when it is not. */
function byteSink(stream: NodeJS.WriteStream): WritableStream<Uint8Array> {
  // Each write tells of its own failure; without a listener it would end the process, too.
  stream.on("error", () => {});
  return new WritableStream({
    write: (chunk) =>
      new Promise((resolve, reject) => {
        stream.write(chunk, (error) => error ? reject(stdoutError(error)) : resolve());
      }),
  });
}

/** A stream that reads on when a chunk was taken. */
function byteSource(
  stream: NodeJS.ReadStream,
  onLeft: () => void,
): ReadableStream<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array);
    },
    cancel() {
      onLeft();
      stream.destroy();
    },
  }, { highWaterMark: 0 });
}

/** Resolves when all that was written before is out, or can't be any more. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

function stdoutError(cause: Error): FileError {
  const gone = (cause as NodeJS.ErrnoException).code === "EPIPE";
  const reason = gone ? "whoever read it has stopped reading" : cause.message;
  return new FileError("FILE_UNWRITABLE", "stdout", `Cannot write to stdout: ${reason}`, cause);
}

async function readStdin(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of globalThis.process.stdin) chunks.push(chunk as Uint8Array);
  return new TextDecoder().decode(concat(chunks));
}
