import type { Io } from "../../src/cli/io.ts";

/** What a command is run with. */
export interface FakeIoOptions {
  env?: Record<string, string>;
  stdin?: string | Uint8Array;
  /** Whether stdout and stderr are terminals. */
  terminal?: boolean;
}

/** An `Io` that keeps what is written, and lets a test interrupt. */
export interface FakeIo extends Io {
  /** What was written to stdout, as text and as bytes, and to stderr. */
  readonly out: () => string;
  readonly err: () => string;
  /** Exit codes of `exit()`. */
  readonly exits: number[];
  interrupt(): void;
  readonly listeners: () => number;
}

export function fakeIo({ env = {}, stdin = "", terminal = false }: FakeIoOptions = {}): FakeIo {
  const written = { out: "", err: "" };
  const exits: number[] = [];
  const listeners = new Set<() => void>();
  const output = (name: "out" | "err") => ({
    write: (text: string) => void (written[name] += text),
    isTerminal: terminal,
    columns: 80,
    rows: 24,
  });
  const bytes = typeof stdin === "string"
    ? new TextEncoder().encode(stdin)
    : Uint8Array.from(stdin);
  const decoder = new TextDecoder();
  const sink = () =>
    new WritableStream<Uint8Array>({
      write: (chunk) => void (written.out += decoder.decode(chunk, { stream: true })),
    });
  return {
    stdout: Object.assign(output("out"), { open: sink }),
    stderr: output("err"),
    readStdin: () => Promise.resolve(new TextDecoder().decode(bytes)),
    stdinIsTerminal: terminal,
    openStdin: () => new Blob([bytes]).stream(),
    env: (name) => env[name],
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exit: (code) => void exits.push(code),
    out: () => written.out,
    err: () => written.err,
    exits,
    interrupt: () => listeners.forEach((listener) => listener()),
    listeners: () => listeners.size,
  };
}
