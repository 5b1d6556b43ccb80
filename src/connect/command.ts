/** Ways to a daemon by a helper program of the user's: `ssh` and `kubectl`. Never by a shell on this side. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Duplex, Readable, Writable } from "node:stream";
import { ConnectionError, type ConnectionErrorCode } from "../errors.ts";
import { runWith } from "../runtime/refusal.ts";
import { socketPipe } from "../rpc/socket_pipe.ts";
import type { PodAddress, SshHostAddress } from "./builder_address.ts";
import type { DialOptions } from "./dial.ts";
import { connectionError } from "./failure.ts";
import { diagnoseStream } from "./probe.ts";
import { StdioStream } from "./stdio_stream.ts";
import type { Transport } from "./transport.ts";

/** A program to start. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** How long a program may take to end when asked to, in milliseconds. */
const STOP_GRACE_MS = 2_000;

/** What buildctl is asked to do: to relay the daemon's socket. */
const DIAL_STDIO = "dial-stdio";

/** The program for an address (client/connhelper/ssh, client/connhelper/kubepod). */
export function commandOf(address: PodAddress | SshHostAddress): Command {
  return address.scheme === "ssh" ? sshCommand(address) : kubectlCommand(address);
}

function sshCommand({ user, host, port, socket }: SshHostAddress): Command {
  const daemon = socket === undefined ? [] : ["--addr", forShell(`unix://${socket}`)];
  const login = [
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
  ];
  return {
    program: "ssh",
    args: ["-T", ...login, "--", host, "buildctl", ...daemon, DIAL_STDIO],
  };
}

function kubectlCommand({ pod, context, namespace, container }: PodAddress): Command {
  const flag = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`--${name}=${value}`];
  return {
    program: "kubectl",
    args: [
      ...[...flag("context", context), ...flag("namespace", namespace), "exec"],
      ...[...flag("container", container), "-i", pod, "--", "buildctl", DIAL_STDIO],
    ],
  };
}

/** sshd gives the far side's shell one line; what could mean something there is quoted. */
function forShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The way to a daemon by a program that relays it; one program for each connection. */
export function commandTransport(address: { readonly text: string }, command: Command): Transport {
  const dial = (options: DialOptions = {}) => start(address, command, options.signal);
  return {
    address,
    authority: "localhost",
    dial: async (options) => socketPipe(await dial(options)),
    dialStream: dial,
    diagnose: (options) => diagnoseStream(address, dial, options),
  };
}

/** Resolves when the program runs; whether it gets anywhere shows in its stream. */
async function start(
  address: { readonly text: string },
  { program, args }: Command,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  signal?.throwIfAborted();
  try {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", () => resolve());
      child.once("error", reject);
    });
    return relay(address, program, child);
  } catch (error) {
    throw cannotStart(address, program, error);
  }
}

function relay({ text }: { readonly text: string }, program: string, child: Child): Duplex {
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stream = new StdioStream({
    stdin: child.stdin,
    setPaused: (paused) => void (paused ? child.stdout.pause() : child.stdout.resume()),
    stop: () => stop(child, gone),
    explain: (words, served) => {
      const { exitCode, signalCode } = child;
      // It was the daemon that hung up.
      if (served && exitCode === 0) {
        return Promise.resolve(connectionError("CONNECTION_LOST", { text }));
      }
      const how = signalCode === null ? `with code ${exitCode}` : `by ${signalCode}`;
      return Promise.resolve(programEnded(text, `${program} ended ${how}`, words, served));
    },
  });
  child.stdout.on("data", (bytes: Uint8Array) => stream.heard(bytes));
  child.stderr.on("data", (bytes: Uint8Array) => stream.overheard(bytes));
  child.once("close", () => void stream.over());
  return stream;
}

async function stop(child: Child, gone: Promise<void>): Promise<void> {
  child.stdin.destroy();
  // It may be paused, and what is not read keeps it from being closed.
  child.stdout.resume();
  child.kill();
  const insist = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
  await gone;
  clearTimeout(insist);
}

/** The error for a relaying program that is over; `how` says which and how it ended. */
export function programEnded(
  text: string,
  how: string,
  words: string,
  served: boolean,
): ConnectionError {
  const said = words === "" ? ", without a word" : `. It said: ${words}`;
  return served
    ? new ConnectionError("CONNECTION_LOST", text, `Lost the connection to ${text}: ${how}${said}`)
    : new ConnectionError(
      "COMMAND_FAILED",
      text,
      `Cannot connect to ${text}: ${how}${said}\nCheck that buildkitd runs there and that buildctl is on the PATH`,
    );
}

function cannotStart(
  { text }: { readonly text: string },
  program: string,
  error: unknown,
): ConnectionError {
  const { code, name, message } = error as NodeJS.ErrnoException;
  const cannot = (reason: ConnectionErrorCode, problem: string) =>
    new ConnectionError(reason, text, `Cannot connect to ${text}: ${problem}`, error);
  if (name === "NotCapable") {
    return cannot("PERMISSION_MISSING", runWith(`--allow-run=${program} --allow-env`));
  }
  if (code === "ENOENT") {
    const problem = `there is no ${program} on PATH. Install it, or use an address without it`;
    return cannot("COMMAND_NOT_FOUND", problem);
  }
  return cannot("COMMAND_FAILED", `${program} can't be started: ${message}`);
}
